using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>Jobs open for bids: public, newest first, without their task_spec.</summary>
internal static class ListOpenJobs
{
    public static async Task<Reply> Handle(Call call)
    {
        var query = call.Queries;
        var deployment = call.Deployment;
        int limit = query.Limit();
        long least = query.Minor("min_budget", deployment.Policy) ?? 0;
        long most = query.Minor("max_budget", deployment.Policy) ?? long.MaxValue;
        var words = query.List("capabilities", Limits.CapabilityChars)
            .Concat(query.List("capability", Limits.CapabilityChars)).Distinct().ToList();
        string filter = $"open {least} {most} {string.Join(',', words)}";
        var after = query.After(deployment.Cursors, Guid.Empty, filter) ?? Paging.Top;
        if (query.Refusal is { } unclear) return Reply.Refused(unclear);
        var rows = await deployment.Store.QueryAsync(
            JobQueries.Open(after, least, most, words, limit + 1), call.Aborted);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit ? deployment.Cursors.Encode(Guid.Empty, filter, page[^1].Job.Id) : null;
        return Answers.Page(
            [.. page.Select(row => JobView.Public(row.Job, deployment.Policy, row.Terms))], next,
            VoxPactJson.Wire.PageOpenJob);
    }
}
