using System.Text;

namespace VoxPact.Server.Judging;

/// <summary>Tells characters that smuggle text from those that every script and emoji needs.</summary>
internal static class HiddenText
{
    private const int FewZeroWidth = 4;

    /// <summary>
    /// What the text hides, or null. Joiners in emoji, Persian or Indic text, and soft hyphens are no fault.
    /// </summary>
    public static string? Fault(string text)
    {
        int zeroWidth = 0;
        int selectors = 0;
        bool flag = false;
        Rune before = default;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int c = rune.Value;
            bool tag = c is >= 0xE0000 and <= 0xE007F;
            // The flags of England, Scotland and Wales are a black flag followed by tags.
            if (!tag) flag = c == 0x1F3F4;
            if (tag && !flag) return "hides text in invisible tag characters";
            if (c is 0x202D or 0x202E) return "turns the reading direction to hide its text";
            bool invisible = c is (>= 0x200B and <= 0x200D) or (>= 0x2060 and <= 0x2064);
            if (invisible && before.Value < 0x80) zeroWidth++;
            // A run of them counts as standing after the same letter.
            if (invisible) continue;
            if (c is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF)) selectors++;
            else selectors = 0;
            if (selectors > 3) return "hides text in variation selectors";
            before = rune;
        }
        return zeroWidth > FewZeroWidth ? "hides zero-width characters among its letters" : null;
    }
}
