using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Verdicts;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

public sealed class JobCaseTests
{
    [Theory]
    [InlineData(1_000, 999, 1_000, 900, 99)]
    [InlineData(1_000, 1, 1_000, 1, 0)]
    [InlineData(1_000, 1_000, 1_000, 900, 100)]
    [InlineData(1_000, 815, 700, 758, 57)]
    public void A_bid_below_the_amount_releases_and_gives_back_exactly(
        long posted, long bid, int feeBps, long earned, long fee)
    {
        var scene = new Scene(posted).Posted(Scene.Draft(open: true, amount: posted));
        Place(scene, Scene.BidOf(Scene.Worker, Scene.WorkerOwner, bid));
        var policy = Scene.Policy with { Fee = new BasisPoints(feeBps) };
        scene.Do((job, context) => JobLifecycle.AcceptBid(
            job, scene.Books.Bids.Values.Single(), Party.Buyer, context with { Policy = policy }));
        Assert.Equal(posted - bid, scene.BuyersMoney.Available.Minor);
        Assert.Equal((bid, bid), (scene.Job.Amount.Minor, scene.Job.Escrow.Minor));
        scene.Submitted().Judged(VerdictOutcome.Pass);
        Assert.Equal((earned, fee), (scene.WorkersMoney.Earnings.Minor,
            bid - scene.WorkersMoney.Earnings.Minor));
        Assert.Equal(posted - bid, scene.BuyersMoney.Available.Minor);
    }

    [Fact]
    public void A_bid_below_the_amount_refunds_exactly()
    {
        var scene = new Scene().Posted(Scene.Draft(open: true));
        Place(scene, Scene.BidOf(Scene.Worker, Scene.WorkerOwner, 333));
        scene.Do((job, context) => JobLifecycle.AcceptBid(job, scene.Books.Bids.Values.Single(), Party.Buyer,
            context));
        scene.Do((job, context) => JobLifecycle.Cancel(job, Party.Worker, context));
        Assert.Equal(1_000, scene.BuyersMoney.Available.Minor);
        Assert.Equal([667L, 333L], scene.Books.EntriesOf(Scene.JobId)
            .Where(entry => entry.Slot is not Slot.Hold)
            .OrderBy(entry => entry.Slot).Select(entry => entry.Amount.Minor));
    }

    [Fact]
    public void The_losing_bidders_are_told_once_and_their_bids_are_dead()
    {
        var scene = new Scene().Posted(Scene.Draft(open: true));
        Place(scene, Scene.BidOf(Scene.Worker, Scene.WorkerOwner, 900, 0));
        Place(scene, Scene.BidOf(Scene.Stranger, Scene.BuyerOwner, 800, 1));
        scene.Do((job, context) => JobLifecycle.AcceptBid(job, scene.Books.Bids[Scene.Numbered(200)],
            Party.Buyer, context));
        Assert.Equal(
            [BidState.Accepted, BidState.Rejected], scene.Books.Bids.Values.Select(bid => bid.State));
        var told = scene.Books.Facts.Single(fact => fact.Type is FactType.BidRejected);
        Assert.Equal([Scene.Stranger], told.Recipients);
        var dead = JobLifecycle.AcceptBid(
            scene.Job, scene.Books.Bids[Scene.Numbered(201)], Party.Buyer, scene.Context);
        Assert.Equal(RefusalCode.WrongState, dead.Refusal?.Code);
        Assert.Equal("This job is in state active; accepting a bid is possible only in open.", dead.Refusal!.Sentence);
        Assert.Equal("This job is in state active; approving the work is possible only in validating, review, failed or disputed.",
            JobLifecycle.Approve(scene.Job, Party.Buyer, scene.Context).Refusal?.Sentence);
    }

