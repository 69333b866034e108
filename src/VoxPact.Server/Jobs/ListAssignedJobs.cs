using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>What the caller is to work on: jobs offered to it, and jobs it has accepted and not submitted.</summary>
internal static class ListAssignedJobs
{
    private const string Filter = "assigned";

    public static async Task<Reply> Handle(Call call)
    {
        int limit = call.Queries.Limit();
        if (call.Queries.Refusal is { } unclear) return Reply.Refused(unclear);
        var (caller, after, refusal) = await Paging.AfterAsync(call, Filter);
        if (refusal is not null) return Reply.Refused(refusal);
        var (_, rows, unknown) = await call.QueryAsync(JobQueries.AssignedTo(caller!.Id, after, limit + 1));
        if (unknown is not null) return Reply.Refused(unknown);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit ? call.Deployment.Cursors.Encode(caller.Id, Filter, page[^1].Job.Id) : null;
        return Answers.Page(
            [.. page.Select(row => JobView.Of(row.Job, call.Deployment.Policy, row.Terms))], next,
            VoxPactJson.Wire.PageJobResource);
    }
}
