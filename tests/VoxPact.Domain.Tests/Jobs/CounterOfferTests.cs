using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

/// <summary>Other terms than the buyer's: what they cost, and when they are live.</summary>
public sealed class CounterOfferTests
{
    /// <summary>Balance before the post, what is asked for a job of 10.00, what is left and held when it is accepted.</summary>
    [Theory]
    [InlineData(1_500, 1_200, 300, 1_200)]
    [InlineData(1_200, 1_200, 0, 1_200)]
    [InlineData(1_000, 999, 1, 999)]
    [InlineData(1_000, 1, 999, 1)]
    public void An_accepted_one_moves_exactly_the_difference(long balance, long asked, long left, long held)
    {
        var scene = Countered(balance, asked);
        scene.Do((job, context) => JobLifecycle.AcceptCounterOffer(job, Standing(scene), Party.Buyer, context));
        Assert.Equal((JobState.Active, new Money(held), new Money(held), new Money(left)),
            (scene.Job.State, scene.Job.Amount, scene.Job.Escrow, scene.BuyersMoney.Available));
        Assert.Empty(scene.Books.CounterOffers);
        scene.Submitted().Do((job, context) => JobLifecycle.Approve(job, Party.Buyer, context));
        Assert.Equal(new Money(held).Split(new BasisPoints(1_000)).Remainder, scene.WorkersMoney.Earnings);
    }

    [Fact]
    public void More_than_the_balance_has_is_refused_and_says_what_is_missing()
    {
        var scene = Countered(1_199, 1_200);
        Assert.Equal(RefusalCode.PaymentMethodRequired, JobLifecycle.AcceptCounterOffer(
            scene.Job, Standing(scene), Party.Buyer, scene.Context).Refusal?.Code);
        Assert.Equal(new Money(1), JobLifecycle.MissingFor(scene.Job, Standing(scene), scene.Context));
    }

    [Fact]
    public void There_is_one_at_a_time_and_it_ends_with_the_offer_to_its_worker()
    {
        var scene = Countered(1_000, 900);
        Outcome Make(long amount) => JobLifecycle.MakeCounterOffer(
            scene.Job, Scene.CounterOfferOf(scene.Job, amount), Standing(scene), Party.Worker, scene.Context);
        Assert.Equal(RefusalCode.AlreadyDone, Make(800).Refusal?.Code);
        Assert.Equal(RefusalCode.WrongState, JobLifecycle.AcceptCounterOffer(
            scene.Job, Standing(scene), Party.Buyer, scene.Context, seen: new Money(800)).Refusal?.Code);
        var other = scene.Job with { WorkerAgent = Scene.Stranger };
        Assert.Equal(RefusalCode.WrongState, JobLifecycle.AcceptCounterOffer(
            other, Standing(scene), Party.Buyer, scene.Context).Refusal?.Code);
        scene.Do((job, context) => JobLifecycle.DeclineCounterOffer(job, Standing(scene), Party.Buyer, context));
        Assert.Equal((JobState.Offered, new Money(1_000)), (scene.Job.State, scene.Job.Amount));
        Assert.Equal(RefusalCode.ValidationFailed, JobLifecycle.MakeCounterOffer(
            scene.Job, Scene.CounterOfferOf(scene.Job, 1_000), null, Party.Worker, scene.Context).Refusal?.Code);
    }

    private static Scene Countered(long balance, long asked) => new Scene(balance).Posted(Scene.Draft()).Do(
        (job, context) => JobLifecycle.MakeCounterOffer(
            job, Scene.CounterOfferOf(job, asked), null, Party.Worker, context));

    private static CounterOffer Standing(Scene scene) => scene.Books.CounterOffers[Scene.JobId];
}
