using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Verdicts;
using VoxPact.Domain.Work;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

/// <summary>Jobs in parts: what follows a part, and what becomes of one whose money is missing.</summary>
public sealed class JobPartTests
{
    private static readonly JobTerms s_agreed = new() { JobId = Scene.JobId, Description = "The first.", TaskSpec = "{}" };

    /// <summary>Which part of three ends how, and whether the next one is to be posted.</summary>
    [Theory]
    [InlineData(1, "approve", true)]
    [InlineData(1, "pass", true)]
    [InlineData(2, "pass", true)]
    [InlineData(3, "pass", false)]
    [InlineData(1, "cancel", false)]
    [InlineData(2, "cancel", false)]
    [InlineData(2, "split", false)]
    [InlineData(2, "release", true)]
    [InlineData(2, "refund", false)]
    public void Only_a_release_posts_the_next_part_and_none_follows_the_last(int number, string end, bool goesOn)
    {
        var scene = Active(number);
        if (end != "cancel") scene.Submitted();
        switch (end)
        {
            case "approve": scene.Do((job, context) => JobLifecycle.Approve(job, Party.Buyer, context)); break;
            case "pass": scene.Judged(VerdictOutcome.Pass); break;
            case "cancel": scene.Do((job, context) => JobLifecycle.Cancel(job, Party.Worker, context)); break;
            default:
                scene.Judged(VerdictOutcome.Unsure)
                    .Do((job, context) => JobLifecycle.Dispute(job, Party.Buyer, context))
                    .Do((job, context) => end == "split"
                        ? JobLifecycle.ResolveBySplit(job, Party.Arbiter, new Money(400), context)
                        : JobLifecycle.Resolve(job, Party.Arbiter, end == "release", context));
                while (!scene.Job.IsFinal) scene.TimedOut();
                break;
        }
        if (number < 3) Assert.Equal(goesOn, JobPart.GoesOnAfter(scene.Job.State, scene.Job.Closed));
        Assert.Equal(goesOn ? 1 : 0, scene.Books.Work.Count(work => work.Kind is WorkKind.PostPart));
    }

    [Fact]
    public void A_later_part_has_the_parties_the_fee_and_the_rules_of_the_one_before()
    {
        var before = Active(1).Job;
        var (job, terms) = Part(2).After(before, s_agreed, Scene.Numbered(101), 7);
        Assert.Equal((before.BuyerAgent, before.WorkerAgent, before.Fee, before.Release, before.MaxRevisions),
            (job.BuyerAgent, job.WorkerAgent, job.Fee, job.Release, job.MaxRevisions));
        Assert.Equal((new PartPlace(Scene.Numbered(90), 2, 3), "Part 2", new Money(200), 7 + 5 * Scene.HourUs),
            (job.Part, job.Title, job.Amount, job.DeadlineUs));
        Assert.Equal(("Do part 2.", "{}", Scene.Numbered(101)), (terms.Description, terms.TaskSpec, terms.JobId));
    }

    /// <summary>Of a part of 2.00: what the balance has, whether there is a card, and what state that leaves it in.</summary>
    [Theory]
    [InlineData(200, false, JobState.Active, 200)]
    [InlineData(199, false, JobState.Funding, 0)]
    [InlineData(199, true, JobState.Funding, 0)]
    public void It_is_active_with_its_money_and_waits_without(long balance, bool card, JobState state, long held)
    {
        var scene = WithNext(balance, card);
        Assert.Equal((state, new Money(held)), (scene.Job.State, scene.Job.Escrow));
        bool charged = scene.Books.Operations.Values.Any(one => one is { Kind: OperationKind.Charge, State: OperationState.Pending });
        Assert.Equal(card, charged);
        Assert.Equal(state is JobState.Funding ? 1 : 0, scene.Books.Waiting.Count(one => one.Value.Told));
        var told = scene.Books.Facts.Where(fact => fact.Subject == Scene.JobId).ToList();
        FactType[] expected = held > 0 ? [FactType.JobCreated, FactType.JobAccepted] : card ? [] : [FactType.PaymentFailed];
        Assert.Equal(expected, told.Select(fact => fact.Type));
        if (!card && held == 0) Assert.Equal([Scene.Buyer, Scene.Worker], told[0].Recipients);
    }

