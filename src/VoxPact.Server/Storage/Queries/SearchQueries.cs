using VoxPact.Domain.Agents;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Who is asked for in a search.</summary>
/// <param name="Beginnings">Words of an agent's page must begin like each of these.</param>
/// <param name="Capabilities">The agent must name one of these, if there are any.</param>
internal sealed record AgentFilter(
    IReadOnlyList<string> Beginnings, IReadOnlyList<string> Capabilities, int LeastTrust, long? MostMinor,
    IReadOnlyList<Availability> Availability);

/// <summary>A place in the list of active agents by trust, the newest first where it is the same.</summary>
internal readonly record struct TrustPlace(int Score, Guid Id)
{
    /// <summary>Above the first.</summary>
    public static readonly TrustPlace Top = new(101, Guid.Empty);

    public static TrustPlace Of(Agent agent) => new(agent.TrustScore, agent.Id);
}

/// <summary>
/// Parts of a search that cost the same however many agents there are: a walk down the list by trust, which common
/// words stop early, and the index of words, which is asked for rare ones.
/// </summary>
internal static class SearchQueries
{
    /// <summary>
    /// Of so many agents below the place: how many there are, how many have each term, and how many answer the
    /// filter.
    /// </summary>
    public static Statement<IReadOnlyList<long>> Sample(AgentFilter filter, TrustPlace below, int most)
    {
        var sql = new Sql();
        var counts = filter.Beginnings.Select(word => Begins(sql, word)).ToList();
        if (filter.Capabilities.Count > 0) counts.Add(Names(sql, filter.Capabilities));
        counts.Add(Answers(sql, filter));
        string each = string.Concat(counts.Select(test => $", coalesce(sum(case when {test} then 1 else 0 end), 0)"));
        return sql.As($"select count(*){each} from {Listed(sql, filter, below, most)} {Pages(filter)}",
            row => (IReadOnlyList<long>)[.. Enumerable.Range(0, counts.Count + 1).Select(row.Long)]);
    }

    /// <summary>The agent so far down the list, if it is as long as that.</summary>
    public static Statement<TrustPlace> Ahead(AgentFilter filter, TrustPlace below, int far)
    {
        var sql = new Sql();
        return sql.As($"select a.trust_score, a.id from agents a where {Below(sql, filter, below)} {ByTrust} "
            + $"limit 1 offset {far - 1}", row => new TrustPlace(row.Int(0), row.Guid(1)));
    }

    /// <summary>The first that answer the filter, of so many agents below the place.</summary>
    public static Statement<Agent> Walk(AgentFilter filter, TrustPlace below, int far, int limit)
    {
        var sql = new Sql();
        return sql.As($"select {Tables.Agents.Select("found")} from {Listed(sql, filter, below, far)} {Pages(filter)} "
            + $"join agents found on found.id = a.id where {Answers(sql, filter)} {ByTrust} limit {limit}",
            row => Tables.Agents.Read(row));
    }

    /// <summary>How many agents the index has for the filter, counted up to so many.</summary>
    public static Statement<long> Look(WordIndex words, AgentFilter rare, int most)
    {
        var sql = new Sql();
        return sql.As($"select count(*) from ({Indexed(sql, words, rare, most)}) as m", row => row.Long(0));
    }

    /// <summary>
    /// The first that answer the filter, among the few that the index has for the rare ones of its terms.
    /// </summary>
    public static Statement<Agent> Among(
        WordIndex words, AgentFilter rare, int most, AgentFilter filter, TrustPlace below, int limit)
    {
        var sql = new Sql();
        return sql.As($"select {Tables.Agents.Select("a")} from ({Indexed(sql, words, rare, most)}) as m "
            + $"join agents a on a.id = m.agent_id {Pages(filter)} "
            + $"where {Below(sql, filter, below)} and {Answers(sql, filter)} {ByTrust} limit {limit}",
            row => Tables.Agents.Read(row));
    }

    private const string ByTrust = "order by a.trust_score desc, a.id desc";

    /// <summary>
    /// The list from below the place, cut off before anything else is asked: no plan then reads more of it than that.
    /// </summary>
    private static string Listed(Sql sql, AgentFilter filter, TrustPlace below, int most)
    {
        string columns = "a.id, a.trust_score"
            + (filter.Capabilities.Count > 0 ? ", a.folded_capabilities" : "")
            + (filter.MostMinor is null ? "" : ", a.per_job_minor")
            + (filter.Availability.Count > 0 ? ", a.availability" : "");
        return $"(select {columns} from agents a where {Below(sql, filter, below)} {ByTrust} limit {most}) as a";
    }

    private static string Indexed(Sql sql, WordIndex words, AgentFilter rare, int most) => words.Pages(
        sql.Add(words.Expression(rare.Beginnings,
            [.. rare.Capabilities.Select(AgentPage.WordsOf).Where(group => group.Count > 0)])), most);

    /// <summary>The words of a page stand between spaces; only who asks for words needs it.</summary>
    private static string Pages(AgentFilter filter) =>
        filter.Beginnings.Count == 0 ? "" : "join agent_pages p on p.agent_id = a.id";

    private static string Begins(Sql sql, string word) =>
        $"' ' || p.words || ' ' like {sql.Add($"% {word}{(WordIndex.Begins(word) ? "" : " ")}%")}";

    private static string Names(Sql sql, IReadOnlyList<string> capabilities) =>
        "(" + string.Join(" or ", capabilities.Select(word =>
            $"replace(a.folded_capabilities, {sql.Add(StoredJson.Quoted(word))}, '') <> a.folded_capabilities")) + ")";

    private static string Below(Sql sql, AgentFilter filter, TrustPlace place)
    {
        string where = $"a.status = {(int)AgentStatus.Active}";
        if (filter.LeastTrust > 0) where += $" and a.trust_score >= {filter.LeastTrust}";
        return place == TrustPlace.Top
            ? where
            : where + $" and (a.trust_score, a.id) < ({sql.Add((long)place.Score)}, {sql.Add(place.Id)})";
    }

    private static string Answers(Sql sql, AgentFilter filter)
    {
        var tests = filter.Beginnings.Select(word => Begins(sql, word)).ToList();
        if (filter.Capabilities.Count > 0) tests.Add(Names(sql, filter.Capabilities));
        if (filter.MostMinor is { } most) tests.Add($"a.per_job_minor <= {sql.Add(most)}");
        if (filter.Availability.Count > 0)
            tests.Add($"a.availability in ({string.Join(", ", filter.Availability.Select(one => (int)one))})");
        return tests.Count == 0 ? "true" : string.Join(" and ", tests);
    }

    /// <summary>The arguments of a statement while its text is made.</summary>
    private sealed class Sql
    {
        private readonly List<object?> _arguments = [];

        public string Add(object argument)
        {
            _arguments.Add(argument);
            return $"${_arguments.Count}";
        }

        public Statement<T> As<T>(string text, Func<IRow, T> read) => new(text, [.. _arguments], read);
    }
}
