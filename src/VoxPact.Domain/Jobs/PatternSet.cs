using System.Globalization;
using System.Text;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// A set of code points that one place of a pattern accepts: a literal, <c>.</c>, an escape or a class in
/// brackets.
/// .NET matches UTF-16 units, so code points above U+FFFF are written out as pairs of them.
/// </summary>
internal sealed class PatternSet
{
    private const int Last = 0x10FFFF;
    private static readonly (int, int)[] Digits = [('0', '9')];
    private static readonly (int, int)[] Word = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
    private static readonly (int, int)[] LineEnds = [('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)];
    private static readonly (int, int)[] Space =
    [
        (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
        (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
    ];

    private readonly List<(int From, int To)> _ranges = [];
    private readonly List<string> _categories = [];
    private bool _negated;

    /// <summary>
    /// Reads one atom that is no group at <paramref name="at"/>; null with the fault when there is none.
    /// </summary>
    public static PatternSet? ReadAtom(string source, ref int at, out string? error)
    {
        var set = new PatternSet();
        error = null;
        char c = source[at];
        if (c == '[')
        {
            at++;
            error = set.ReadClass(source, ref at);
        }
        else if (c == '.')
        {
            at++;
            set._ranges.AddRange(Complement(LineEnds));
        }
        else
        {
            error = set.ReadMember(source, ref at, out int point);
            if (point >= 0) set._ranges.Add((point, point));
        }
        return error is null ? set : null;
    }

    private string? ReadClass(string source, ref int at)
    {
        if (at < source.Length && source[at] == '^')
        {
            _negated = true;
            at++;
        }
        while (at < source.Length && source[at] != ']')
        {
            if (ReadMember(source, ref at, out int from) is { } fault) return fault;
            bool range = at + 1 < source.Length && source[at] == '-' && source[at + 1] != ']';
            if (!range)
            {
                if (from >= 0) _ranges.Add((from, from));
                continue;
            }
            at++;
            if (ReadMember(source, ref at, out int to) is { } inRange) return inRange;
            if (from < 0 || to < from) return "has a range in brackets that is not two characters in order";
            _ranges.Add((from, to));
        }
        if (at >= source.Length) return "opens a bracket that is never closed";
        at++;
        return null;
    }

    /// <summary>
    /// Reads one character or escape: a single code point into <paramref name="point"/>, or a set (then −1).
    /// </summary>
    private string? ReadMember(string source, ref int at, out int point)
    {
        point = -1;
        if (source[at] != '\\')
        {
            bool pair = char.IsSurrogatePair(source, at);
            point = pair ? char.ConvertToUtf32(source, at) : source[at];
            at += pair ? 2 : 1;
            return null;
        }
        if (++at >= source.Length) return "ends in a lone backslash";
        char c = source[at++];
        switch (c)
        {
            case 'd': _ranges.AddRange(Digits); return null;
            case 'D': _ranges.AddRange(Complement(Digits)); return null;
            case 'w': _ranges.AddRange(Word); return null;
            case 'W': _ranges.AddRange(Complement(Word)); return null;
            case 's': _ranges.AddRange(Space); return null;
            case 'S': _ranges.AddRange(Complement(Space)); return null;
            case 'p' or 'P': return ReadCategory(source, ref at, c);
        }
        point = c switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'b' => '\b',
            '0' when at >= source.Length || !char.IsAsciiDigit(source[at]) => 0,
            'c' when at < source.Length && char.IsAsciiLetter(source[at]) => source[at++] % 32,
            'x' => ReadHex(source, ref at, 2),
            'u' => ReadUnicode(source, ref at),
            _ when !char.IsAsciiLetterOrDigit(c) && c < 0x80 => c,
            _ => -1,
        };
        return point >= 0 ? null : $"has an escape that is not supported: \\{c}";
    }

    private static int ReadUnicode(string source, ref int at)
    {
        if (at < source.Length && source[at] == '{')
        {
            int end = source.IndexOf('}', at);
            int width = end - at - 1;
            at++;
            if (width is < 1 or > 6) return -1;
            int point = ReadHex(source, ref at, width);
            at++;
            return point <= Last ? point : -1;
        }
        int unit = ReadHex(source, ref at, 4);
        if (unit is < 0xD800 or > 0xDBFF || !source.AsSpan(at).StartsWith("\\u")) return unit;
        int next = at + 2;
        int low = ReadHex(source, ref next, 4);
        if (low is < 0xDC00 or > 0xDFFF) return unit;
        at = next;
        return char.ConvertToUtf32((char)unit, (char)low);
    }

    private static int ReadHex(string source, ref int at, int width)
    {
        if (at + width > source.Length || !int.TryParse(source.AsSpan(at, width),
            NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)) return -1;
        at += width;
        return value;
    }

    private string? ReadCategory(string source, ref int at, char letter)
    {
        int end = at < source.Length && source[at] == '{' ? source.IndexOf('}', at) : -1;
        string name = end < 0 ? "" : source[(at + 1)..end];
        name = name[(name.IndexOf('=') + 1)..];
        string? category = PatternCategories.Find(name);
        if (category is null)
            return $"names a Unicode property that is not a general category: \\{letter}{{{name}}}";
        at = end + 1;
        _categories.Add($"\\{letter}{{{category}}}");
        return null;
    }

    /// <summary>Writes the set as a .NET expression; answers how many parts it has.</summary>
    public int WriteTo(StringBuilder to)
    {
        bool simple = _categories.Count == 0;
        List<(int From, int To)> ranges = _negated && simple ? Complement(_ranges) : _ranges;
        var units = new StringBuilder();
        var pairs = new List<string>();
        foreach ((int from, int last) in ranges) Split(from, last, units, pairs);
        foreach (string category in _categories) units.Append(category);
        if (_negated && !simple)
        {
            // A negated class with categories stays one class: whole pairs are let in, halves are kept out.
            pairs = ["[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]"];
            units.Insert(0, '^').Append("\\uD800-\\uDFFF");
        }
        string inUnits = units.Length > 0 ? $"[{units}]" : "[^\\u0000-\\uFFFF]";
        to.Append(pairs.Count == 0 ? inUnits : $"(?:{inUnits}|{string.Join('|', pairs)})");
        return 1 + (2 * pairs.Count);
    }

    private static void Split(int from, int to, StringBuilder units, List<string> pairs)
    {
        if (from <= 0xFFFF) units.Append(Unit(from)).Append('-').Append(Unit(Math.Min(to, 0xFFFF)));
        if (to <= 0xFFFF) return;
        (int high, int low) = Pair(Math.Max(from, 0x10000));
        (int lastHigh, int lastLow) = Pair(to);
        if (high == lastHigh)
        {
            pairs.Add($"{Unit(high)}[{Unit(low)}-{Unit(lastLow)}]");
            return;
        }
        pairs.Add($"{Unit(high)}[{Unit(low)}-\\uDFFF]");
        if (lastHigh - high > 1) pairs.Add($"[{Unit(high + 1)}-{Unit(lastHigh - 1)}][\\uDC00-\\uDFFF]");
        pairs.Add($"{Unit(lastHigh)}[\\uDC00-{Unit(lastLow)}]");
    }

    private static (int High, int Low) Pair(int point) =>
        (0xD800 + ((point - 0x10000) >> 10), 0xDC00 + ((point - 0x10000) & 0x3FF));

    private static string Unit(int unit) => $"\\u{unit:X4}";

    /// <summary>Every code point that is in none of the ranges; the surrogates are no code points.</summary>
    private static List<(int From, int To)> Complement(IEnumerable<(int From, int To)> ranges)
    {
        var rest = new List<(int, int)>();
        int next = 0;
        foreach ((int from, int to) in ranges.Append((0xD800, 0xDFFF)).Order())
        {
            if (from > next) rest.Add((next, from - 1));
            next = Math.Max(next, to + 1);
        }
        if (next <= Last) rest.Add((next, Last));
        return rest;
    }
}

/// <summary>Unicode's general categories by their long and short names.</summary>
internal static class PatternCategories
{
    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L",
        ["Lowercase_Letter"] = "Ll",
        ["Uppercase_Letter"] = "Lu",
        ["Titlecase_Letter"] = "Lt",
        ["Modifier_Letter"] = "Lm",
        ["Other_Letter"] = "Lo",
        ["Mark"] = "M",
        ["Nonspacing_Mark"] = "Mn",
        ["Spacing_Mark"] = "Mc",
        ["Enclosing_Mark"] = "Me",
        ["Number"] = "N",
        ["Decimal_Number"] = "Nd",
        ["Letter_Number"] = "Nl",
        ["Other_Number"] = "No",
        ["Punctuation"] = "P",
        ["Connector_Punctuation"] = "Pc",
        ["Dash_Punctuation"] = "Pd",
        ["Open_Punctuation"] = "Ps",
        ["Close_Punctuation"] = "Pe",
        ["Initial_Punctuation"] = "Pi",
        ["Final_Punctuation"] = "Pf",
        ["Other_Punctuation"] = "Po",
        ["Symbol"] = "S",
        ["Math_Symbol"] = "Sm",
        ["Currency_Symbol"] = "Sc",
        ["Modifier_Symbol"] = "Sk",
        ["Other_Symbol"] = "So",
        ["Separator"] = "Z",
        ["Space_Separator"] = "Zs",
        ["Line_Separator"] = "Zl",
        ["Paragraph_Separator"] = "Zp",
        ["Other"] = "C",
        ["Control"] = "Cc",
        ["Format"] = "Cf",
        ["Unassigned"] = "Cn",
        ["digit"] = "Nd",
        ["punct"] = "P",
    };

    /// <summary>The short name that .NET knows, or null.</summary>
    public static string? Find(string name) =>
        Short.TryGetValue(name, out string? found) ? found : Short.ContainsValue(name) ? name : null;
}