    [Fact]
    public void A_declined_card_leaves_it_waiting_until_72_hours_are_over()
    {
        var scene = WithNext(0, card: true);
        var charge = scene.Books.Operations.Values.Last() with { State = OperationState.Declined, FailureCode = "card_declined" };
        var rest = new Decision();
        var waiting = scene.Books.Waiting.Values.Select(one => (one, (Job?)scene.Job)).ToList();
        foreach (var (_, outcome) in JobFunding.FundWaiting(
            scene.BuyersMoney with { TopUpId = null }, waiting, charge, Scene.Numbered(700), rest, scene.Context))
            rest.Include(outcome.Decision!);
        scene.Take(rest);
        Assert.Equal((JobState.Funding, scene.NowUs + JobTimes.StaleUs), (scene.Job.State, scene.Job.DueUs));
        Assert.Equal(Scene.JobId, scene.Books.Waiting[Scene.JobId].TopUpId);
        scene.TimedOut();
        Assert.Equal((JobState.Cancelled, ClosedReason.PaymentFailed), (scene.Job.State, scene.Job.Closed));
        Assert.Contains(Scene.Worker, scene.Books.Facts.Last(fact => fact.Type is FactType.JobCancelled).Recipients);
    }

    [Fact]
    public void Its_time_begins_when_its_money_comes()
    {
        var scene = WithNext(0, card: false).After(30);
        scene.TopUp(Scene.BuyerOwner, new Money(200));
        scene.Do(JobLifecycle.Fund);
        Assert.Equal((JobState.Active, scene.NowUs + 5 * Scene.HourUs), (scene.Job.State, scene.Job.DeadlineUs));
    }

    [Fact]
    public void One_whose_party_is_gone_is_posted_as_cancelled_and_moves_nothing()
    {
        var scene = new Scene(200);
        var before = Scene.Draft() with { Part = new PartPlace(Scene.Numbered(90), 1, 3) };
        var (job, terms) = Part(2).After(before, s_agreed, Scene.JobId, scene.NowUs);
        scene.Take(JobFunding.DropPart(job, terms, scene.Context));
        Assert.Equal((JobState.Cancelled, new Money(200)), (scene.Job.State, scene.BuyersMoney.Available));
        Assert.Equal([Scene.Buyer, Scene.Worker], Assert.Single(scene.Books.Facts).Recipients);
        Assert.False(JobPart.GoesOnAfter(scene.Job.State, scene.Job.Closed));
    }

    private static JobPart Part(int number) => new()
    {
        SeriesId = Scene.JobId,
        Number = number,
        SeriesTitle = "The whole",
        Title = $"Part {number}",
        Description = $"Do part {number}.",
        Amount = new Money(100 * number),
        DeadlineHours = 5,
    };

    private static Scene Active(int number)
    {
        var job = Scene.Draft() with { Part = new PartPlace(Scene.Numbered(90), number, 3) };
        if (number == 1) return new Scene().Posted(job).Accepted();
        return new Scene().Posted(job with { Fee = new BasisPoints(1_000) });
    }

    private static Scene WithNext(long balance, bool card)
    {
        var scene = new Scene(balance);
        if (!card) scene.Books.Owners[Scene.BuyerOwner] = scene.BuyersMoney with { DefaultCardId = null };
        var before = Scene.Draft() with { Part = new PartPlace(Scene.Numbered(90), 1, 3), Fee = new BasisPoints(1_000) };
        var (job, terms) = Part(2).After(before, s_agreed, Scene.JobId, scene.NowUs);
        return scene.Take(JobFunding.PostPart(job, terms, scene.BuyersMoney, Scene.Numbered(600), scene.Context));
    }
}
