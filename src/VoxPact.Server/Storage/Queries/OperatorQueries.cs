using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Queries;

/// <summary>What the operator looks at: their log, the disputes that wait, one agent, one job.</summary>
internal static class OperatorQueries
{
    private static readonly int AfterFact = LogTables.Facts.Columns.Count;
    private static readonly int AfterJob = Tables.Jobs.Columns.Count;
    private static readonly int AfterAgent = Tables.Agents.Columns.Count;

    private static readonly string FactsSql = $"select {LogTables.Facts.Select("f")}, n.note from facts f "
        + "left join job_notes n on n.job_id = f.subject and n.sequence = f.sequence where f.subject = $1";

    private static readonly string OfDispute = NewestOf(FactType.JobDisputed);

    // Few wait at a time, so each may be looked up by itself.
    private static readonly string DisputesSql = $"select {Tables.Jobs.Select("j")}, d.since_us, (select f.data "
        + $"{OfDispute}), {NoteOf(FactType.JobDisputed)}, {NoteOf(FactType.DisputeDecided)}, "
        + $"{NoteOf(FactType.DisputeAppealed)}, "
        + "(select r.recommendation from recommendations r where r.job_id = d.job_id "
        + "order by r.sequence desc limit 1) from open_disputes d join jobs j on j.id = d.job_id";

    // Where a page ended is told by the job's own fact: the job may have left the queue since.
    private static readonly string AfterSql = " where (d.since_us, d.job_id) > ((select f.at_us from facts f "
        + $"where f.subject = $2 and f.type = {(int)FactType.JobDisputed} order by f.sequence desc limit 1), $2)";

    private static readonly string AgentSql =
        $"select {Tables.Agents.Select("a")}, {Tables.Owners.Select("o")}, w.url "
        + "from agents a join owners o on o.id = a.owner_id "
        + "left join webhook_endpoints w on w.id = a.id and w.disabled_us is null where a.id = $1";

    private static readonly string SuspendedSql =
        $"{FactsSql} and f.type = {(int)FactType.AgentSuspended} order by f.sequence desc limit 1";

    private static readonly string AdviceSql =
        $"select {Tables.Recommendations.Select()} from recommendations where job_id = $1 order by sequence";

    private static readonly string OfJobSql =
        $"select {Tables.Operations.Select()} from operations where kind = {(int)OperationKind.Bonus} "
        + $"and parent_id = $1 union all select {Tables.Operations.Select()} from operations "
        + "where id in (select top_up_id from funding_requests where job_id = $1)";

    /// <summary>A fact, and what somebody wrote with it.</summary>
    public sealed record Noted(LoggedFact Fact, string? Note);

    /// <param name="Note">Why it is disputed,</param>
    /// <param name="Decision">decided as it is, and</param>
    /// <param name="Appeal">appealed, each in words.</param>
    public sealed record Waiting(
        Job Job, long SinceUs, string? Fact, string? Note, string? Decision, string? Appeal, string? Recommendation);

    public sealed record Found(Agent Agent, Owner Owner, string? WebhookUrl);

    /// <summary>The operator's log below a line, newest first.</summary>
    public static Statement<Noted> Log(long below, int limit) => new(
        $"{FactsSql} and f.sequence < $2 order by f.sequence desc limit $3",
        [OperatorCommand.Log, below, limit], ReadNoted);

    /// <summary>Everything that was told of a job, oldest first.</summary>
    public static Statement<Noted> FactsOf(Guid job, int limit) =>
        new($"{FactsSql} order by f.sequence limit $2", [job, limit], ReadNoted);

    /// <summary>Disputes that wait for the arbiter, oldest first, behind a job's when one is given.</summary>
    public static Statement<Waiting> Disputes(Guid? after, int limit) => new(
        $"{DisputesSql}{(after is null ? "" : AfterSql)} order by d.since_us, d.job_id limit $1",
        after is { } job ? [limit, job] : [limit], row => new Waiting(
            Tables.Jobs.Read(row), row.Long(AfterJob), row.TextOrNull(AfterJob + 1), row.TextOrNull(AfterJob + 2),
            row.TextOrNull(AfterJob + 3), row.TextOrNull(AfterJob + 4), row.TextOrNull(AfterJob + 5)));

    public static readonly Statement<long> CountDisputes =
        new("select count(*) from open_disputes", [], row => row.Long(0));

    public static Statement<Found> Agent(Guid agent) => new(AgentSql, [agent], row => new Found(
        Tables.Agents.Read(row), Tables.Owners.Read(row, AfterAgent),
        row.TextOrNull(AfterAgent + Tables.Owners.Columns.Count)));

    /// <summary>The newest suspension of an agent.</summary>
    public static Statement<Noted> Suspension(Guid agent) => new(SuspendedSql, [agent], ReadNoted);

    /// <summary>Every advice to the arbiter of a job, oldest first.</summary>
    public static Statement<Recommendation> AdviceOn(Guid job) =>
        new(AdviceSql, [job], row => Tables.Recommendations.Read(row));

    /// <summary>A job's bonuses, and the charge that it waits for.</summary>
    public static Statement<Operation> OperationsOf(Guid job) =>
        new(OfJobSql, [job], row => Tables.Operations.Read(row));

    private static string NewestOf(FactType type) =>
        $"from facts f where f.subject = d.job_id and f.type = {(int)type} order by f.sequence desc limit 1";

    private static string NoteOf(FactType type) => "(select n.note from job_notes n where n.job_id = d.job_id "
        + $"and n.sequence = (select f.sequence {NewestOf(type)}))";

    private static Noted ReadNoted(IRow row) => new(LogTables.Facts.Read(row), row.TextOrNull(AfterFact));
}
