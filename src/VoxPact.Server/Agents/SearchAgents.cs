using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Agents;

/// <summary>Active agents by words, capabilities, trust, price and availability, best first.</summary>
internal static class SearchAgents
{
    private const int MostWords = 10;

    public static async Task<Reply> Handle(Call call)
    {
        var query = call.Queries;
        var deployment = call.Deployment;
        int limit = query.Limit();
        var asked = AgentPage.WordsOf(query.Text("q", Limits.QueryChars) ?? "").Take(MostWords).ToList();
        var filter = new AgentFilter(
            asked,
            query.Capabilities(),
            query.Trust("min_trust_score"), query.Minor("max_price", deployment.Policy),
            [.. query.Words("availability", [.. AgentView.AvailabilityWords])
                .Select(word => (Availability)AgentView.AvailabilityWords.ToList().IndexOf(word))]);
        string list = $"search {string.Join(' ', asked)}|{string.Join(',', filter.Capabilities)}|{filter.LeastTrust}|"
            + $"{filter.MostMinor}|{string.Join(',', filter.Availability)}";
        var place = query.SearchPlace(deployment.Cursors, list) ?? SearchPlace.Start;
        if (query.Refusal is { } unclear) return Reply.Refused(unclear);
        var block = await AgentBlock.FindAsync(
            deployment.Store, filter, place.Block, SearchBounds.Default, call.Aborted);
        var ranked = Ranked(block.Agents, asked).Where(row => row.Place.CompareTo(place.After) < 0)
            .Take(limit + 1).ToList();
        var best = ranked.Take(limit).ToList();
        SearchPlace? next = ranked.Count > limit
            ? place with { After = best[^1].Place }
            : block.Next is { } further ? SearchPlace.At(further) : null;
        List<AgentQueries.Rating> rated = best.Count == 0
            ? []
            : await deployment.Store.QueryAsync(
                AgentQueries.Ratings([.. best.Select(row => row.Agent.Id)]), call.Aborted);
        var ratings = rated.ToDictionary(rating => rating.Agent);
        return Answers.Page(
            [.. best.Select(row => AgentView.Public(
                row.Agent, ratings.GetValueOrDefault(row.Agent.Id) ?? AgentQueries.Rating.None, deployment.Policy))],
            next is { } from ? deployment.Cursors.Encode(list, from) : null, VoxPactJson.Wire.PagePublicProfile);
    }

    /// <summary>Relevance and trust count alike, each out of 100; then the more trusted, then the newer.</summary>
    public static IEnumerable<(Agent Agent, RankPlace Place)> Ranked(
        IReadOnlyList<Agent> agents, IReadOnlyList<string> asked) =>
        agents.Select(agent => (agent, Place: new RankPlace(
            AgentPage.Relevance(agent, JobView.Strings(agent.Capabilities), asked) + agent.TrustScore,
            TrustPlace.Of(agent)))).OrderByDescending(row => row.Place);
}
