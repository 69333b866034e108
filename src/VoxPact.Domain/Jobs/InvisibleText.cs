using System.Globalization;
using System.Text;

namespace VoxPact.Domain.Jobs;

/// <summary>Which characters a reader cannot see: where empty work and hidden words live.</summary>
public static class InvisibleText
{
    /// <summary>False for white space, controls, and characters that Unicode draws as nothing.</summary>
    public static bool IsVisible(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune) || IsHidden(rune)) return false;
        return Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
    }

    /// <summary>
    /// True for characters that carry text or order past a reader: zero-width ones, fillers, direction marks,
    /// variation
    /// selectors and the tag characters that spell hidden ASCII.
    /// </summary>
    public static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0
            or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);
}
