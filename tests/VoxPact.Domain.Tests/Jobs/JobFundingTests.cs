using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

public sealed class JobFundingTests
{
    private static readonly Guid s_next = Scene.Numbered(777);

    [Theory]
    [InlineData(0, 10, 50)]
    [InlineData(9, 10, 50)]
    [InlineData(0, 50, 50)]
    [InlineData(0, 51, 51)]
    [InlineData(1, 1_000, 999)]
    public void A_short_balance_charges_the_shortfall_or_the_top_up_unit(long balance, long amount,
        long charged)
    {
        var scene = new Scene(balance).Posted(Scene.Draft(amount: amount));
        Assert.Equal(JobState.Funding, scene.Job.State);
        var charge = scene.Books.Operations.Values.Single(one => one.State is OperationState.Pending);
        Assert.Equal(charged, charge.Amount.Minor);
        Assert.Equal(charge.Id, scene.BuyersMoney.TopUpId);
        Assert.Contains($"\"AmountMinor\":{charged}", charge.Body);
        Assert.Single(scene.Books.Work, work => work.Kind is WorkKind.SendOperation
            && work.Subject == charge.Id);
        Settle(scene, charge, OperationState.Done);
        Assert.Equal(JobState.Offered, scene.Job.State);
        Assert.Equal(balance + charged - amount, scene.BuyersMoney.Available.Minor);
    }

    [Fact]
    public void A_balance_that_suffices_holds_at_once_and_a_missing_card_is_a_402_that_changes_nothing()
    {
        Assert.Equal(JobState.Offered, new Scene(1_000).Posted(Scene.Draft()).Job.State);
        var scene = new Scene(999);
        scene.Books.Owners[Scene.BuyerOwner] = scene.BuyersMoney with { DefaultCardId = null };
        Assert.Equal(RefusalCode.PaymentMethodRequired, scene.Post(Scene.Draft()).Refusal?.Code);
    }

    [Fact]
    public void A_job_for_bids_is_listed_once_it_is_funded_and_not_before()
    {
        var scene = new Scene(0).Posted(Scene.Draft(open: true));
        Assert.Empty(scene.Books.Listings);
        Settle(scene, Charge(scene), OperationState.Done);
        Assert.Equal(JobState.Open, scene.Job.State);
        Assert.Equal([Scene.JobId], scene.Books.Listings);
    }

    [Fact]
    public void One_charge_at_a_time_and_the_next_is_sized_for_all_that_still_wait()
    {
        var scene = Waiting(400, 300, 300);
        var first = Charge(scene);
        Assert.Equal(400, first.Amount.Minor);
        Settle(scene, first, OperationState.Done);
        Assert.Equal([JobState.Offered, JobState.Funding, JobState.Funding], States(scene));
        var second = Charge(scene);
        Assert.Equal((600, s_next), (second.Amount.Minor, second.Id));
        Assert.All(scene.Books.Waiting.Values, waiting => Assert.Equal(s_next, waiting.TopUpId));
        Settle(scene, second, OperationState.Done);
        Assert.All(States(scene), state => Assert.Equal(JobState.Offered, state));
        Assert.Empty(scene.Books.Waiting);
        Assert.Equal(0, scene.BuyersMoney.Available.Minor);
    }

    [Fact]
    public void Waiting_jobs_are_funded_in_the_order_they_came()
    {
        var scene = Waiting(500, 200, 200, 200);
        scene.TopUp(Scene.BuyerOwner, new Money(400));
        Settle(scene, Charge(scene), OperationState.Done);
        Assert.Equal([JobState.Offered, JobState.Offered, JobState.Offered, JobState.Funding], States(scene));
        Assert.Equal(200, Charge(scene).Amount.Minor + scene.BuyersMoney.Available.Minor);
    }

    [Fact]
    public void A_decline_fails_only_the_jobs_that_waited_for_that_charge()
    {
        var scene = Waiting(400, 300);
        var later = scene.Books.Waiting[Id(1)];
        scene.Books.Waiting[Id(1)] = later with { TopUpId = Scene.Numbered(778) };
        Settle(scene, Charge(scene), OperationState.Declined);
        Assert.False(scene.Books.Jobs.ContainsKey(Id(0)));
        Assert.Equal(JobState.Funding, scene.Books.Jobs[Id(1)].State);
        Assert.Equal(s_next, scene.Books.Waiting[Id(1)].TopUpId);
        Assert.Equal(300, Charge(scene).Amount.Minor);
    }

