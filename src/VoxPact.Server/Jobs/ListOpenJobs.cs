using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>
/// Jobs open for bids: public, newest first, without their task_spec. A page looks at so many listings at most; where
/// few answer the filter it is short, or empty, and its cursor goes on.
/// </summary>
internal static class ListOpenJobs
{
    public static async Task<Reply> Handle(Call call)
    {
        var query = call.Queries;
        var deployment = call.Deployment;
        int limit = query.Limit();
        long least = query.Minor("min_budget", deployment.Policy) ?? 0;
        long most = query.Minor("max_budget", deployment.Policy) ?? long.MaxValue;
        var words = query.Capabilities();
        string list = $"open {least} {most} {string.Join(',', words)}";
        var after = query.After(deployment.Cursors, Guid.Empty, list) ?? Paging.Top;
        if (query.Refusal is { } unclear) return Reply.Refused(unclear);
        var filter = new JobQueries.OpenFilter(least, most, words);
        List<Guid> end = filter.Far is { } far
            ? await deployment.Store.QueryAsync(JobQueries.OpenAhead(after, far), call.Aborted)
            : [];
        var rows = await deployment.Store.QueryAsync(
            JobQueries.Open(after, end.FirstOrDefault(), filter, limit + 1), call.Aborted);
        var page = rows.Take(limit).ToList();
        Guid? last = rows.Count > limit ? page[^1].Job.Id : end is [var further] ? further : null;
        string? next = last is { } from ? deployment.Cursors.Encode(Guid.Empty, list, from) : null;
        return Answers.Page(
            [.. page.Select(row => JobView.Public(row.Job, deployment.Policy, row.Terms))], next,
            VoxPactJson.Wire.PageOpenJob);
    }
}
