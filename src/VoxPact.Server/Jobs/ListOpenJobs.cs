using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>Jobs open for bids: public, newest first, without their task_spec.</summary>
internal static class ListOpenJobs
{
    private const string Filter = "open";

    public static async Task<Reply> Handle(Call call)
    {
        var query = call.Queries;
        var deployment = call.Deployment;
        int limit = query.Limit();
        long least = Budget(query, "min_budget", 0, deployment.Policy);
        long most = Budget(query, "max_budget", long.MaxValue, deployment.Policy);
        var after = query.After(deployment.Cursors, Guid.Empty, Filter) ?? Paging.Top;
        if (query.Refusal is { } unclear) return Reply.Refused(unclear);
        var rows = await deployment.Store.QueryAsync(JobQueries.Open(after, least, most, limit + 1), call.Aborted);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit ? deployment.Cursors.Encode(Guid.Empty, Filter, page[^1].Job.Id) : null;
        return Answers.Page(
            [.. page.Select(row => JobView.Public(row.Job, deployment.Policy, row.Terms))], next,
            VoxPactJson.Wire.PageOpenJob);
    }

    private static long Budget(Query query, string name, long otherwise, Policy policy) =>
        query.Amount(name) is { } amount && Money.TryFromDecimal(amount, policy.CurrencyDecimals, out var money)
            ? money.Minor
            : otherwise;
}
