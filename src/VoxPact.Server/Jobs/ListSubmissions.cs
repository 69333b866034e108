using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage;

namespace VoxPact.Server.Jobs;

/// <summary>What was submitted to a job, with the verdicts: for its parties.</summary>
internal static class ListSubmissions
{
    private static readonly string Sql =
        $"select j.buyer_agent, j.worker_agent, s.number, {Tables.Submissions.Select("s")} "
        + "from jobs j left join submissions s on s.job_id = j.id where j.id = $1 order by s.number";

    private sealed record Row(Guid Buyer, Guid? Worker, Submission? Submission);

    public static async Task<Reply> Handle(Call call)
    {
        var (caller, rows, refusal) = await call.QueryAsync(Sql, [call.PathId(Id.Job)], row => new Row(
            row.Guid(0), row.GuidOrNull(1), row.IsNull(3) ? null : Tables.Submissions.Read(row, 3)));
        if (refusal is not null) return Reply.Refused(refusal);
        if (rows.Count == 0 || (caller!.Id != rows[0].Buyer && caller.Id != rows[0].Worker))
            return Reply.Refused(Refusal.NotFound);
        return Answers.Page(
            [.. rows.Where(row => row.Submission is not null).Select(row => SubmissionView.Of(row.Submission!))],
            null, VoxPactJson.Wire.PageSubmissionResource);
    }
}
