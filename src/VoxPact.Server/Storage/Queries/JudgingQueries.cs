using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Work;
using VoxPact.Server.Judging;

namespace VoxPact.Server.Storage.Queries;

/// <summary>What judging needs to know beyond the work itself.</summary>
internal static class JudgingQueries
{
    // The queue is short unless the judges are away, so counting it is cheap.
    private static readonly string QueueSql =
        $"select count(*), count(last_error), (select j.submitted_us from work o join jobs j on j.id = o.subject "
        + $"where o.queue = 2 and o.kind = {(int)WorkKind.JudgeSubmission} order by o.id limit 1) "
        + $"from work where queue = 2 and kind = {(int)WorkKind.JudgeSubmission}";

    private static readonly string PutOffSql =
        $"select last_error, due_us from work where queue = 2 and kind = {(int)WorkKind.JudgeSubmission} "
        + "and subject = $1 and last_error is not null";

    // Down the worker's own jobs, newest first: the cost is the bound's, not the history's.
    private const string EarlierSql =
        "select s.job_id, s.number, s.hash, s.fingerprint, j.buyer_owner from jobs j "
        + "join submissions s on s.job_id = j.id where j.worker_agent = $1 order by j.id desc limit $2";

    private const string SaidSql =
        "select n.note, f.type, f.data from job_notes n "
        + "join facts f on f.subject = n.job_id and f.sequence = n.sequence where n.job_id = $1 order by n.sequence";

    private const string SpentSql = "select cast(coalesce(sum(tokens), 0) as bigint), "
        + "cast(coalesce(sum(cost_micros), 0) as bigint) from judging_calls where job_id = $1";

    private static readonly string AdviceSql =
        $"select {Tables.Recommendations.Select()} from recommendations where job_id = $1 "
        + "order by sequence desc limit 1";

    /// <summary>How many submissions wait, how many of them were put off, and since when the oldest waits.</summary>
    public sealed record Waiting(long Count, long PutOff, long? SinceUs);

    /// <summary>An earlier submission of a worker, small enough to keep many of them.</summary>
    public sealed record Earlier(Guid Job, int Number, byte[] Hash, long? Fingerprint, Guid BuyerOwner);

    /// <summary>What somebody said with a step, and the fact that the step told.</summary>
    public sealed record Said(string Note, FactType Type, string Data);

    public static readonly Statement<Waiting> Queue =
        new(QueueSql, [], row => new Waiting(row.Long(0), row.Long(1), row.LongOrNull(2)));

    /// <summary>Why the judging of this job was put off, and until when; no row when it was not.</summary>
    public static Statement<(string Why, long UntilUs)> PutOff(Guid job) =>
        new(PutOffSql, [job], row => (row.Text(0), row.Long(1)));

    public static Statement<Earlier> EarlierOf(Guid worker, int most) => new(EarlierSql, [worker, most], row =>
        new Earlier(row.Guid(0), row.Int(1), row.Bytes(2), row.LongOrNull(3), row.Guid(4)));

    public static Statement<Said> SaidAbout(Guid job) =>
        new(SaidSql, [job], row => new Said(row.Text(0), (FactType)row.Int(1), row.Text(2)));

    /// <summary>What the models' answers about this job have cost so far.</summary>
    public static Statement<JudgingSpent> SpentOn(Guid job) =>
        new(SpentSql, [job], row => new JudgingSpent(row.Long(0), row.Long(1)));

    /// <summary>The newest advice to the arbiter of this job's dispute.</summary>
    public static Statement<Domain.Verdicts.Recommendation> Advice(Guid job) =>
        new(AdviceSql, [job], row => Tables.Recommendations.Read(row));
}
