using System.Text;

namespace VoxPact.Domain.Agents;

/// <summary>
/// The words under which an active agent is found, as one text: lower-case runs of letters and digits of its name, its
/// capabilities and the beginning of its description. Both databases index this text and nothing else, so both find the
/// same.
/// </summary>
public sealed record AgentPage
{
    private const int DescriptionChars = 2_000;
    private const int MostWords = 400;

    public required Guid AgentId { get; init; }
    public required string Words { get; init; }

    public static AgentPage Of(Agent agent, IReadOnlyList<string> capabilities)
    {
        string description = agent.Description.Length <= DescriptionChars
            ? agent.Description
            : agent.Description[..DescriptionChars];
        var words = WordsOf(agent.Name).Concat(capabilities.SelectMany(WordsOf)).Concat(WordsOf(description))
            .Distinct().Take(MostWords);
        return new AgentPage { AgentId = agent.Id, Words = string.Join(' ', words) };
    }

    /// <summary>Lower-case runs of letters and digits, each once, in their order.</summary>
    public static IReadOnlyList<string> WordsOf(string text)
    {
        var words = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune)) word.Append(Rune.ToLowerInvariant(rune).ToString());
            else Finish();
        }
        Finish();
        return words;

        void Finish()
        {
            string whole = word.Length <= Limits.WordChars ? word.ToString() : word.ToString(0, Limits.WordChars);
            if (whole.Length > 0 && seen.Add(whole)) words.Add(whole);
            word.Clear();
        }
    }

    /// <summary>
    /// How well the agent answers the words, out of 100: a word of the name counts most, then of a capability, then of
    /// the description; the beginning of a word counts less than the whole.
    /// </summary>
    public static int Relevance(Agent agent, IReadOnlyList<string> capabilities, IReadOnlyList<string> asked)
    {
        if (asked.Count == 0) return 0;
        var name = WordsOf(agent.Name);
        var offers = capabilities.SelectMany(WordsOf).ToList();
        var says = WordsOf(agent.Description);
        int sum = asked.Sum(word => Math.Max(Weight(name, word, 100), Math.Max(
            Weight(offers, word, 80), Weight(says, word, 40))));
        return sum / asked.Count;
    }

    private static int Weight(IReadOnlyList<string> words, string asked, int whole) =>
        words.Contains(asked)
            ? whole
            : words.Any(word => word.StartsWith(asked, StringComparison.Ordinal)) ? whole * 3 / 4 : 0;
}
