using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Judging;

/// <summary>
/// Puts untrusted text into a prompt as data: between lines that carry a fresh random marker, every line of
/// it quoted,
/// so that nothing inside can end the section or start a turn of its own.
/// </summary>
internal sealed partial class PromptFence
{
    private const string Quote = "| ";

    /// <summary>128 random bits in hexadecimal. An answer that repeats them was talked into it.</summary>
    public string Marker { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>A section such as WORK with its text neutralised.</summary>
    public string Section(string name, string text)
    {
        var section = new StringBuilder();
        section.Append(CultureInfo.InvariantCulture, $"<<<{name} {Marker}>>>\n");
        foreach (string line in Neutralise(text).Split('\n')) section.Append(Quote).Append(line).Append('\n');
        return section.Append(CultureInfo.InvariantCulture, $"<<<END {name} {Marker}>>>").ToString();
    }

    /// <summary>
    /// The sections of a prompt by name, unquoted; the sandbox judges read them as a model would.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Read(string prompt, out string? marker)
    {
        var sections = new Dictionary<string, string>(StringComparer.Ordinal);
        marker = null;
        List<string>? lines = null;
        foreach (string line in prompt.Split('\n'))
        {
            if (line.StartsWith(Quote, StringComparison.Ordinal))
            {
                lines?.Add(line[Quote.Length..]);
            }
            else if (Fence().Match(line) is { Success: true } fence)
            {
                marker ??= fence.Groups["marker"].Value;
                string name = fence.Groups["name"].Value;
                if (!fence.Groups["end"].Success) lines = [];
                else if (lines is not null) sections[name] = string.Join('\n', lines);
            }
        }
        return sections;
    }

    /// <summary>
    /// Makes visible what hides and breaks what models read as control: each run of hidden characters becomes
    /// a note, letters in disguise become plain, special tokens, comments and tags of roles lose their shape, turns
    /// of a conversation are marked as text, line ends become one kind.
    /// </summary>
    internal static string Neutralise(string text)
    {
        var clean = new StringBuilder(text.Length);
        int hidden = 0;
        foreach (Rune rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            bool control = Rune.IsControl(rune) && rune.Value is not ('\n' or '\t');
            if (control || InvisibleText.IsHidden(rune))
            {
                hidden++;
                continue;
            }
            Flush();
            clean.Append(LookAlikes.Undisguise(rune).ToString());
        }
        Flush();
        string neutral = SpecialToken().Replace(
            LookAlikes.FoldMixed(clean.ToString()), static m => m.Value.Replace('|', '¦').Replace('[', '('));
        neutral = Markup().Replace(neutral, static m => m.Value.Replace('<', '‹'));
        return RoleTurn().Replace(neutral, static m => $"⟦text⟧ {m.Value}");

        void Flush()
        {
            // One variation selector or joiner belongs to an emoji; more of them carry a message.
            if (hidden > 1) clean.Append(CultureInfo.InvariantCulture, $"⟦{hidden} hidden characters⟧");
            hidden = 0;
        }
    }

    [GeneratedRegex(@"^<<<(?<end>END )?(?<name>[A-Z_0-9]+) (?<marker>[0-9a-f]{32})>>>$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"<!--|</?(system|assistant|user|human|developer|instructions?|prompt|judge|verdict|work"
        + @"|deliverable|submission|untrusted|title|description|task_spec|rubric)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Markup();

    [GeneratedRegex(@"^[ \t#*>]*(system|assistant|human|user|developer)[ \t*]*:",
        RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex RoleTurn();

    [GeneratedRegex(@"<\|[^|<>]{0,40}\|?>|\[/?INST\]", RegexOptions.IgnoreCase)]
    private static partial Regex SpecialToken();
}
