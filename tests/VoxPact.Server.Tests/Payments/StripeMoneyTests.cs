using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Payments;
using VoxPact.Server.Tests.StripeSimulator;
using VoxPact.StripeSimulator;
using Xunit;

namespace VoxPact.Server.Tests.Payments;

using Sandbox = StripeSimulator.Sandbox;

/// <summary>Charges and transfers: the gateway against the simulator, over a socket.</summary>
public sealed class StripeMoneyTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_charge_moves_money_in_its_second_step_and_once_under_its_keys()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        ChargeBody body = await BodyAsync(sandbox, "pm_card_bypassPending");
        string id = await CreateAsync(gateway, body);
        Assert.Null((await gateway.GetChargeAsync(id, Stop))!.Outcome);
        Assert.Equal(0, await gateway.GetAvailableBalanceAsync("eur", Stop));

        var succeeded = new ProviderOutcome.Succeeded(id);
        Assert.Equal(succeeded, await gateway.ConfirmChargeAsync(id, "charge:op_1:1:confirm", Stop));
        Assert.Equal(id, await CreateAsync(gateway, body));
        Assert.Equal(succeeded, await gateway.ConfirmChargeAsync(id, "charge:op_1:1:confirm", Stop));
        Assert.Equal(succeeded, await gateway.ConfirmChargeAsync(id, "charge:op_1:2:confirm", Stop));

        ProviderCharge charge = Assert.Single(await ChargesAsync(gateway, "charge:op_1"));
        Assert.Equal((id, 50, "eur"), (charge.Id, charge.AmountMinor, charge.Currency));
        Assert.Equal((body.Customer, succeeded), (charge.Customer, charge.Outcome));
        Assert.Equal("own_1", charge.Metadata["owner"]);
        Assert.Empty(await ChargesAsync(gateway, "charge:op_2"));
        Assert.InRange(await gateway.GetAvailableBalanceAsync("eur", Stop), 1, 50);
        Assert.Equal(0, await gateway.GetAvailableBalanceAsync("usd", Stop));
    }

    [Fact]
    public async Task A_decline_is_definite_however_it_is_asked_for()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        string id = await CreateAsync(gateway, await BodyAsync(sandbox, "pm_card_chargeCustomerFail"));
        var declined = new ProviderOutcome.Declined("generic_decline", "Your card was declined.");
        Assert.Equal(declined, await gateway.ConfirmChargeAsync(id, "confirm", Stop));
        Assert.Equal(declined, await gateway.ConfirmChargeAsync(id, "confirm", Stop));
        Assert.Equal(declined, (await gateway.GetChargeAsync(id, Stop))!.Outcome);
        Assert.IsType<ProviderOutcome.Declined>(await gateway.ConfirmChargeAsync(id, "another", Stop));
    }

    [Theory]
    [InlineData("complete", true)]
    [InlineData("fail", false)]
    public async Task A_bank_that_wants_the_owner_gets_the_owner_by_link(string choice, bool paid)
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        ChargeBody body = await BodyAsync(sandbox, "pm_card_authenticationRequired");
        string id = await CreateAsync(gateway, body);
        var away = Assert.IsType<ProviderOutcome.ActionRequired>(
            await gateway.ConfirmChargeAsync(id, "confirm", Stop));
        Assert.Equal((id, null), (away.ProviderId, away.Url));
        Assert.Equal(away, (await gateway.GetChargeAsync(id, Stop))!.Outcome);

        var present = Assert.IsType<ProviderOutcome.ActionRequired>(await gateway.ConfirmChargeWithOwnerAsync(
            id, body.PaymentMethod, "https://voxpact.test/back", "present", Stop));
        Assert.Equal(present, (await gateway.GetChargeAsync(id, Stop))!.Outcome);
        await sandbox.SubmitAsync(present.Url!, ("outcome", choice));

        ProviderOutcome? after = (await gateway.GetChargeAsync(id, Stop))!.Outcome;
        if (paid) Assert.Equal(new ProviderOutcome.Succeeded(id), after);
        else Assert.Equal("payment_intent_authentication_failure", Code(after!));
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_found_by_the_same_key_and_by_reading()
    {
        bool lose = false;
        await using var sandbox = await Sandbox.StartAsync(options => options with
        {
            AtStage = (stage, _) => lose && stage == RequestStage.Committed
                ? throw new IOException("lost") : Task.CompletedTask,
        });
        using StripeGateway gateway = Gateway(sandbox);
        string id = await CreateAsync(gateway, await BodyAsync(sandbox));
        lose = true;
        ProviderOutcome lost = await gateway.ConfirmChargeAsync(id, "confirm", Stop);
        Assert.Equal(UnknownReason.ConnectionLost, Reason(lost));
        lose = false;
        var succeeded = new ProviderOutcome.Succeeded(id);
        Assert.Equal(succeeded, (await gateway.GetChargeAsync(id, Stop))!.Outcome);
        Assert.Equal(succeeded, await gateway.ConfirmChargeAsync(id, "confirm", Stop));
        Assert.Single(await ChargesAsync(gateway, "charge:op_1"));
    }

    [Fact]
    public async Task A_slow_answer_is_unknown_and_the_same_key_in_flight_is_too()
    {
        var release = new TaskCompletionSource();
        bool slow = false;
        await using var sandbox = await Sandbox.StartAsync(options => options with
        {
            AtStage = (stage, _) => slow && stage == RequestStage.Admitted
                ? release.Task : Task.CompletedTask,
        });
        using StripeGateway gateway = Gateway(sandbox);
        using var hasty = new StripeGateway(
            new(Sandbox.SecretKey, sandbox.Host.Url) { Timeout = TimeSpan.FromMilliseconds(200) });
        string id = await CreateAsync(gateway, await BodyAsync(sandbox));
        slow = true;
        Assert.Equal(UnknownReason.TimedOut, Reason(await hasty.ConfirmChargeAsync(id, "confirm", Stop)));
        Assert.Equal(UnknownReason.InFlight, Reason(await gateway.ConfirmChargeAsync(id, "confirm", Stop)));
        slow = false;
        release.SetResult();
        ProviderOutcome outcome = await gateway.ConfirmChargeAsync(id, "confirm", Stop);
        while (outcome is ProviderOutcome.Unknown)
            outcome = await gateway.ConfirmChargeAsync(id, "confirm", Stop);
        Assert.Equal(new ProviderOutcome.Succeeded(id), outcome);
    }

    [Fact]
    public async Task A_key_that_was_used_with_another_body_says_nothing_about_this_one()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        ChargeBody body = await BodyAsync(sandbox);
        await CreateAsync(gateway, body);
        var unknown = Assert.IsType<ProviderOutcome.Unknown>(
            await gateway.CreateChargeAsync(body with { AmountMinor = 51 }, "charge:op_1:1", Stop));
        Assert.Equal((UnknownReason.KeyReused, true), (unknown.Reason, unknown.ReadFirst));
    }

    [Fact]
    public async Task A_transfer_waits_for_available_money_and_is_made_once()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        string account = (await sandbox.OnboardAsync()).Id;
        TransferBody body = Transfer(account, 40);
        ProviderOutcome tooEarly = await gateway.SendTransferAsync(body, "transfer:op_2:1", Stop);
        Assert.Equal("balance_insufficient", Code(tooEarly));

        await sandbox.FundAsync(100);
        Assert.Equal(tooEarly, await gateway.SendTransferAsync(body, "transfer:op_2:1", Stop));
        var sent = Assert.IsType<ProviderOutcome.Succeeded>(
            await gateway.SendTransferAsync(body, "transfer:op_2:2", Stop));
        Assert.Equal(sent, await gateway.SendTransferAsync(body, "transfer:op_2:2", Stop));
        Assert.Equal(60, await gateway.GetAvailableBalanceAsync("eur", Stop));

        ProviderTransfer transfer = Assert.Single(await TransfersAsync(gateway, "transfer:op_2"));
        Assert.Equal((sent.ProviderId, 40, 0), (transfer.Id, transfer.AmountMinor, transfer.ReversedMinor));
        Assert.Equal(
            ("eur", account, "batch_1"), (transfer.Currency, transfer.Destination, transfer.TransferGroup));
        Assert.Equal("transfer:op_2", (await gateway.GetTransferAsync(transfer.Id, Stop))!.Op);
    }

    [Fact]
    public async Task A_transfer_to_an_account_that_cannot_take_it_is_declined()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        await sandbox.FundAsync(100);
        string account = await gateway.CreateAccountAsync("DE", "ada@example.com", "own_1", "account", Stop);
        Assert.Equal("insufficient_capabilities_for_transfer",
            Code(await gateway.SendTransferAsync(Transfer(account, 40), "transfer:op_2:1", Stop)));
        Assert.Equal("resource_missing",
            Code(await gateway.SendTransferAsync(Transfer("acct_gone", 40), "transfer:op_3:1", Stop)));
    }

    [Fact]
    public async Task An_operation_is_found_on_any_page_of_the_list_and_not_before_the_time_asked_for()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        ChargeBody body = await BodyAsync(sandbox);
        await CreateAsync(gateway, body);
        for (int n = 2; n <= 205; n++)
        {
            var metadata = new Dictionary<string, string> { ["op"] = $"charge:op_{n}" };
            await CreateAsync(gateway, body with { Metadata = metadata }, $"charge:op_{n}:1");
        }
        Assert.Single(await ChargesAsync(gateway, "charge:op_1"));
        Assert.Empty(await gateway.FindChargesByOpAsync(
            "charge:op_1", TimeProvider.System.GetUtcNow().AddHours(1), Stop));
    }

    private static StripeGateway Gateway(Sandbox sandbox) => new(new(Sandbox.SecretKey, sandbox.Host.Url));

    private static async Task<ChargeBody> BodyAsync(Sandbox sandbox, string testCard = "pm_card_visa")
    {
        var (customer, card) = await sandbox.SaveCardAsync(testCard);
        var metadata = new Dictionary<string, string> { ["op"] = "charge:op_1", ["owner"] = "own_1" };
        return new ChargeBody(50, "eur", customer.Id, card, metadata);
    }

    private static TransferBody Transfer(string account, long amountMinor)
    {
        var metadata = new Dictionary<string, string> { ["op"] = "transfer:op_2" };
        return new TransferBody(amountMinor, "eur", account, "batch_1", metadata);
    }

    private static async Task<string> CreateAsync(
        StripeGateway gateway, ChargeBody body, string key = "charge:op_1:1") =>
        Assert.IsType<ProviderOutcome.Succeeded>(await gateway.CreateChargeAsync(body, key, Stop)).ProviderId;

    private static Task<IReadOnlyList<ProviderCharge>> ChargesAsync(StripeGateway gateway, string op) =>
        gateway.FindChargesByOpAsync(op, TimeProvider.System.GetUtcNow().AddHours(-1), Stop);

    private static Task<IReadOnlyList<ProviderTransfer>> TransfersAsync(StripeGateway gateway, string op) =>
        gateway.FindTransfersByOpAsync(op, TimeProvider.System.GetUtcNow().AddHours(-1), Stop);

    private static UnknownReason Reason(ProviderOutcome outcome) =>
        Assert.IsType<ProviderOutcome.Unknown>(outcome).Reason;

    private static string Code(ProviderOutcome outcome) =>
        Assert.IsType<ProviderOutcome.Declined>(outcome).Code;
}
