using Stripe;
using VoxPact.StripeSimulator;
using Xunit;

namespace VoxPact.Server.Tests.StripeSimulator;

public sealed class RefundTests
{
    [Fact]
    public async Task A_refund_can_fail_later_and_gives_the_money_back()
    {
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { Fees = ProcessingFees.European });
        var refund = await RefundAsync(sandbox, "pm_card_refundFail");
        Assert.Equal("succeeded", refund.Status);

        await sandbox.AdvanceAsync(TimeSpan.FromHours(1));

        var after = await sandbox.V1.Refunds.GetAsync(refund.Id, cancellationToken: Sandbox.Stop);
        Assert.Equal(("failed", "lost_or_stolen_card"), (after.Status, after.FailureReason));
        var balance = await sandbox.V1.Balance.GetAsync(cancellationToken: Sandbox.Stop);
        Assert.Equal(960, balance.Available[0].Amount);
        Assert.Equal(
            ["refund.failed", "refund.updated", "charge.refund.updated"],
            (await EventsAsync(sandbox, 3)).Select(happened => happened.Type));
    }

    [Fact]
    public async Task A_refund_can_be_made_to_fail()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var refund = await RefundAsync(sandbox, "pm_card_visa");

        await sandbox.ControlAsync($"refunds/{refund.Id}/fail", new { failure_reason = "expired_or_canceled_card" });

        var listed = await sandbox.V1.Refunds.ListAsync(
            new RefundListOptions { PaymentIntent = refund.PaymentIntentId }, cancellationToken: Sandbox.Stop);
        var failed = Assert.Single(listed.Data);
        Assert.Equal(("failed", "expired_or_canceled_card"), (failed.Status, failed.FailureReason));
        Assert.NotNull(failed.FailureBalanceTransactionId);
        var movements = await sandbox.V1.BalanceTransactions.ListAsync(
            new BalanceTransactionListOptions { Type = "refund_failure" }, cancellationToken: Sandbox.Stop);
        Assert.Equal(1_000, Assert.Single(movements.Data).Net);
    }

    [Fact]
    public async Task A_refund_can_wait_for_the_bank()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var refund = await RefundAsync(sandbox, "pm_card_pendingRefund");
        Assert.Equal("pending", refund.Status);

        await sandbox.AdvanceAsync(TimeSpan.FromHours(1));

        var after = await sandbox.V1.Refunds.GetAsync(refund.Id, cancellationToken: Sandbox.Stop);
        Assert.Equal("succeeded", after.Status);
        Assert.Equal(
            ["refund.updated", "charge.refund.updated"],
            (await EventsAsync(sandbox, 2)).Select(happened => happened.Type));
    }

    [Fact]
    public async Task Nothing_costs_anything_until_fees_are_asked_for()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, card) = await sandbox.SaveCardAsync();
        await CardTests.ChargeAsync(sandbox, customer.Id, card, 1_000);

        await sandbox.ControlAsync("fees", new { basis_points = 290, @fixed = 30 });
        await sandbox.RestartAsync();
        await CardTests.ChargeAsync(sandbox, customer.Id, card, 1_010);

        var movements = await sandbox.V1.BalanceTransactions.ListAsync(
            new BalanceTransactionListOptions { Type = "charge" }, cancellationToken: Sandbox.Stop);
        Assert.Equal([59, 0], movements.Data.Select(movement => movement.Fee));
        Assert.Equal("stripe_fee", Assert.Single(movements.Data[0].FeeDetails).Type);
        Assert.Equal(951, movements.Data[0].Net);
    }

    internal static async Task<List<Event>> EventsAsync(Sandbox sandbox, int limit) =>
        (await sandbox.V1.Events.ListAsync(
            new EventListOptions { Limit = limit }, cancellationToken: Sandbox.Stop)).Data;

    private static async Task<Refund> RefundAsync(Sandbox sandbox, string testId)
    {
        var (customer, card) = await sandbox.SaveCardAsync(testId);
        var intent = await CardTests.ChargeAsync(sandbox, customer.Id, card, 1_000);
        return await sandbox.V1.Refunds.CreateAsync(
            new RefundCreateOptions { PaymentIntent = intent.Id }, cancellationToken: Sandbox.Stop);
    }
}
