using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>What was submitted to a job, with the verdicts: for its parties.</summary>
internal static class ListSubmissions
{
    public static async Task<Reply> Handle(Call call)
    {
        var (caller, rows, refusal) = await call.QueryAsync(JobQueries.Submissions(call.PathId(Id.Job)));
        if (refusal is not null) return Reply.Refused(refusal);
        if (rows.Count == 0 || (caller!.Id != rows[0].Buyer && caller.Id != rows[0].Worker))
            return Reply.Refused(Refusal.NotFound);
        return Answers.Page(
            [.. rows.Where(row => row.Submission is not null).Select(row => SubmissionView.Of(row.Submission!))],
            null, VoxPactJson.Wire.PageSubmissionResource);
    }
}
