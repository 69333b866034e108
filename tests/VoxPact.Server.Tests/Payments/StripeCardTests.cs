using System.Net;
using VoxPact.Server.Payments;
using VoxPact.Server.Tests.StripeSimulator;
using VoxPact.Server.Tests.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Payments;

using Sandbox = StripeSimulator.Sandbox;

/// <summary>Customers, cards, pages and accounts: the gateway against the simulator, over a socket.</summary>
public sealed class StripeCardTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly Dictionary<string, string> Metadata = new() { ["owner"] = "own_1" };

    [Fact]
    public async Task A_card_saved_on_the_hosted_page_is_found_by_the_page_and_by_the_customer()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        string customer = await CustomerAsync(gateway);
        CheckoutLink page = await OpenAsync(gateway, customer);
        Assert.Equal(page, await OpenAsync(gateway, customer));
        Assert.Equal(customer, await CustomerAsync(gateway));

        CheckoutState before = (await gateway.GetCheckoutAsync(page.Id, Stop))!;
        Assert.Equal(("open", null, customer), (before.Status, before.PaymentMethod, before.Customer));
        Assert.Equal((page.Url, page.ExpiresAt), (before.Url, before.ExpiresAt));

        await sandbox.SubmitCardAsync(page.Url, "4242424242424242");
        CheckoutState after = (await gateway.GetCheckoutAsync(page.Id, Stop))!;
        Assert.Equal(("complete", customer), (after.Status, after.Customer));
        Assert.Equal("own_1", after.Metadata["owner"]);
        CardDetails card = Assert.Single(await gateway.ListCardsAsync(customer, Stop));
        Assert.Equal((after.PaymentMethod, customer), (card.Id, card.Customer));
        Assert.Equal(("visa", "4242", 12, 2040), (card.Brand, card.Last4, card.ExpMonth, card.ExpYear));
        Assert.NotNull(card.Fingerprint);
        Assert.Equal(card, await gateway.GetCardAsync(card.Id, Stop));
    }

    [Fact]
    public async Task A_card_is_saved_by_the_owners_browser_with_the_client_secret()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        string customer = await CustomerAsync(gateway);
        CardSetup setup = await gateway.CreateSetupIntentAsync(customer, Metadata, "setup:1", Stop);
        Assert.Null(setup.PaymentMethod);

        var (answer, _) = await sandbox.RawAsync(
            HttpMethod.Post, $"/v1/setup_intents/{setup.Id}/confirm", Sandbox.PublishableKey, null,
            ("client_secret", setup.ClientSecret), ("payment_method_data[type]", "card"),
            ("payment_method_data[card][number]", "5555555555554444"),
            ("payment_method_data[card][exp_month]", "12"), ("payment_method_data[card][exp_year]", "40"),
            ("payment_method_data[card][cvc]", "123"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        CardSetup saved = (await gateway.GetSetupIntentAsync(setup.Id, Stop))!;
        Assert.Equal(("succeeded", customer), (saved.Status, saved.Customer));
        Assert.Equal("own_1", saved.Metadata["owner"]);
        Assert.Equal(saved.PaymentMethod, Assert.Single(await gateway.ListCardsAsync(customer, Stop)).Id);
    }

    [Fact]
    public async Task A_detached_card_is_gone_from_the_customer_and_may_be_detached_again()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        var (customer, card) = await sandbox.SaveCardAsync();
        await gateway.SetDefaultCardAsync(customer.Id, card, "default:1", Stop);
        var shown = await sandbox.V1.Customers.GetAsync(customer.Id, cancellationToken: Stop);
        Assert.Equal(card, shown.InvoiceSettings.DefaultPaymentMethodId);

        await gateway.DetachCardAsync(card, "detach:1", Stop);
        await gateway.DetachCardAsync(card, "detach:1", Stop);
        await gateway.DetachCardAsync(card, "detach:2", Stop);
        Assert.Empty(await gateway.ListCardsAsync(customer.Id, Stop));
        Assert.Null((await gateway.GetCardAsync(card, Stop))?.Customer);
    }

    [Fact]
    public async Task What_does_not_exist_is_null()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        Assert.Null(await gateway.GetCheckoutAsync("cs_test_nothing", Stop));
        Assert.Null(await gateway.GetSetupIntentAsync("seti_nothing", Stop));
        Assert.Null(await gateway.GetCardAsync("pm_nothing", Stop));
        Assert.Null(await gateway.GetAccountAsync("acct_nothing", Stop));
        Assert.Null(await gateway.GetChargeAsync("pi_nothing", Stop));
        Assert.Null(await gateway.GetTransferAsync("tr_nothing", Stop));
    }

    [Fact]
    public async Task An_account_can_be_paid_once_its_owner_has_finished_onboarding()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        string id = await gateway.CreateAccountAsync("DE", "ada@example.com", "own_1", "account:own_1", Stop);
        Assert.Equal(id, await gateway.CreateAccountAsync(
            "DE", "ada@example.com", "own_1", "account:own_1", Stop));
        ConnectedAccount before = (await gateway.GetAccountAsync(id, Stop))!;
        Assert.Equal((false, false), (before.DetailsSubmitted, before.CanBePaid));
        Assert.Equal("own_1", before.Metadata["owner"]);

        string url = await gateway.CreateOnboardingLinkAsync(
            id, "https://voxpact.test/refresh", "https://voxpact.test/return", Stop);
        await sandbox.SubmitAsync(
            url, ("country", "DE"), ("legal_name", "Ada Example"), ("iban", "DE89370400440532013000"));
        ConnectedAccount after = (await gateway.GetAccountAsync(id, Stop))!;
        Assert.Equal((true, true), (after.DetailsSubmitted, after.PayoutsEnabled));
        Assert.Equal((true, true), (after.TransfersActive, after.CanBePaid));
    }

    [Fact]
    public async Task A_country_Stripe_does_not_serve_is_told_apart_from_an_outage()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using StripeGateway gateway = Gateway(sandbox);
        var thrown = await Assert.ThrowsAsync<PaymentProviderUnavailable>(
            () => gateway.CreateAccountAsync("ZZ", "ada@example.com", "own_1", "account:own_1", Stop));
        Assert.NotNull(thrown.RefusedCode);
    }

    [Fact]
    public async Task The_simulators_events_are_verified_also_after_its_clock_was_moved()
    {
        var received = new TaskCompletionSource<ReceivedRequest>();
        await using var endpoint = new RawEndpoint(async (request, stream, stop) =>
        {
            await RawEndpoint.WriteAsync(stream, RawEndpoint.Status(200), stop);
            received.TrySetResult(request);
        });
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { WebhookUrl = endpoint.Url });
        using StripeGateway gateway = Gateway(sandbox);
        await sandbox.AdvanceAsync(TimeSpan.FromDays(30));
        string customer = await CustomerAsync(gateway);

        ReceivedRequest request = await received.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        StripeEvent? hint = StripeEvents.TryParse(
            request.Body, request.Headers["stripe-signature"], Sandbox.WebhookSecret, StripeEvents.Tolerance,
            TimeProvider.System.GetUtcNow());
        Assert.Equal(("customer.created", customer, false), (hint?.Type, hint?.ObjectId, hint?.LiveMode));
    }

    private static Task<CheckoutLink> OpenAsync(StripeGateway gateway, string customer) =>
        gateway.CreateSetupCheckoutAsync(
            customer, "ag_1", "https://voxpact.test/done", "https://voxpact.test/back", Metadata,
            "checkout:1", Stop);

    private static Task<string> CustomerAsync(StripeGateway gateway) =>
        gateway.CreateCustomerAsync("own_1", "ada@example.com", "customer:own_1", Stop);

    private static StripeGateway Gateway(Sandbox sandbox) => new(new(Sandbox.SecretKey, sandbox.Host.Url));
}
