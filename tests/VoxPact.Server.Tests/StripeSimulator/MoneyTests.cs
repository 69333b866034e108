using System.Net;
using Stripe;
using VoxPact.StripeSimulator;
using Xunit;

namespace VoxPact.Server.Tests.StripeSimulator;

public sealed class MoneyTests
{
    [Fact]
    public async Task A_charge_is_pending_until_its_time_has_come()
    {
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { BalanceDelay = TimeSpan.FromDays(3), Fees = ProcessingFees.European });
        var (customer, card) = await sandbox.SaveCardAsync();

        await CardTests.ChargeAsync(sandbox, customer.Id, card, 10_000);
        var before = await sandbox.V1.Balance.GetAsync(cancellationToken: Sandbox.Stop);
        await sandbox.AdvanceAsync(TimeSpan.FromDays(3));
        var after = await sandbox.V1.Balance.GetAsync(cancellationToken: Sandbox.Stop);

        Assert.Equal((0, 9_825), (before.Available[0].Amount, before.Pending[0].Amount));
        Assert.Equal((9_825, 0), (after.Available[0].Amount, after.Pending[0].Amount));
    }

    [Fact]
    public async Task The_bypass_card_is_available_at_once()
    {
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { BalanceDelay = TimeSpan.FromDays(3), Fees = ProcessingFees.European });
        var (customer, card) = await sandbox.SaveCardAsync("pm_card_bypassPending");

        await CardTests.ChargeAsync(sandbox, customer.Id, card, 10_000);

        var balance = await sandbox.V1.Balance.GetAsync(cancellationToken: Sandbox.Stop);
        Assert.Equal(9_825, balance.Available[0].Amount);
    }

    [Fact]
    public async Task A_transfer_moves_available_money_to_an_onboarded_account()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var account = await sandbox.OnboardAsync();
        await sandbox.FundAsync(5_000);

        var transfer = await TransferAsync(sandbox, account.Id, 3_000);

        Assert.Equal(account.Id, transfer.DestinationId);
        var platform = await sandbox.V1.Balance.GetAsync(cancellationToken: Sandbox.Stop);
        var worker = await sandbox.V1.Balance.GetAsync(
            null, new RequestOptions { StripeAccount = account.Id }, Sandbox.Stop);
        Assert.Equal(2_000, platform.Available[0].Amount);
        Assert.Equal(3_000, worker.Available[0].Amount);
        var listed = await sandbox.V1.Transfers.ListAsync(
            new TransferListOptions { TransferGroup = "batch_1", Destination = account.Id },
            cancellationToken: Sandbox.Stop);
        Assert.Equal("transfer:batch_1", Assert.Single(listed.Data).Metadata["op"]);
        var movement = await sandbox.V1.BalanceTransactions.ListAsync(
            new BalanceTransactionListOptions { Source = transfer.Id }, cancellationToken: Sandbox.Stop);
        Assert.Equal(-3_000, Assert.Single(movement.Data).Net);
    }

    [Fact]
    public async Task A_transfer_above_the_available_balance_is_refused()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var account = await sandbox.OnboardAsync();
        await sandbox.FundAsync(2_999);

        var refused = await Assert.ThrowsAsync<StripeException>(
            () => TransferAsync(sandbox, account.Id, 3_000));

        Assert.Equal(HttpStatusCode.BadRequest, refused.HttpStatusCode);
        Assert.Equal("balance_insufficient", refused.StripeError.Code);
        var listed = await sandbox.V1.Transfers.ListAsync(cancellationToken: Sandbox.Stop);
        Assert.Empty(listed.Data);
    }

    [Fact]
    public async Task A_transfer_to_an_account_that_has_not_onboarded_is_refused()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.FundAsync(5_000);
        var account = await sandbox.V1.Accounts.CreateAsync(
            new AccountCreateOptions { Type = "express" }, cancellationToken: Sandbox.Stop);

        var closed = await Assert.ThrowsAsync<StripeException>(() => TransferAsync(sandbox, account.Id, 100));
        var nobody = await Assert.ThrowsAsync<StripeException>(
            () => TransferAsync(sandbox, "acct_nobody", 100));

        Assert.Equal("insufficient_capabilities_for_transfer", closed.StripeError.Code);
        Assert.Equal("resource_missing", nobody.StripeError.Code);
        Assert.Equal("destination", nobody.StripeError.Param);
    }

    [Fact]
    public async Task A_reversed_transfer_brings_the_money_back()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var account = await sandbox.OnboardAsync();
        await sandbox.FundAsync(3_000);
        var transfer = await TransferAsync(sandbox, account.Id, 3_000);

        await sandbox.V1.Transfers.Reversals.CreateAsync(
            transfer.Id, new TransferReversalCreateOptions { Amount = 1_000 },
            cancellationToken: Sandbox.Stop);
        await sandbox.V1.Transfers.Reversals.CreateAsync(transfer.Id, cancellationToken: Sandbox.Stop);

        var after = await sandbox.V1.Transfers.GetAsync(transfer.Id, cancellationToken: Sandbox.Stop);
        Assert.True(after.Reversed);
        Assert.Equal([2_000, 1_000], after.Reversals.Data.Select(reversal => reversal.Amount));
        var balance = await sandbox.V1.Balance.GetAsync(cancellationToken: Sandbox.Stop);
        Assert.Equal(3_000, balance.Available[0].Amount);
    }

    [Fact]
    public async Task A_charge_is_refunded_in_parts_and_never_beyond_its_amount()
    {
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { Fees = ProcessingFees.European });
        var (customer, card) = await sandbox.SaveCardAsync();
        var intent = await CardTests.ChargeAsync(sandbox, customer.Id, card, 1_000);
        Task<Refund> RefundAsync(long? amount) => sandbox.V1.Refunds.CreateAsync(
            new RefundCreateOptions { PaymentIntent = intent.Id, Amount = amount },
            cancellationToken: Sandbox.Stop);

        await RefundAsync(400);
        var tooMuch = await Assert.ThrowsAsync<StripeException>(() => RefundAsync(601));
        var rest = await RefundAsync(null);
        var again = await Assert.ThrowsAsync<StripeException>(() => RefundAsync(null));

        Assert.Equal(600, rest.Amount);
        Assert.Equal("amount", tooMuch.StripeError.Param);
        Assert.Equal("charge_already_refunded", again.StripeError.Code);
        var charge = await sandbox.V1.Charges.GetAsync(
            intent.LatestChargeId, cancellationToken: Sandbox.Stop);
        Assert.True(charge.Refunded);
        var balance = await sandbox.V1.Balance.GetAsync(cancellationToken: Sandbox.Stop);
        Assert.Equal(-40, balance.Available[0].Amount);
    }

    [Fact]
    public async Task Two_steps_of_a_charge_can_be_read_between()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, card) = await sandbox.SaveCardAsync();
        var created = await sandbox.V1.PaymentIntents.CreateAsync(
            new PaymentIntentCreateOptions
            {
                Amount = 1_000,
                Currency = "eur",
                Customer = customer.Id,
                PaymentMethod = card,
            },
            cancellationToken: Sandbox.Stop);
        Assert.Equal("requires_confirmation", created.Status);

        var confirmed = await sandbox.V1.PaymentIntents.ConfirmAsync(
            created.Id, new PaymentIntentConfirmOptions { OffSession = true },
            cancellationToken: Sandbox.Stop);
        var twice = await Assert.ThrowsAsync<StripeException>(() => sandbox.V1.PaymentIntents.ConfirmAsync(
            created.Id, new PaymentIntentConfirmOptions { OffSession = true },
            cancellationToken: Sandbox.Stop));
        var charges = await sandbox.V1.Charges.ListAsync(
            new ChargeListOptions { PaymentIntent = created.Id }, cancellationToken: Sandbox.Stop);

        Assert.Equal("succeeded", confirmed.Status);
        Assert.Equal("payment_intent_unexpected_state", twice.StripeError.Code);
        Assert.Equal("succeeded", twice.StripeError.PaymentIntent.Status);
        Assert.Single(charges.Data);
    }

    internal static Task<Transfer> TransferAsync(Sandbox sandbox, string account, long amount)
        => sandbox.V1.Transfers.CreateAsync(
            new TransferCreateOptions
            {
                Amount = amount,
                Currency = "eur",
                Destination = account,
                TransferGroup = "batch_1",
                Metadata = new Dictionary<string, string> { ["op"] = "transfer:batch_1" },
            },
            cancellationToken: Sandbox.Stop);
}
