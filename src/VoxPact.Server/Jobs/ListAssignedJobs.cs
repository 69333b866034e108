using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Webhooks;

namespace VoxPact.Server.Jobs;

/// <summary>What the caller is to work on: jobs offered to it, and jobs it has accepted and not submitted.
/// With <c>wait</c>, answered as soon as there is one.</summary>
internal static class ListAssignedJobs
{
    private const string Filter = "assigned";

    public static async Task<Reply> Handle(Call call)
    {
        int limit = call.Queries.Limit();
        var wait = call.Queries.Wait();
        if (call.Queries.Refusal is { } unclear) return Reply.Refused(unclear);
        var (caller, after, refusal) = await Paging.AfterAsync(call, Filter);
        if (refusal is not null) return Reply.Refused(refusal);
        var (rows, unknown) = await call.WaitForAsync(caller!.Id, wait, async () =>
        {
            var (_, found, gone) = await call.QueryAsync(JobQueries.AssignedTo(caller.Id, after, limit + 1));
            return (found, gone);
        });
        if (unknown is not null) return Reply.Refused(unknown);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit ? call.Deployment.Cursors.Encode(caller.Id, Filter, page[^1].Job.Id) : null;
        return Answers.Page(
            [.. page.Select(row => JobView.Of(row.Job, call.Deployment.Policy, row.Terms))], next,
            VoxPactJson.Wire.PageJobResource);
    }
}
