using VoxPact.Domain.Work;

namespace VoxPact.Server.Storage.Queries;

/// <summary>What waits for the judges. The queue is short unless they are away, so counting it is cheap.</summary>
internal static class JudgingQueries
{
    private static readonly string QueueSql =
        $"select count(*), count(last_error), (select j.submitted_us from work o join jobs j on j.id = o.subject "
        + $"where o.queue = 2 and o.kind = {(int)WorkKind.JudgeSubmission} order by o.id limit 1) "
        + $"from work where queue = 2 and kind = {(int)WorkKind.JudgeSubmission}";

    private static readonly string PutOffSql =
        $"select last_error, due_us from work where queue = 2 and kind = {(int)WorkKind.JudgeSubmission} "
        + "and subject = $1 and last_error is not null";

    /// <summary>How many submissions wait, how many of them were put off, and since when the oldest waits.</summary>
    public sealed record Waiting(long Count, long PutOff, long? SinceUs);

    public static readonly Statement<Waiting> Queue =
        new(QueueSql, [], row => new Waiting(row.Long(0), row.Long(1), row.LongOrNull(2)));

    /// <summary>Why the judging of this job was put off, and until when; no row when it was not.</summary>
    public static Statement<(string Why, long UntilUs)> PutOff(Guid job) =>
        new(PutOffSql, [job], row => (row.Text(0), row.Long(1)));
}
