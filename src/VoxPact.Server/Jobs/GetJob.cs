using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>One job: whole for its parties, its public side for anybody while it is open.</summary>
internal static class GetJob
{
    public static async Task<Reply> Handle(Call call)
    {
        var (caller, rows, refusal) = await call.QueryAsync(JobQueries.One(call.PathId(Id.Job)));
        if (refusal is not null) return Reply.Refused(refusal);
        if (rows is not [var found]) return Reply.Refused(Refusal.NotFound);
        var policy = call.Deployment.Policy;
        if (found.Job.PartyOf(caller!.Id) is not Party.None)
            return Answers.Ok(JobView.Of(found.Job, policy, found.Terms, found.Note) with
            {
                LastVerdict = SubmissionView.Verdict(found.Verdict),
            }, VoxPactJson.Wire.EnvelopeJobResource);
        // The same shape as for the parties, so that a bidder's client reads it; without what only they may see.
        return found.Job.State is JobState.Open
            ? Answers.Ok(
                JobView.Of(found.Job, policy, found.Terms with { TaskSpec = null, Acceptance = null }),
                VoxPactJson.Wire.EnvelopeJobResource)
            : Reply.Refused(Refusal.NotFound);
    }
}
