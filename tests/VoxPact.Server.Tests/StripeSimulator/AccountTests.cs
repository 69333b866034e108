using System.Net;
using Stripe;
using Xunit;

namespace VoxPact.Server.Tests.StripeSimulator;

public sealed class AccountTests
{
    [Fact]
    public async Task An_owner_can_disconnect_the_platform()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var account = await sandbox.OnboardAsync();
        await sandbox.FundAsync(1_000);
        var transfer = await MoneyTests.TransferAsync(sandbox, account.Id, 500);

        await sandbox.ControlAsync($"accounts/{account.Id}/deauthorize", new { });

        var gone = await Assert.ThrowsAsync<StripeException>(
            () => sandbox.V1.Accounts.GetAsync(account.Id, cancellationToken: Sandbox.Stop));
        var unpaid = await Assert.ThrowsAsync<StripeException>(
            () => MoneyTests.TransferAsync(sandbox, account.Id, 500));
        var kept = await Assert.ThrowsAsync<StripeException>(
            () => sandbox.V1.Transfers.Reversals.CreateAsync(transfer.Id, cancellationToken: Sandbox.Stop));
        Assert.Equal((HttpStatusCode.Forbidden, "account_invalid"), (gone.HttpStatusCode, gone.StripeError.Code));
        Assert.Equal("resource_missing", unpaid.StripeError.Code);
        Assert.Equal("account_invalid", kept.StripeError.Code);
        var happened = Assert.Single(await RefundTests.EventsAsync(sandbox, 1));
        Assert.Equal(("account.application.deauthorized", account.Id), (happened.Type, happened.Account));
        Assert.IsType<Application>(happened.Data.Object);
    }

    [Fact]
    public async Task Stripe_can_disable_what_an_account_may_do()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var account = await sandbox.OnboardAsync();
        await sandbox.FundAsync(1_000);

        await sandbox.ControlAsync(
            $"accounts/{account.Id}",
            new { payouts_enabled = false, transfers = "inactive", disabled_reason = "rejected.fraud" });

        var disabled = await sandbox.V1.Accounts.GetAsync(account.Id, cancellationToken: Sandbox.Stop);
        Assert.Equal((false, "rejected.fraud"), (disabled.PayoutsEnabled, disabled.Requirements.DisabledReason));
        var refused = await Assert.ThrowsAsync<StripeException>(
            () => MoneyTests.TransferAsync(sandbox, account.Id, 500));
        Assert.Equal("insufficient_capabilities_for_transfer", refused.StripeError.Code);
        await sandbox.ControlAsync($"accounts/{account.Id}", new { payouts_enabled = true, transfers = "active" });
        await MoneyTests.TransferAsync(sandbox, account.Id, 500);
        var told = await sandbox.V1.Events.ListAsync(
            new EventListOptions { Type = "account.updated" }, cancellationToken: Sandbox.Stop);
        Assert.Equal(
            [true, false, true],
            told.Data.Select(happened => ((Account)happened.Data.Object).PayoutsEnabled));
    }

    [Fact]
    public async Task A_bank_takes_a_payout_after_two_days()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var account = await PaidAsync(sandbox, "DE89370400440532013000");

        var payout = await PayOutAsync(sandbox, account.Id);
        Assert.Equal(("in_transit", 800L), (payout.Status, payout.Amount));
        Assert.Equal(0, await HeldAsync(sandbox, account.Id));
        await sandbox.AdvanceAsync(TimeSpan.FromDays(2));

        var paid = await sandbox.V1.Payouts.GetAsync(
            payout.Id, null, new RequestOptions { StripeAccount = account.Id }, Sandbox.Stop);
        Assert.Equal("paid", paid.Status);
    }

    [Fact]
    public async Task A_payout_that_the_bank_returns_is_back_in_the_account()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var account = await PaidAsync(sandbox, "DE62370400440532013001");
        await PayOutAsync(sandbox, account.Id);

        await sandbox.AdvanceAsync(TimeSpan.FromDays(2));

        var failed = Assert.Single((await sandbox.V1.Payouts.ListAsync(
            new PayoutListOptions { Status = "failed" }, new RequestOptions { StripeAccount = account.Id },
            Sandbox.Stop)).Data);
        Assert.Equal("no_account", failed.FailureCode);
        Assert.Equal(800, await HeldAsync(sandbox, account.Id));
        var happened = await RefundTests.EventsAsync(sandbox, 2);
        Assert.Equal(["account.updated", "payout.failed"], happened.Select(one => one.Type));
        Assert.Equal(account.Id, happened[1].Account);
    }

    [Fact]
    public async Task The_platform_pays_out_nothing_by_itself()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.FundAsync(1_000);

        await Assert.ThrowsAsync<StripeException>(() => sandbox.V1.Payouts.CreateAsync(
            new PayoutCreateOptions { Amount = 500, Currency = "eur" }, cancellationToken: Sandbox.Stop));

        var balance = await sandbox.V1.Balance.GetAsync(cancellationToken: Sandbox.Stop);
        Assert.Equal(1_000, balance.Available[0].Amount);
    }

    [Theory]
    [InlineData("do_not_honor", "card_declined")]
    [InlineData("expired_card", "expired_card")]
    [InlineData("insufficient_funds", "card_declined")]
    public async Task A_saved_card_can_begin_to_decline(string decline, string code)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, card) = await sandbox.SaveCardAsync();
        await CardTests.ChargeAsync(sandbox, customer.Id, card, 500);

        await sandbox.ControlAsync($"payment_methods/{card}", new { decline });
        var declined = await Assert.ThrowsAsync<StripeException>(
            () => CardTests.ChargeAsync(sandbox, customer.Id, card, 500));
        await sandbox.ControlAsync($"payment_methods/{card}", new { decline = "" });
        await CardTests.ChargeAsync(sandbox, customer.Id, card, 500);

        Assert.Equal((decline, code), (declined.StripeError.DeclineCode, declined.StripeError.Code));
    }

    [Fact]
    public async Task A_card_declines_once_its_last_month_is_over()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, card) = await sandbox.SaveCardAsync();
        var now = await sandbox.ControlAsync("clock", new { advance_seconds = 0 });
        var today = DateTimeOffset.FromUnixTimeSeconds((long)now["now"]!);

        await sandbox.ControlAsync($"payment_methods/{card}", new { exp_month = today.Month, exp_year = today.Year });
        await CardTests.ChargeAsync(sandbox, customer.Id, card, 500);
        await sandbox.AdvanceAsync(TimeSpan.FromDays(31));
        var declined = await Assert.ThrowsAsync<StripeException>(
            () => CardTests.ChargeAsync(sandbox, customer.Id, card, 500));

        Assert.Equal("expired_card", declined.StripeError.Code);
    }

    private static async Task<Account> PaidAsync(Sandbox sandbox, string iban)
    {
        var account = await sandbox.OnboardAsync(iban);
        await sandbox.FundAsync(800);
        await MoneyTests.TransferAsync(sandbox, account.Id, 800);
        return account;
    }

    private static async Task<Payout> PayOutAsync(Sandbox sandbox, string account)
    {
        await sandbox.ControlAsync($"accounts/{account}/payouts", new { });
        return (await sandbox.V1.Payouts.ListAsync(
            null, new RequestOptions { StripeAccount = account }, Sandbox.Stop)).Data[0];
    }

    private static async Task<long> HeldAsync(Sandbox sandbox, string account) =>
        (await sandbox.V1.Balance.GetAsync(null, new RequestOptions { StripeAccount = account }, Sandbox.Stop))
        .Available[0].Amount;
}
