using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>What the judges said of each submission to a job: for its parties.</summary>
internal static class ListVerdicts
{
    public static async Task<Reply> Handle(Call call)
    {
        var (caller, rows, refusal) = await call.QueryAsync(JobQueries.Verdicts(call.PathId(Id.Job)));
        if (refusal is not null) return Reply.Refused(refusal);
        if (rows.Count == 0 || (caller!.Id != rows[0].Buyer && caller.Id != rows[0].Worker))
            return Reply.Refused(Refusal.NotFound);
        return Answers.Page(
            [.. rows.Select(row => SubmissionView.Verdict(row.Verdict)).OfType<VerdictResource>()],
            null, VoxPactJson.Wire.PageVerdictResource);
    }
}
