using System.Text;
using System.Text.RegularExpressions;
using VoxPact.Domain;

namespace VoxPact.Server.Judging;

/// <summary>Letters in disguise, and those of other scripts that look like Latin ones.</summary>
internal static partial class LookAlikes
{
    /// <summary>
    /// String.Normalize knows no compatibility forms under invariant globalization, hence by hand.
    /// </summary>
    public static Rune Undisguise(Rune rune)
    {
        int c = rune.Value;
        return new Rune(c switch
        {
            >= 0xFF01 and <= 0xFF5E => c - 0xFEE0,
            0x3000 or 0xA0 => ' ',
            >= 0x24B6 and <= 0x24CF => 'A' + c - 0x24B6,
            >= 0x24D0 and <= 0x24E9 => 'a' + c - 0x24D0,
            >= 0x1F130 and <= 0x1F149 => 'A' + c - 0x1F130,
            // The mathematical alphabets repeat A–Z a–z.
            >= 0x1D400 and <= 0x1D6A3 =>
                (c - 0x1D400) % 52 is < 26 and var i ? 'A' + i : 'a' + ((c - 0x1D400) % 52) - 26,
            _ => c,
        });
    }

    /// <summary>Only in words that mix scripts, which no language does: Russian stays Russian.</summary>
    public static string FoldMixed(string text) =>
        Mixed().Replace(text, static word => LookAlikeLetters.Fold(word.Value));

    [GeneratedRegex(@"\b(?=\w*[A-Za-z])(?=\w*[\u0370-\u03FF\u0400-\u04FF])\w{3,40}\b")]
    private static partial Regex Mixed();
}
