using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage;

namespace VoxPact.Server.Jobs;

/// <summary>One job: whole for its parties, its public side for anybody while it is open.</summary>
internal static class GetJob
{
    private static readonly int TermsAt = Tables.Jobs.Columns.Count;
    private static readonly int NoteAt = TermsAt + Tables.Terms.Columns.Count;

    private static readonly string Sql =
        $"select {Tables.Jobs.Select("j")}, {Tables.Terms.Select("t")}, "
        + "(select n.note from job_notes n where n.job_id = j.id order by n.sequence desc limit 1), s.verdict "
        + "from jobs j join job_terms t on t.job_id = j.id "
        + "left join submissions s on s.job_id = j.id and s.number = j.submissions where j.id = $1";

    private sealed record Row(Job Job, JobTerms Terms, string? Note, string? Verdict);

    public static async Task<Reply> Handle(Call call)
    {
        var (caller, rows, refusal) = await call.QueryAsync(Sql, [call.PathId(Id.Job)], row => new Row(
            Tables.Jobs.Read(row), Tables.Terms.Read(row, TermsAt), row.TextOrNull(NoteAt), row.TextOrNull(NoteAt + 1)));
        if (refusal is not null) return Reply.Refused(refusal);
        if (rows is not [var found]) return Reply.Refused(Refusal.NotFound);
        var policy = call.Deployment.Policy;
        if (found.Job.PartyOf(caller!.Id) is not Party.None)
            return Answers.Ok(JobView.Of(found.Job, policy, found.Terms, found.Note) with
            {
                LastVerdict = SubmissionView.Verdict(found.Verdict),
            }, VoxPactJson.Wire.EnvelopeJobResource);
        return found.Job.State is JobState.Open
            ? Answers.Ok(JobView.Public(found.Job, policy, found.Terms), VoxPactJson.Wire.EnvelopeOpenJob)
            : Reply.Refused(Refusal.NotFound);
    }
}
