using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Jobs;

/// <summary>
/// A party's step on a job that exists: finds the job for the caller, asks the lifecycle, answers with the job.
/// </summary>
/// <param name="act">The lifecycle's function for the step.</param>
internal sealed class JobAct(Guid job, Func<Job, Party, JobContext, Outcome> act) : Command
{
    /// <summary>What the party wrote with the step, kept beside the fact it tells.</summary>
    public string? Note { get; init; }

    /// <summary>Accepting, submitting and the like move no money; the others need both owners.</summary>
    public bool MovesMoney { get; init; } = true;

    /// <summary>True for steps that may end an open job: its bidders are told.</summary>
    public bool MayEndBidding { get; init; }

    public override void Need(LoadPlan plan)
    {
        plan.Jobs.Add(job);
        if (MovesMoney) plan.OwnersOfJobs.Add(job);
        if (MayEndBidding) plan.Bids.Add(job);
    }

    public override Ruling Decide(Snapshot rows, DecisionContext context)
    {
        if (rows.Jobs.Find(job) is not { } found) return Refusal.NotFound;
        // Only a worker's own step can fix a fee, so the caller's trust is the worker's where it counts.
        var outcome = act(found, found.PartyOf(context.Caller.Id),
            rows.ContextFor(found, context) with { WorkerTrust = context.Caller.TrustScore });
        if (outcome.Refusal is { } refusal) return refusal;
        var decision = outcome.Decision!;
        if (Note is { Length: > 0 })
            decision.Add(new JobNote
            {
                JobId = job,
                Sequence = decision.Facts.First(fact => fact.Type is not FactType.BidRejected).Sequence,
                Text = Note,
            });
        return new Ruling(decision, JobView.Answer(decision.Job, context.Policy));
    }
}

internal static class JobContexts
{
    public static JobContext ContextFor(this Snapshot rows, Job job, DecisionContext context) => new(
        context.NowUs, context.Policy,
        job.WorkerOwner is { } owner ? rows.Owners.Find(owner) : null,
        job.State is JobState.Open ? rows.BidsOf(job.Id) : null, rows.Owners.Find(job.BuyerOwner));
}