    [Fact]
    public void A_decline_removes_what_nobody_was_told_of_and_cancels_what_somebody_was()
    {
        var scene = Waiting(400, 300);
        scene.Books.Waiting[Id(1)] = scene.Books.Waiting[Id(1)] with { Told = true };
        Settle(scene, Charge(scene), OperationState.Declined);
        Assert.Equal([Id(1)], scene.Books.Jobs.Keys);
        Assert.Equal((JobState.Cancelled, ClosedReason.PaymentFailed),
            (States(scene)[0], scene.Books.Jobs[Id(1)].Closed));
        Assert.Equal([FactType.PaymentFailed, FactType.JobCancelled], scene.Books.Facts.Select(fact =>
            fact.Type));
        Assert.Empty(scene.Books.Waiting);
        Assert.Null(scene.BuyersMoney.TopUpId);
    }

    [Fact]
    public void A_decline_still_funds_from_a_balance_that_came_meanwhile_what_did_not_wait_for_it()
    {
        var scene = Waiting(400, 300);
        scene.Books.Waiting[Id(1)] = scene.Books.Waiting[Id(1)] with { TopUpId = Scene.Numbered(778) };
        scene.TopUp(Scene.BuyerOwner, new Money(300));
        Settle(scene, Charge(scene), OperationState.Declined);
        Assert.Equal(JobState.Offered, scene.Books.Jobs[Id(1)].State);
        Assert.DoesNotContain(
            scene.Books.Operations.Values, operation => operation.State is OperationState.Pending);
    }

    [Fact]
    public void A_job_that_ended_while_it_waited_only_leaves_the_queue_and_its_money_becomes_balance()
    {
        var scene = Waiting(400);
        scene.Take(JobLifecycle.Cancel(scene.Books.Jobs[Id(0)], Party.Buyer, scene.Context));
        Settle(scene, Charge(scene), OperationState.Done);
        Assert.Empty(scene.Books.Waiting);
        Assert.Equal(400, scene.BuyersMoney.Available.Minor);
        Assert.Equal(JobState.Cancelled, scene.Books.Jobs[Id(0)].State);
    }

    [Fact]
    public void A_card_that_is_gone_when_more_is_needed_fails_what_still_waits()
    {
        var scene = Waiting(400, 300);
        var charge = Charge(scene);
        scene.Books.Owners[Scene.BuyerOwner] = scene.BuyersMoney with { DefaultCardId = null };
        Settle(scene, charge, OperationState.Done);
        Assert.Equal(JobState.Offered, scene.Books.Jobs[Id(0)].State);
        Assert.False(scene.Books.Jobs.ContainsKey(Id(1)));
        Assert.DoesNotContain(
            scene.Books.Operations.Values, operation => operation.State is OperationState.Pending);
    }

    private static Guid Id(int at) => Scene.Numbered(1_000 + at);

    private static Scene Waiting(params long[] amounts)
    {
        var scene = new Scene(0);
        for (int at = 0; at < amounts.Length; at++)
            scene.Posted(Scene.Draft(amount: amounts[at]) with { Id = Id(at) });
        return scene;
    }

    private static Operation Charge(Scene scene) =>
        scene.Books.Operations.Values.Single(operation => operation.State is OperationState.Pending);

    private static JobState[] States(Scene scene) => [.. scene.Books.Jobs.Values.Select(job => job.State)];

    /// <summary>
    /// What the server does when Stripe has answered: first the charge, then whoever waited.
    /// </summary>
    private static void Settle(Scene scene, Operation charge, OperationState state)
    {
        Owner owner = scene.BuyersMoney with { TopUpId = null };
        var settled = charge with { State = state };
        var decision = new Decision().Put(settled).Put(owner);
        if (state is OperationState.Done)
            decision.Move(Movements.TopUp(charge.Id, owner.Id, charge.Amount, scene.NowUs));
        scene.Take(decision);
        var rest = new Decision();
        var waiting = scene.Books.Waiting.Values.Select(one =>
            (one, scene.Books.Jobs.GetValueOrDefault(one.JobId))).ToList();
        foreach (var (_, outcome) in JobFunding.FundWaiting(
            scene.BuyersMoney, waiting, settled, s_next, rest, scene.Context)) rest.Include(
                outcome.Decision!);
        scene.Take(rest);
    }
}
