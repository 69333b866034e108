using System.Globalization;
using System.Text;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// Turns an ECMA-262 pattern into the dialect of .NET, part by part, and measures it. Every literal is
/// written as an
/// escape, so that nothing of .NET's own syntax can slip through.
/// </summary>
internal sealed class PatternReader(string source)
{
    private const int MaxNesting = 50;
    private readonly StringBuilder _out = new();
    private int _at;
    private int _nesting;

    /// <summary>What is wrong, as a sentence; the first fault wins.</summary>
    public string? Error { get; private set; }

    public (string Translated, int States) Translate()
    {
        long states = ReadAlternatives();
        if (_at < source.Length) Fail("closes a group that was never opened; write \\)");
        return (_out.ToString(), (int)Math.Min(states, int.MaxValue));
    }

    private long ReadAlternatives()
    {
        long states = 1;
        while (_at < source.Length && source[_at] != ')')
        {
            if (source[_at] == '|')
            {
                _at++;
                _out.Append('|');
            }
            else
            {
                states += ReadTerm();
            }
        }
        return states;
    }

    private long ReadTerm()
    {
        int start = _at;
        char c = source[_at++];
        switch (c)
        {
            case '^': _out.Append(@"\A"); return 1;
            case '$': _out.Append(@"\z"); return 1;
            case '\\' when Peek() is 'b' or 'B':
                _out.Append('\\').Append(source[_at++]);
                return 1;
            case '*' or '+' or '?':
                Fail($"repeats nothing at \"{c}\"; put a character or a group before it");
                return 1;
            case ']' or '{' or '}':
                Fail($"has a bare \"{c}\"; write \\{c}");
                return 1;
        }
        long states = c == '(' ? ReadGroup() : WriteSet(start);
        return Saturate(states, ReadRepetition());
    }

    private static long Saturate(long a, long b) => Math.Min(a * b, int.MaxValue);

    private long WriteSet(int start)
    {
        _at = start;
        var set = PatternSet.ReadAtom(source, ref _at, out string? error);
        if (set is null)
        {
            Fail(error!);
            return 1;
        }
        return set.WriteTo(_out);
    }

    private long ReadGroup()
    {
        if (++_nesting > MaxNesting) Fail($"nests groups deeper than {MaxNesting}");
        if (Peek() == '?')
        {
            string rest = source[_at..];
            bool named = rest.Length > 2 && rest[1] == '<' && rest[2] is not ('=' or '!');
            int name = named ? rest.IndexOf('>') : -1;
            if (rest.StartsWith("?:", StringComparison.Ordinal)) _at += 2;
            else if (name > 2) _at += name + 1;
            else Fail("uses lookaround or inline options, which are not run here; use several patterns");
        }
        _out.Append("(?:");
        long states = Error is null ? ReadAlternatives() : 1;
        if (Error is null && Peek() != ')') Fail("opens a group that is never closed");
        _at++;
        _out.Append(')');
        _nesting--;
        return states;
    }

    /// <summary>
    /// Reads <c>* + ? {n} {n,} {n,m}</c>, lazy or not; answers how often the part is written out.
    /// </summary>
    private long ReadRepetition()
    {
        char? c = Peek();
        long times = 1;
        if (c is '*' or '+' or '?')
        {
            _out.Append(c);
            _at++;
        }
        else if (c == '{')
        {
            int end = source.IndexOf('}', _at);
            string[] counts = end < 0 ? [] : source[(_at + 1)..end].Split(',');
            if (!TryCount(counts, out int least, out int most))
            {
                Fail("has a repetition that is not {n}, {n,} or {n,m}, n at most m; write \\{ for a brace");
                return 1;
            }
            _out.Append(source, _at, end + 1 - _at);
            _at = end + 1;
            times = Math.Max(1, counts.Length == 2 && counts[1].Length == 0 ? least + 1L : most);
        }
        else
        {
            return 1;
        }
        if (Peek() == '?')
        {
            _out.Append('?');
            _at++;
        }
        return times;
    }

    private static bool TryCount(string[] counts, out int least, out int most)
    {
        most = 0;
        const NumberStyles style = NumberStyles.None;
        if (counts.Length is 0 or > 2
            || !int.TryParse(counts[0], style, CultureInfo.InvariantCulture, out least))
        {
            least = 0;
            return false;
        }
        if (counts.Length == 1 || counts[1].Length == 0)
        {
            most = least;
            return true;
        }
        return int.TryParse(counts[1], style, CultureInfo.InvariantCulture, out most) && least <= most;
    }

    private char? Peek() => _at < source.Length ? source[_at] : null;

    private void Fail(string what)
    {
        Error ??= $"The pattern {what}.";
        // Nothing after the first fault is worth reading: every loop ends at the end of the source.
        _at = source.Length;
    }
}