    [Fact]
    public void A_bid_above_the_amount_a_second_bid_and_one_too_many_are_refused()
    {
        var scene = new Scene().Posted(Scene.Draft(open: true));
        Outcome Bid(Bid bid, IReadOnlyList<Bid>? others = null) =>
            JobLifecycle.PlaceBid(scene.Job, bid, Party.None, scene.Context with { Bids = others });
        var bid = Scene.BidOf(Scene.Worker, Scene.WorkerOwner, 1_001);
        Assert.Equal(RefusalCode.ValidationFailed, Bid(bid).Refusal?.Code);
        bid = bid with { Amount = new Money(1_000) };
        Assert.Null(Bid(bid).Refusal);
        Assert.Equal(RefusalCode.AlreadyDone, Bid(bid, [bid]).Refusal?.Code);
        var crowd = Enumerable.Range(0, Limits.BidsPerJob)
            .Select(at => bid with { Bidder = Scene.Numbered(5_000 + at) }).ToList();
        Assert.Equal(RefusalCode.WrongState, Bid(bid, crowd).Refusal?.Code);
        Assert.Null(Bid(bid, crowd[1..]).Refusal);
    }

    [Fact]
    public void A_bid_can_be_changed_and_withdrawn_and_one_that_was_changed_is_not_accepted_unseen()
    {
        var scene = new Scene().Posted(Scene.Draft(open: true));
        var bid = Scene.BidOf(Scene.Worker, Scene.WorkerOwner, 900);
        scene.Do((job, context) => JobLifecycle.PlaceBid(job, bid, Party.None, context with { Bids = [] }));
        var dearer = bid with { Amount = new Money(1_001) };
        Assert.Equal(RefusalCode.ValidationFailed,
            JobLifecycle.ChangeBid(scene.Job, dearer, Party.None, scene.Context).Refusal?.Code);
        var changed = bid with { Amount = new Money(950) };
        scene.Do((job, context) => JobLifecycle.ChangeBid(job, changed, Party.None, context));
        Assert.Equal(RefusalCode.WrongState, JobLifecycle.AcceptBid(
            scene.Job, changed, Party.Buyer, scene.Context, seen: new Money(900)).Refusal?.Code);
        Assert.Null(JobLifecycle.AcceptBid(
            scene.Job, changed, Party.Buyer, scene.Context, seen: new Money(950)).Refusal);
        scene.Do((job, context) => JobLifecycle.WithdrawBid(job, changed, Party.None, context));
        Assert.Empty(scene.Books.Bids);
        scene.Do((job, context) => JobLifecycle.PlaceBid(job, bid, Party.None, context with { Bids = [] }));
        Assert.Equal([FactType.BidReceived, FactType.BidUpdated, FactType.BidWithdrawn, FactType.BidReceived],
            scene.Books.Facts.Select(fact => fact.Type));
    }

    [Fact]
    public void Every_end_of_an_open_job_tells_its_live_bidders()
    {
        foreach (var end in new Func<Scene, Scene>[]
        {
            scene => scene.Do((job, context) => JobLifecycle.Cancel(job, Party.Buyer, context)),
            scene => scene.TimedOut(),
            scene => scene.Do((job, context) => JobLifecycle.TakeBack(job, context)),
        })
        {
            var scene = new Scene().Posted(Scene.Draft(open: true));
            var bid = Scene.BidOf(Scene.Worker, Scene.WorkerOwner, 900);
            scene.Do((job, context) => JobLifecycle.PlaceBid(job, bid, Party.None, context with { Bids = [] }));
            end(scene);
            Assert.Equal([Scene.Worker],
                scene.Books.Facts.Single(fact => fact.Type is FactType.BidRejected).Recipients);
            Assert.Equal(BidState.Rejected, scene.Books.Bids[bid.Id].State);
        }
    }

