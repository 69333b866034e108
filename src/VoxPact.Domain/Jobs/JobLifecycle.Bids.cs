using VoxPact.Domain.Facts;
using VoxPact.Domain.Ledger;

namespace VoxPact.Domain.Jobs;

/// <content>An open job and its bids: one live bid of each worker, sealed from the others.</content>
public static partial class JobLifecycle
{
    public static Outcome PlaceBid(Job job, Bid bid, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.PlaceBid, by) is { } refusal) return refusal;
        if (Asks(job, bid, context) is { } invalid) return invalid;
        var others = context.Bids ?? [];
        if (others.Any(other => other.Bidder == bid.Bidder))
            return new Refusal(RefusalCode.AlreadyDone,
                "You have a bid on this job already; change it with PATCH /v1/jobs/{id}/bids/{bid}, or withdraw it "
                + "with DELETE on the same path.");
        if (others.Count >= Limits.BidsPerJob)
            return Refusal.WrongState($"This job has its {Limits.BidsPerJob} bids; look for another open job.");
        var step = new JobStep(job, context);
        step.Decision.Add(bid);
        return step.Tell(FactType.BidReceived, bid.Told, job.BuyerAgent).Done();
    }

    /// <summary>A bidder asks for another price, or says more; the bid keeps its id.</summary>
    /// <param name="bid">As it is to be.</param>
    public static Outcome ChangeBid(Job job, Bid bid, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.ChangeBid, by) is { } refusal) return refusal;
        if (Asks(job, bid, context) is { } invalid) return invalid;
        var step = new JobStep(job, context);
        step.Decision.Put(bid);
        return step.Tell(FactType.BidUpdated, bid.Told, job.BuyerAgent).Done();
    }

    /// <summary>A bidder takes the bid back: it is gone, and its place is free again.</summary>
    public static Outcome WithdrawBid(Job job, Bid bid, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.WithdrawBid, by) is { } refusal) return refusal;
        var step = new JobStep(job, context);
        step.Decision.Remove(bid);
        return step.Tell(FactType.BidWithdrawn, bid.Told, job.BuyerAgent).Done();
    }

    /// <summary>A bid wins: the job is active at the bid's amount and the difference is the buyer's again.</summary>
    /// <param name="seen">What the buyer believes the bid to ask; null when they did not say.</param>
    public static Outcome AcceptBid(Job job, Bid bid, Party by, JobContext context, Money? seen = null)
    {
        if (JobRules.Check(job, JobCommand.AcceptBid, by) is { } refusal) return refusal;
        if (bid.State is not BidState.Live) return Refusal.WrongState("This bid is not live any more.");
        if (seen is { } expected && expected != bid.Amount)
            return Refusal.WrongState(
                $"This bid was changed: it asks for {context.Policy.Show(bid.Amount)} now; accept that, or leave it.");
        var step = new JobStep(job with
        {
            WorkerAgent = bid.Bidder,
            WorkerOwner = bid.BidderOwner,
            Amount = bid.Amount,
            Fee = context.Policy.FeeOf(context.WorkerTrust),
            AcceptedUs = context.NowUs,
        }, context);
        step.Decision.Put(bid with { State = BidState.Accepted });
        step.Decision.Move(Movements.Reduce(job.Id, job.BuyerOwner, job.Amount - bid.Amount, context.NowUs));
        return step
            .Enter(JobState.Active, job.DeadlineUs ?? context.NowUs + JobTimes.StaleUs)
            .Tell(FactType.BidAccepted, bid.Told, bid.Bidder)
            .Done();
    }

    /// <summary>Why a bid may not ask for this, or may not be told of any more.</summary>
    private static Refusal? Asks(Job job, Bid bid, JobContext context) =>
        bid.Amount > job.Amount
            ? Refusal.Invalid("amount", $"A bid may not be above the posted {context.Policy.Show(job.Amount)}.")
            : job.Sequence >= Limits.EventsPerJob
                ? Refusal.WrongState(
                    $"So much has happened to this job ({Limits.EventsPerJob} events) that it takes no more bids.")
                : null;
}
