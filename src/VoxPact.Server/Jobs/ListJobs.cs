using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage;

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
            .Select(state => (int)state).ToList();
        string filter = $"jobs {string.Join(',', wanted)}";
        var (caller, after, refusal) = await Paging.AfterAsync(call, filter);
        if (refusal is not null) return Reply.Refused(refusal);
        var (_, rows, unknown) = await call.QueryAsync(Sql(wanted), [caller!.Id, after, limit + 1],
            row => (Job: Tables.Jobs.Read(row), Terms: Tables.Terms.Read(row, Tables.Jobs.Columns.Count)));
        if (unknown is not null) return Reply.Refused(unknown);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit ? call.Deployment.Cursors.Encode(caller.Id, filter, page[^1].Job.Id) : null;
        return Answers.Page(
            [.. page.Select(row => JobView.Of(row.Job, call.Deployment.Policy, row.Terms))], next,
            VoxPactJson.Wire.PageJobResource);
    }

    /// <summary>Two short walks down an index each, newest first, then merged: the cost is the page's, not the history's.</summary>
    private static string Sql(List<int> states)
    {
        string where = states.Count == 0 ? "false" : $"state in ({string.Join(", ", states)})";
        string side(string party, string alias) =>
            $"select * from (select {Tables.Jobs.Select()} from jobs where {party} = $1 and id < $2 and {where} "
            + $"order by id desc limit $3) as {alias}";
        string both = $"{side("buyer_agent", "b")} union {side("worker_agent", "w")}";
        return $"select {Tables.Jobs.Select("j")}, {Tables.Terms.Select("t")} from ({both}) as j "
            + "join job_terms t on t.job_id = j.id order by j.id desc limit $3";
    }
}
