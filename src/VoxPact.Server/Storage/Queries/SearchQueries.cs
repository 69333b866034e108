using VoxPact.Domain.Agents;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Who is asked for in a search.</summary>
/// <param name="Beginnings">Words of an agent's page must begin like each of these.</param>
/// <param name="Capabilities">The agent must name one of these, if there are any.</param>
internal sealed record AgentFilter(
    IReadOnlyList<string> Beginnings, IReadOnlyList<string> Capabilities, int LeastTrust, long? MostMinor,
    IReadOnlyList<Availability> Availability);

/// <summary>
/// Searches that cost the same however many agents there are: of each level, from the best down, a bounded number is
/// looked at, so that a word which everybody uses finds the trusted first.
/// </summary>
internal static class SearchQueries
{
    /// <summary>So many agents of a level are taken, out of so many that have the words.</summary>
    private const int MostOfLevel = 250, MostLookedAt = 2_000;

    public static Statement<Agent> Search(WordIndex words, AgentFilter filter, int limit)
    {
        var arguments = new List<object?>();
        var groups = filter.Capabilities.Select(AgentPage.WordsOf).Where(group => group.Count > 0).ToList();
        if (filter.Beginnings.Count == 0 && groups.Count == 0)
        {
            string all = $"select {Tables.Agents.Select("a")} from agents a where {Where(filter, arguments)} "
                + $"order by a.trust_score desc, a.id desc limit {limit}";
            return new(all, [.. arguments], row => Tables.Agents.Read(row));
        }
        var branches = new List<string>();
        string where = Where(filter, arguments);
        foreach (var level in Enum.GetValues<TrustLevel>().Reverse())
        {
            if (level < Trust.LevelOf(filter.LeastTrust)) continue;
            arguments.Add(words.Expression(filter.Beginnings, groups, AgentPage.LevelWord(level)));
            branches.Add($"select * from (select {Tables.Agents.Select("a")} "
                + $"from ({words.Pages(arguments.Count, MostLookedAt)}) m join agents a on a.id = m.agent_id "
                + $"where {where} limit {MostOfLevel}) as of{level}");
        }
        return new(string.Join(" union all ", branches), [.. arguments], row => Tables.Agents.Read(row));
    }

    private static string Where(AgentFilter filter, List<object?> arguments)
    {
        var conditions = new List<string>
        {
            $"a.status = {(int)AgentStatus.Active}", $"a.trust_score >= {filter.LeastTrust}",
        };
        if (filter.MostMinor is { } most)
        {
            arguments.Add(most);
            conditions.Add($"a.per_job_minor <= ${arguments.Count}");
        }
        if (filter.Availability.Count > 0)
            conditions.Add($"a.availability in ({string.Join(", ", filter.Availability.Select(one => (int)one))})");
        if (filter.Capabilities.Count > 0)
            conditions.Add("(" + string.Join(" or ", filter.Capabilities.Select(word =>
            {
                arguments.Add(StoredJson.Quoted(word));
                return $"replace(a.capabilities, ${arguments.Count}, '') <> a.capabilities";
            })) + ")");
        return string.Join(" and ", conditions);
    }
}
