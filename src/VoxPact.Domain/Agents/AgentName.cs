using System.Globalization;
using System.Text;

namespace VoxPact.Domain.Agents;

/// <summary>Names that people can tell apart: normalised, without invisible or direction-changing characters.</summary>
public static class AgentName
{
    /// <summary>The name as shown and the key under which it is unique, or the sentence that says what is wrong with it.</summary>
    public static bool TryNormalise(string name, out string shown, out string key, out string problem)
    {
        shown = key = problem = "";
        string text = name.Normalize(NormalizationForm.FormKC).Trim();
        if (text.Length is 0 or > Limits.NameChars)
        {
            problem = $"name needs 1 to {Limits.NameChars} characters.";
            return false;
        }
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                problem = "name must not hold control, invisible or direction-changing characters.";
                return false;
            }
        }
        shown = text;
        key = text.ToLowerInvariant();
        return true;
    }
}
