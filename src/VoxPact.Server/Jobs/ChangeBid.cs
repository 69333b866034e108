using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>A bidder changes their live bid, or takes it back; the buyer is told of both.</summary>
internal static class ChangeBid
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.BidRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var asked = BidFields.Of(request!, call.Deployment.Policy, mustAsk: false);
        return asked.Refusal is { } invalid
            ? Reply.Refused(invalid)
            : await RunAsync(call, JobLifecycle.ChangeBid, (bid, nowUs) => bid with
            {
                Amount = asked.Amount ?? bid.Amount,
                Message = asked.Message ?? bid.Message,
                EstimatedHours = asked.Hours ?? bid.EstimatedHours,
                CreatedUs = nowUs,
            }, isGone: false);
    }

    public static async Task<Reply> Withdraw(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        return refusal is not null
            ? Reply.Refused(refusal)
            : await RunAsync(call, JobLifecycle.WithdrawBid, (bid, _) => bid, isGone: true);
    }

    private static async Task<Reply> RunAsync(
        Call call, Func<Job, Bid, Party, JobContext, Outcome> act, Func<Bid, long, Bid> change, bool isGone)
    {
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(call.PathId(Id.Job), call.PathId(Id.Bid, "bid"), act, change, isGone)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class Command(
        Guid jobId, Guid bidId, Func<Job, Bid, Party, JobContext, Outcome> act, Func<Bid, long, Bid> change,
        bool isGone) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.Bids.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            // Bids are sealed: another agent's is not there, whatever state the job is in.
            if (rows.Bids.Find(bidId) is not { } found || found.JobId != jobId
                || found.Bidder != context.Caller.Id) return Refusal.NotFound;
            if (found.State is not BidState.Live)
                return Refusal.WrongState("This bid is not live any more: the buyer has decided, or the job is over.");
            var bid = change(found, context.NowUs);
            var outcome = act(job, bid, job.PartyOf(context.Caller.Id), rows.ContextFor(job, context));
            if (outcome.Refusal is { } refusal) return refusal;
            var shown = BidView.Of(bid, context.Policy);
            return new Ruling(outcome.Decision, Answers.Ok(
                isGone ? shown with { Status = "withdrawn" } : shown, VoxPactJson.Wire.EnvelopeBidResource));
        }
    }
}
