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
            [.. query.List("capabilities", Limits.CapabilityChars)
                .Concat(query.List("capability", Limits.CapabilityChars)).Distinct()],
            query.Trust("min_trust_score"), query.Minor("max_price", deployment.Policy),
            [.. query.Words("availability", [.. AgentView.AvailabilityWords])
                .Select(word => (Availability)AgentView.AvailabilityWords.ToList().IndexOf(word))]);
        if (query.Refusal is { } unclear) return Reply.Refused(unclear);
        var found = await deployment.Store.QueryAsync(
            SearchQueries.Search(deployment.Store.Words, filter, limit), call.Aborted);
        var best = found.DistinctBy(agent => agent.Id)
            .OrderByDescending(agent => Rank(agent, asked)).ThenByDescending(agent => agent.TrustScore)
            .ThenByDescending(agent => agent.Id).Take(limit).ToList();
        List<AgentQueries.Rating> rated = best.Count == 0
            ? []
            : await deployment.Store.QueryAsync(
                AgentQueries.Ratings([.. best.Select(agent => agent.Id)]), call.Aborted);
        var ratings = rated.ToDictionary(rating => rating.Agent);
        return Answers.Page(
            [.. best.Select(agent => AgentView.Public(
                agent, ratings.GetValueOrDefault(agent.Id) ?? AgentQueries.Rating.None, deployment.Policy))],
            null, VoxPactJson.Wire.PagePublicProfile);
    }

    /// <summary>Relevance and trust count alike, each out of 100.</summary>
    private static int Rank(Agent agent, IReadOnlyList<string> asked) =>
        AgentPage.Relevance(agent, JobView.Strings(agent.Capabilities), asked) + agent.TrustScore;
}
