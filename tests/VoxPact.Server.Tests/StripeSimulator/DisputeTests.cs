using Stripe;
using VoxPact.StripeSimulator;
using Xunit;

namespace VoxPact.Server.Tests.StripeSimulator;

public sealed class DisputeTests
{
    [Theory]
    [InlineData("pm_card_createDispute", "fraudulent")]
    [InlineData("pm_card_createDisputeProductNotReceived", "product_not_received")]
    public async Task A_test_card_disputes_its_charge_and_the_money_is_gone(string card, string reason)
    {
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { Fees = ProcessingFees.European });
        var intent = await ChargeAsync(sandbox, card);

        var dispute = Assert.Single((await sandbox.V1.Disputes.ListAsync(
            new DisputeListOptions { PaymentIntent = intent.Id }, cancellationToken: Sandbox.Stop)).Data);

        Assert.Equal(
            (reason, "needs_response", 10_000, intent.LatestChargeId),
            (dispute.Reason, dispute.Status, dispute.Amount, dispute.ChargeId));
        var movement = Assert.Single(dispute.BalanceTransactions);
        Assert.Equal(
            ("adjustment", "dispute", -10_000, 2_000, -12_000),
            (movement.Type, movement.ReportingCategory, movement.Amount, movement.Fee, movement.Net));
        Assert.Equal(10_000 - 175 - 12_000, await AvailableAsync(sandbox));
        var charge = await sandbox.V1.Charges.GetAsync(intent.LatestChargeId, cancellationToken: Sandbox.Stop);
        Assert.True(charge.Disputed);
        Assert.Equal(
            ["charge.dispute.funds_withdrawn", "charge.dispute.created", "payment_intent.succeeded"],
            (await RefundTests.EventsAsync(sandbox, 3)).Select(happened => happened.Type));
    }

    [Fact]
    public async Task Winning_evidence_brings_the_money_back_but_not_the_fee()
    {
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { Fees = ProcessingFees.European });
        var dispute = await DisputedAsync(sandbox, "pm_card_createDispute");

        var won = await sandbox.V1.Disputes.UpdateAsync(
            dispute.Id,
            new DisputeUpdateOptions
            {
                Evidence = new DisputeEvidenceOptions { UncategorizedText = "winning_evidence" },
                Submit = true,
            },
            cancellationToken: Sandbox.Stop);

        Assert.Equal("won", won.Status);
        Assert.Equal([-12_000, 10_000], won.BalanceTransactions.Select(movement => movement.Net));
        Assert.Equal(10_000 - 175 - 2_000, await AvailableAsync(sandbox));
        Assert.Equal(
            ["charge.dispute.funds_reinstated", "charge.dispute.closed", "charge.dispute.updated"],
            (await RefundTests.EventsAsync(sandbox, 3)).Select(happened => happened.Type));
    }

    [Fact]
    public async Task A_dispute_that_nobody_answers_is_lost_in_time()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var dispute = await DisputedAsync(sandbox, "pm_card_createDispute");

        await sandbox.AdvanceAsync(TimeSpan.FromDays(9));

        var lost = await sandbox.V1.Disputes.GetAsync(dispute.Id, cancellationToken: Sandbox.Stop);
        Assert.Equal("lost", lost.Status);
        Assert.Equal(0, await AvailableAsync(sandbox));
        var happened = Assert.Single(await RefundTests.EventsAsync(sandbox, 1));
        Assert.Equal("charge.dispute.closed", happened.Type);
        Assert.Equal("lost", ((Dispute)happened.Data.Object).Status);
    }

    [Fact]
    public async Task Any_charge_can_be_disputed_and_decided_from_outside()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var intent = await ChargeAsync(sandbox, "pm_card_visa");

        var opened = await sandbox.ControlAsync(
            "disputes", new { payment_intent = intent.Id, amount = 4_000, reason = "duplicate" });
        Assert.Equal(6_000, await AvailableAsync(sandbox));
        var refused = await Assert.ThrowsAsync<StripeException>(() => sandbox.V1.Refunds.CreateAsync(
            new RefundCreateOptions { PaymentIntent = intent.Id }, cancellationToken: Sandbox.Stop));
        await sandbox.ControlAsync($"disputes/{(string)opened["id"]!}/close", new { status = "won" });

        Assert.Equal("charge_disputed", refused.StripeError.Code);
        Assert.Equal(10_000, await AvailableAsync(sandbox));
    }

    [Fact]
    public async Task An_inquiry_takes_no_money()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var inquiry = await DisputedAsync(sandbox, "pm_card_createDisputeInquiry");
        Assert.Equal(("warning_needs_response", true), (inquiry.Status, inquiry.IsChargeRefundable));

        var closed = await sandbox.V1.Disputes.CloseAsync(inquiry.Id, cancellationToken: Sandbox.Stop);

        Assert.Equal("warning_closed", closed.Status);
        Assert.Equal(10_000, await AvailableAsync(sandbox));
    }

    private static async Task<Dispute> DisputedAsync(Sandbox sandbox, string testId)
    {
        var intent = await ChargeAsync(sandbox, testId);
        var charge = await sandbox.V1.Charges.GetAsync(
            intent.LatestChargeId, new ChargeGetOptions { Expand = ["dispute"] }, cancellationToken: Sandbox.Stop);
        return (await sandbox.V1.Disputes.ListAsync(
            new DisputeListOptions { Charge = charge.Id }, cancellationToken: Sandbox.Stop)).Data[0];
    }

    private static async Task<PaymentIntent> ChargeAsync(Sandbox sandbox, string testId)
    {
        var (customer, card) = await sandbox.SaveCardAsync(testId);
        return await CardTests.ChargeAsync(sandbox, customer.Id, card, 10_000);
    }

    private static async Task<long> AvailableAsync(Sandbox sandbox) =>
        (await sandbox.V1.Balance.GetAsync(cancellationToken: Sandbox.Stop)).Available[0].Amount;
}
