namespace VoxPact.Domain;

/// <summary>Letters of other scripts that look like Latin ones: the one table of them.</summary>
public static class LookAlikeLetters
{
    /// <summary>Letters of other scripts, and small capitals, that look like Latin ones, in pairs.</summary>
    private const string Pairs = "aаeеoоpрcсyуxхiіsѕjјdԁhһqԛwԝaαoοvνiιpρkκtτuυAАBВEЕKКMМHНOОPРCСTТXХ"
        + "AΑBΒEΕHΗIΙKΚMΜNΝOΟPΡTΤXΧ"
        + "S\u0405I\u0406J\u0408Q\u051AW\u051CY\u0423s\uA731c\u1D04S\u13DAe\u212E";

    private static readonly Dictionary<char, char> Latin = Enumerable.Range(0, Pairs.Length / 2)
        .ToDictionary(static i => Pairs[(2 * i) + 1], static i => Pairs[2 * i]);

    /// <summary>Every look-alike as the Latin letter that it looks like.</summary>
    public static string Fold(string text) =>
        string.Concat(text.Select(static c => Latin.GetValueOrDefault(c, c)));
}
