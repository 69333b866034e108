using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>The caller's jobs, as buyer and as worker, newest first.</summary>
internal static class ListJobs
{
    private static readonly Dictionary<string, JobState> States =
        Enum.GetValues<JobState>().ToDictionary(JobWords.Of, state => state);

    public static async Task<Reply> Handle(Call call)
    {
        var query = call.Queries;
        int limit = query.Limit();
        var statuses = query.Words("status", [.. JobWords.Statuses]);
        var states = query.Words("state", States.Keys);
        if (query.Refusal is { } unclear) return Reply.Refused(unclear);
        var wanted = States.Values
            .Where(state => statuses.Count == 0 || statuses.Contains(JobWords.StatusOf(state)))
            .Where(state => states.Count == 0 || states.Contains(JobWords.Of(state)))
            .ToList();
        string filter = $"jobs {string.Join(',', wanted.Select(state => (int)state))}";
        var (caller, after, refusal) = await Paging.AfterAsync(call, filter);
        if (refusal is not null) return Reply.Refused(refusal);
        var (_, rows, unknown) = await call.QueryAsync(JobQueries.OfParty(caller!.Id, wanted, after, limit + 1));
        if (unknown is not null) return Reply.Refused(unknown);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit ? call.Deployment.Cursors.Encode(caller.Id, filter, page[^1].Job.Id) : null;
        return Answers.Page(
            [.. page.Select(row => JobView.Of(row.Job, call.Deployment.Policy, row.Terms))], next,
            VoxPactJson.Wire.PageJobResource);
    }
}
