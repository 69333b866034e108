using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>The buyer takes a bid: the job is active at its amount, the other bidders are told.</summary>
internal static class AcceptBid
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.AcceptBidRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        Money? seen = request?.Amount is { } given ? errors.Amount("amount", given, call.Deployment.Policy) : null;
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var bid = call.PathId(Id.Bid, "bid");
        var bidder = await call.Deployment.Store.QueryAsync(JobQueries.BidderOf(bid), call.Aborted);
        return await call.RunAsync(new Command(call.PathId(Id.Job), bid, bidder is [var known] ? known : null, seen)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    /// <param name="bidder">Who made the bid, whose trust sets the fee.</param>
    /// <param name="seen">What the buyer believes it to ask.</param>
    private sealed class Command(Guid jobId, Guid bidId, Guid? bidder, Money? seen) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            if (bidder is { } agent) plan.Agents.Add(agent);
            plan.Jobs.Add(jobId);
            if (ApiKey.IsNamed(CallerKey)) plan.Terms.Add(jobId);
            plan.OwnersOfJobs.Add(jobId);
            plan.Bids.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            var by = job.PartyOf(context.Caller.Id);
            if (JobRules.Check(job, JobCommand.AcceptBid, by) is { } notNow) return notNow;
            if (rows.Bids.Find(bidId) is not { } bid || bid.JobId != jobId) return Refusal.NotFound;
            if (context.Key is { } key && Spend.OutsideOf(key, new Purchase(bid.Amount, job.Title, bid.Bidder,
                JobView.Strings(rows.Terms.Find(jobId)!.RequiredCapabilities), [])) is { } outside) return outside;
            var worker = rows.Agents.Find(bid.Bidder);
            if (worker?.Status is AgentStatus.Suspended)
                return Refusal.WrongState("This bidder is suspended by the operator; accept another bid.");
            int trust = worker?.TrustScore ?? 0;
            var outcome = JobLifecycle.AcceptBid(
                job, bid, by, rows.ContextFor(job, context) with { WorkerTrust = trust }, seen);
            return outcome.Refusal is { } refusal
                ? refusal
                : new Ruling(outcome.Decision, JobView.Answer(outcome.Decision!.Job, context.Policy));
        }
    }
}
