using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>The buyer takes a bid: the job is active at its amount, the other bidders are told.</summary>
internal static class AcceptBid
{
    public static async Task<Reply> Handle(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(call.PathId(Id.Job), call.PathId(Id.Bid, "bid"))
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class Command(Guid jobId, Guid bidId) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.OwnersOfJobs.Add(jobId);
            plan.Bids.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            var by = job.PartyOf(context.Caller.Id);
            if (JobRules.Check(job, JobCommand.AcceptBid, by) is { } notNow) return notNow;
            if (rows.Bids.Find(bidId) is not { } bid || bid.JobId != jobId) return Refusal.NotFound;
            var outcome = JobLifecycle.AcceptBid(job, bid, by, rows.ContextFor(job, context));
            return outcome.Refusal is { } refusal
                ? refusal
                : new Ruling(outcome.Decision, JobView.Answer(outcome.Decision!.Job, context.Policy));
        }
    }
}
