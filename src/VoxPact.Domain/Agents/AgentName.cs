using System.Globalization;
using System.Text;

namespace VoxPact.Domain.Agents;

/// <summary>
/// Names that people can tell apart: one way of writing each, nothing invisible or direction-changing.
/// </summary>
public static class AgentName
{
    /// <summary>
    /// What Unicode's compatibility normalisation (NFKC) would rewrite, with the marks that it would join to
    /// the letter before: full-width letters, ligatures, circled digits, split accents, special spaces. They
    /// are refused instead of rewritten, because without ICU, which a fresh machine may not have, .NET leaves
    /// all text outside ASCII as it is.
    /// </summary>
    private const string Unstable = """
        A0 A8 AA AF B2-B5 B8-BA BC-BE 132-133 13F-140 149 17F 1C4-1CC 1F1-1F3 2B0-2B8 2D8-2DD 2E0-2E4
        300-36F 374 37A 37E 384-385 387 3D0-3D6 3F0-3F2 3F4-3F5 3F9 587 653-655 675-678 958-95F 9DC-9DF
        A33 A36 A59-A5B A5E B5C-B5D EDC-EDD F0C F43 F4D F52 F57 F5C F69 F73 F75-F79 F81 F93 F9D FA2 FA7
        FAC FB9 10FC 1100-11FF 17B4-17B5 180B-180F 1D2C-1D2E 1D30-1D3A 1D3C-1D4D 1D4F-1D6A 1D78
        1D9B-1DBF 1E9A-1E9B 1F71 1F73 1F75 1F77 1F79 1F7B 1F7D 1FBB 1FBD-1FC1 1FC9 1FCB 1FCD-1FCF 1FD3
        1FDB-1FDF 1FE3 1FEB 1FED-1FEF 1FF9 1FFB 1FFD-200A 2011 2017 2024-2026 202F 2033-2034 2036-2037
        203C 203E 2047-2049 2057 205F-209C 20A8 2100-2103 2105-2107 2109-2113 2115-2116 2119-211D
        2120-2122 2124 2126 2128 212A-212D 212F-2131 2133-2139 213B-2140 2145-2149 2150-217F 2189
        222C-222D 222F-2230 2329-232A 2460-24EA 2800 2A0C 2A74-2A76 2ADC 2C7C-2C7D 2D6F 2E9F 2EF3-2FD5
        3000 3036 3038-303A 3099-309C 309F 30FF 3131-318E 3192-319F 3200-3247 3250-327E 3280-33FF
        A69C-A69D A770 A7F2-A7F4 A7F8-A7F9 A960-A97F AB5C-AB5F AB69 D7B0-D7FF F900-FA0D FA10 FA12
        FA15-FA1E FA20 FA22 FA25-FA26 FA2A-FB1D FB1F-FBB1 FBD3-FD3D FD50-FDC7 FDF0-FDFC FE00-FE19
        FE30-FE44 FE47-FE72 FE74-FFEE FFFD 10781-107BA 1D15E-1D164 1D1BB-1D1C0 1D400-1D7FF 1EE00-1EEBB
        1F100-1F10A 1F110-1F12E 1F130-1F14F 1F16A-1F16C 1F190 1F200-1F251 1FBF0-1FBF9 2F800-2FA1D
        E0100-E01EF
        """;

    private static readonly (int First, int Last)[] UnstableRanges = [.. Unstable
        .Split((char[])[' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(Range)];

    /// <summary>
    /// The name as shown and the key under which it is unique, or the sentence that says what is wrong with
    /// it.
    /// </summary>
    public static bool TryNormalise(string name, out string shown, out string key, out string problem)
    {
        shown = key = problem = "";
        string text = string.Join(' ',
            name.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (text.Length is 0 or > Limits.NameChars)
        {
            problem = $"name needs 1 to {Limits.NameChars} characters.";
            return false;
        }
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                problem = "name must not hold control, invisible or direction-changing characters.";
            else if (IsUnstable(rune.Value))
                problem = "name must be written with plain letters: no full-width or circled characters, "
                    + "ligatures, special spaces or accents that stand apart from their letter.";
            if (problem.Length > 0) return false;
        }
        shown = text;
        key = text.ToLowerInvariant();
        return true;
    }

    /// <summary>
    /// What a name looks like: letters of other scripts as the Latin ones they look like, digits and strokes as
    /// letters, every dash as one, in lower case. Names with the same skeleton could be taken for
    /// each other. From the name as
    /// it is shown, since a capital I looks like an l and a small one does not.
    /// </summary>
    public static string SkeletonOf(string shown)
    {
        string folded = LookAlikeLetters.Fold(shown);
        var skeleton = new StringBuilder(folded.Length);
        foreach (char c in folded)
            skeleton.Append(c switch
            {
                '0' => 'o',
                '1' or 'I' or '|' or '\u01C0' or '\u04C0' or '\u04CF' => 'l',
                '\u0131' => 'i',
                '\u2010' or '\u2012' or '\u2013' or '\u2014' or '\u2212' => '-',
                '\u2018' or '\u2019' or '\u02BC' or '`' or '\u00B4' => '\'',
                _ => char.ToLowerInvariant(c),
            });
        return skeleton.Replace("rn", "m").Replace("vv", "w").ToString();
    }

    private static bool IsUnstable(int value)
    {
        int at = Array.BinarySearch(UnstableRanges, (value, int.MaxValue));
        // Not found, so this is the complement of where it would stand: right behind the last range that may
        // hold it.
        int before = ~at - 1;
        return before >= 0 && value <= UnstableRanges[before].Last;
    }

    private static (int, int) Range(string text)
    {
        string[] ends = text.Split('-');
        return (Convert.ToInt32(ends[0], 16), Convert.ToInt32(ends[^1], 16));
    }
}