    [Theory]
    [InlineData("validating", Party.Buyer)]
    [InlineData("review", Party.Worker)]
    [InlineData("failed", Party.Worker)]
    [InlineData("active, submitted", Party.Buyer)]
    public void A_cancel_by_both_ends_the_job_and_by_one_alone_does_not(string place, Party first)
    {
        var second = first is Party.Buyer ? Party.Worker : Party.Buyer;
        var scene = Scene.At(place).Do((job, context) => JobLifecycle.Cancel(job, first, context));
        Assert.Equal(first, scene.Job.CancelRequestedBy);
        Assert.Equal(RefusalCode.AlreadyDone, JobLifecycle.Cancel(scene.Job, first,
            scene.Context).Refusal?.Code);
        Assert.Equal(1_000, scene.Job.Escrow.Minor);
        scene.Do((job, context) => JobLifecycle.Cancel(job, second, context));
        Assert.Equal(ClosedReason.Cancelled, scene.Job.Closed);
        Assert.Equal(1_000, scene.BuyersMoney.Available.Minor);
    }

    [Fact]
    public void A_step_forward_forgets_an_earlier_request_to_cancel()
    {
        var scene = Scene.At("active").Do((job, context) => JobLifecycle.Cancel(job, Party.Buyer, context))
            .Submitted();
        Assert.Equal(Party.None, scene.Job.CancelRequestedBy);
        scene.Do((job, context) => JobLifecycle.Cancel(job, Party.Worker, context));
        Assert.Equal(JobState.Validating, scene.Job.State);
    }

    [Fact]
    public void A_verdict_counts_only_for_the_submission_it_was_asked_about()
    {
        var scene = Scene.At("validating");
        var judged = scene.Books.Submissions[0];
        foreach (var other in new[] { judged with { Number = 2 }, judged with { Hash = [9] } })
            Assert.Equal(RefusalCode.WrongState,
                JobLifecycle.RecordVerdict(scene.Job, other, VerdictOutcome.Pass,
                    scene.Context).Refusal?.Code);
        scene.Judged(VerdictOutcome.Fail).Submitted();
        Assert.Equal(RefusalCode.WrongState,
            JobLifecycle.RecordVerdict(scene.Job, judged, VerdictOutcome.Pass, scene.Context).Refusal?.Code);
    }

    [Fact]
    public void The_buyers_revisions_use_up_submissions_too()
    {
        var scene = Scene.At("review").Revised().Submitted().Judged(VerdictOutcome.Unsure).Revised()
            .Submitted()
            .Judged(VerdictOutcome.Unsure);
        Assert.Equal(0, scene.Job.SubmissionsLeft);
        Assert.Equal(RefusalCode.NoSubmissionsLeft,
            JobLifecycle.RequestRevision(scene.Job, Party.Buyer, scene.Context).Refusal?.Code);
    }

    [Theory]
    [InlineData(true, 900, 0)]
    [InlineData(false, 0, 1_000)]
    public void The_arbiter_decides_for_one_side(bool release, long earned, long back)
    {
        var scene = Scene.At("disputed")
            .Do((job, context) => JobLifecycle.Resolve(job, Party.Arbiter, release, context));
        Assert.Equal((earned, back), (scene.WorkersMoney.Earnings.Minor, scene.BuyersMoney.Available.Minor));
        Assert.Equal("dispute", JobWords.Of(scene.Job.Closed!.Value));
    }

    [Fact]
    public void The_fee_is_the_one_of_the_day_the_job_was_accepted()
    {
        var scene = Scene.At("validating");
        var dearer = Scene.Policy with { Fee = new BasisPoints(5_000) };
        scene.Do((job, context) => JobLifecycle.Approve(job, Party.Buyer, context with { Policy = dearer }));
        Assert.Equal(900, scene.WorkersMoney.Earnings.Minor);
    }

    [Fact]
    public void The_worker_is_told_what_was_earned_and_kept_and_a_payout_is_asked_for()
    {
        var scene = Scene.At("completed");
        var paid = scene.Books.Facts.Single(fact => fact.Type is FactType.PaymentReceived);
        Assert.Equal((1_000L, 100L, 900L), (paid.Data.AmountMinor, paid.Data.FeeMinor, paid.Data.NetMinor));
        Assert.Equal([Scene.Worker], paid.Recipients);
        Assert.True(scene.WorkersMoney.PayoutScheduled);
    }

    private static void Place(Scene scene, Bid bid) =>
        scene.Do((job, context) => JobLifecycle.PlaceBid(job, bid, Party.None, context));
}
