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
        var (caller, rows, refusal) = await call.QueryAsync(
            JobQueries.One(call.PathId(Id.Job)), needsActive: false);
        if ((refusal ?? caller!.StandingIn(rows is [var own] ? own.Job : null)) is { } notNow)
            return Reply.Refused(notNow);
        if (rows is not [var found]) return Reply.Refused(Refusal.NotFound);
        var policy = call.Deployment.Policy;
        if (found.Job.PartyOf(caller!.Id) is not Party.None)
        {
            var shown = JobView.Of(found.Job, policy, found.Terms, found.Note);
            return Answers.Ok(shown with
            {
                CounterOffer = found.CounterOffer?.IsLiveFor(found.Job) == true
                    ? CounterOffers.View(found.CounterOffer, policy)
                    : null,
                Series = shown.Series is { } series
                    ? JobView.Series(series, await PartsAsync(call, found.Job), policy)
                    : null,
                LastVerdict = SubmissionView.Verdict(found.Verdict),
                NextAction = shown.NextAction is { } next
                    ? next with { Delay = await DelayAsync(call, found.Job) }
                    : null,
            }, VoxPactJson.Wire.EnvelopeJobResource);
        }
        // The same shape as for the parties, so that a bidder's client reads it; without what only they may see.
        return found.Job.State is JobState.Open
            ? Answers.Ok(
                JobView.Of(found.Job, policy, found.Terms with { TaskSpec = null, Acceptance = null }),
                VoxPactJson.Wire.EnvelopeJobResource)
            : Reply.Refused(Refusal.NotFound);
    }

    private static async Task<IReadOnlyList<JobQueries.PartAndJob>> PartsAsync(Call call, Job job) =>
        await call.Deployment.Store.QueryAsync(JobQueries.Parts(job.Part!.Series), call.Aborted);

    /// <summary>Why the verdict takes longer, or null.</summary>
    private static async Task<string?> DelayAsync(Call call, Job job)
    {
        if (job.State is not JobState.Validating) return null;
        var putOff = await call.Deployment.Store.QueryAsync(JudgingQueries.PutOff(job.Id), call.Aborted);
        return putOff is [var (why, untilUs), ..]
            ? $"{why} Nothing is passed or failed by that; the judges are asked again at "
                + $"{TimeConverter.ToText(JobView.Time(untilUs))}."
            : null;
    }
}
