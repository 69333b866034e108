using System.Net;
using Stripe;
using Stripe.Checkout;
using Xunit;

namespace VoxPact.Server.Tests.StripeSimulator;

public sealed class PageTests
{
    private const string Banner = "Stripe SIMULATOR – no real money";

    [Fact]
    public async Task A_person_saves_a_card_in_checkout_and_is_sent_to_the_success_page()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var customer = await sandbox.V1.Customers.CreateAsync(
            new CustomerCreateOptions(), cancellationToken: Sandbox.Stop);
        var session = await OpenAsync(sandbox, customer.Id);
        Assert.Equal("open", session.Status);

        var shown = await sandbox.Browser.GetStringAsync(session.Url, Sandbox.Stop);
        using var answer = await sandbox.SubmitCardAsync(session.Url, "4242 4242 4242 4242");

        Assert.Contains(Banner, shown);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal($"https://voxpact.test/ok?cs={session.Id}", answer.Headers.Location!.OriginalString);
        var after = await sandbox.V1.Checkout.Sessions.GetAsync(
            session.Id, new SessionGetOptions { Expand = ["setup_intent.payment_method"] },
            cancellationToken: Sandbox.Stop);
        Assert.Equal("complete", after.Status);
        Assert.Null(after.Url);
        Assert.Equal("succeeded", after.SetupIntent.Status);
        Assert.Equal(customer.Id, after.SetupIntent.PaymentMethod.CustomerId);
        Assert.Equal("own_1", after.ClientReferenceId);
        Assert.Equal("card:own_1", after.Metadata["op"]);
    }

    [Fact]
    public async Task A_declined_card_shows_the_reason_and_another_card_still_works()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var session = await OpenAsync(sandbox, null);

        using var declined = await sandbox.SubmitCardAsync(session.Url, "4000000000009995");
        using var mistyped = await sandbox.SubmitCardAsync(session.Url, "4242424242424241");
        using var accepted = await sandbox.SubmitCardAsync(session.Url, "5555555555554444");

        Assert.Equal(HttpStatusCode.PaymentRequired, declined.StatusCode);
        Assert.Contains(
            "Your card has insufficient funds.", await declined.Content.ReadAsStringAsync(Sandbox.Stop));
        Assert.Equal(HttpStatusCode.PaymentRequired, mistyped.StatusCode);
        Assert.Contains(
            "Your card number is incorrect.", await mistyped.Content.ReadAsStringAsync(Sandbox.Stop));
        Assert.Equal(HttpStatusCode.SeeOther, accepted.StatusCode);
    }

    [Fact]
    public async Task A_card_that_wants_authentication_leads_through_the_bank_page()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var session = await OpenAsync(sandbox, null);

        using var toBank = await sandbox.SubmitCardAsync(session.Url, "4000002500003155");
        var bank = toBank.Headers.Location!.OriginalString;
        var shown = await sandbox.Browser.GetStringAsync(bank, Sandbox.Stop);
        using var back = await sandbox.SubmitAsync(bank, ("outcome", "complete"));

        Assert.Contains(Banner, shown);
        Assert.StartsWith("https://voxpact.test/ok", back.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_payment_session_charges_and_keeps_the_card_for_later()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var session = await sandbox.V1.Checkout.Sessions.CreateAsync(
            new SessionCreateOptions
            {
                Mode = "payment",
                SuccessUrl = "https://voxpact.test/ok",
                LineItems =
                [
                    new SessionLineItemOptions
                    {
                        Quantity = 2,
                        PriceData = new SessionLineItemPriceDataOptions
                        {
                            Currency = "eur",
                            UnitAmount = 1_250,
                            ProductData = new() { Name = "<b>Credit</b>" },
                        },
                    },
                ],
                PaymentIntentData = new SessionPaymentIntentDataOptions
                {
                    SetupFutureUsage = "off_session",
                    Metadata = new Dictionary<string, string> { ["op"] = "topup" },
                },
            },
            cancellationToken: Sandbox.Stop);

        var shown = await sandbox.Browser.GetStringAsync(session.Url, Sandbox.Stop);
        using var answer = await sandbox.SubmitCardAsync(session.Url, "4242424242424242");

        Assert.Contains("25.00 EUR", shown);
        Assert.Contains("&lt;b&gt;Credit&lt;/b&gt;", shown);
        var after = await sandbox.V1.Checkout.Sessions.GetAsync(
            session.Id, new SessionGetOptions { Expand = ["payment_intent"] },
            cancellationToken: Sandbox.Stop);
        Assert.Equal("paid", after.PaymentStatus);
        Assert.Equal(2_500, after.PaymentIntent.AmountReceived);
        Assert.Equal("topup", after.PaymentIntent.Metadata["op"]);
        var again = await CardTests.ChargeAsync(
            sandbox, after.CustomerId, after.PaymentIntent.PaymentMethodId, 500);
        Assert.Equal("succeeded", again.Status);
        var items = await sandbox.V1.Checkout.Sessions.LineItems.ListAsync(
            session.Id, cancellationToken: Sandbox.Stop);
        Assert.Equal(2, Assert.Single(items.Data).Quantity);
    }

    [Fact]
    public async Task A_session_expires_after_a_day_or_on_demand()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var late = await OpenAsync(sandbox, null);
        var ended = await OpenAsync(sandbox, null);

        await sandbox.V1.Checkout.Sessions.ExpireAsync(ended.Id, cancellationToken: Sandbox.Stop);
        await sandbox.AdvanceAsync(TimeSpan.FromHours(24));
        using var page = await sandbox.SubmitCardAsync(late.Url, "4242424242424242");

        Assert.Equal(HttpStatusCode.Gone, page.StatusCode);
        foreach (var id in (string[])[late.Id, ended.Id])
            Assert.Equal(
                "expired",
                (await sandbox.V1.Checkout.Sessions.GetAsync(id, cancellationToken: Sandbox.Stop)).Status);
    }

    [Fact]
    public async Task Onboarding_turns_payouts_on_and_its_link_works_once()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var account = await sandbox.V1.Accounts.CreateAsync(
            new AccountCreateOptions { Type = "express" }, cancellationToken: Sandbox.Stop);
        Assert.False(account.PayoutsEnabled);
        Assert.Contains("external_account", account.Requirements.CurrentlyDue);
        var link = await LinkAsync(sandbox, account.Id);

        var shown = await sandbox.Browser.GetStringAsync(link.Url, Sandbox.Stop);
        using var wrong = await sandbox.SubmitAsync(
            link.Url, ("country", "DE"), ("legal_name", "A\"><script>"), ("iban", "DE00"));
        using var right = await sandbox.SubmitAsync(
            link.Url, ("country", "AT"), ("legal_name", "Ada"), ("iban", "DE89 3704 0044 0532 0130 00"));
        using var again = await sandbox.Browser.GetAsync(link.Url, Sandbox.Stop);

        Assert.Contains("DE89370400440532013000", shown);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.DoesNotContain("<script>", await wrong.Content.ReadAsStringAsync(Sandbox.Stop));
        Assert.Equal("https://voxpact.test/return", right.Headers.Location!.OriginalString);
        Assert.Equal("https://voxpact.test/refresh", again.Headers.Location!.OriginalString);
        var after = await sandbox.V1.Accounts.GetAsync(account.Id, cancellationToken: Sandbox.Stop);
        Assert.True(after is { DetailsSubmitted: true, PayoutsEnabled: true, Country: "AT" });
        Assert.Equal("active", after.Capabilities.Transfers);
        Assert.Equal("3000", ((BankAccount)after.ExternalAccounts.Data[0]).Last4);
        var login = await sandbox.V1.Accounts.LoginLinks.CreateAsync(
            account.Id, cancellationToken: Sandbox.Stop);
        Assert.Contains(account.Id, await sandbox.Browser.GetStringAsync(login.Url, Sandbox.Stop));
    }

    [Fact]
    public async Task An_onboarding_link_expires_and_an_incomplete_check_leaves_payouts_off()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var account = await sandbox.V1.Accounts.CreateAsync(
            new AccountCreateOptions { Type = "express" }, cancellationToken: Sandbox.Stop);
        var late = await LinkAsync(sandbox, account.Id);
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(5));
        var fresh = await LinkAsync(sandbox, account.Id);

        using var expired = await sandbox.SubmitAsync(late.Url, ("legal_name", "Ada"));
        using var done = await sandbox.SubmitAsync(
            fresh.Url, ("legal_name", "Ada"), ("iban", "DE89370400440532013000"), ("outcome", "incomplete"));

        Assert.Equal("https://voxpact.test/refresh", expired.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.SeeOther, done.StatusCode);
        var after = await sandbox.V1.Accounts.GetAsync(account.Id, cancellationToken: Sandbox.Stop);
        Assert.True(after is { DetailsSubmitted: true, PayoutsEnabled: false });
        Assert.Equal("inactive", after.Capabilities.Transfers);
    }

    [Fact]
    public async Task A_card_form_serves_a_setup_intent_to_whoever_knows_its_secret()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var intent = await sandbox.V1.SetupIntents.CreateAsync(
            new SetupIntentCreateOptions(), cancellationToken: Sandbox.Stop);
        var url = $"{sandbox.Host.Url}/setup/{intent.Id}?client_secret=";

        using var stranger = await sandbox.SubmitCardAsync(url + "guess", "4242424242424242");
        using var declined = await sandbox.SubmitCardAsync(url + intent.ClientSecret, "4000000000000002");
        using var accepted = await sandbox.SubmitCardAsync(url + intent.ClientSecret, "4242424242424242");

        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.PaymentRequired, declined.StatusCode);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        var after = await sandbox.V1.SetupIntents.GetAsync(intent.Id, cancellationToken: Sandbox.Stop);
        Assert.Equal("succeeded", after.Status);
    }

    [Fact]
    public async Task Links_are_built_from_the_public_address()
    {
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { PublicUrl = "http://localhost:5000/sandbox/stripe/" });

        var before = await OpenAsync(sandbox, null);
        await sandbox.ControlAsync("public_url", new { url = "https://voxpact.test/pay" });
        var after = await OpenAsync(sandbox, null);

        Assert.StartsWith("http://localhost:5000/sandbox/stripe/checkout/c/pay/cs_test_", before.Url);
        Assert.StartsWith("https://voxpact.test/pay/checkout/c/pay/cs_test_", after.Url);
    }

    [Fact]
    public async Task The_index_lists_recent_objects_without_secrets_or_names()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, _) = await sandbox.SaveCardAsync();

        var shown = await sandbox.Browser.GetStringAsync(sandbox.Host.Url + "/", Sandbox.Stop);

        Assert.Contains(Banner, shown);
        Assert.Contains(customer.Id, shown);
        Assert.DoesNotContain("buyer@example.com", shown);
        Assert.DoesNotContain("_secret_", shown);
    }

    internal static Task<Session> OpenAsync(Sandbox sandbox, string? customer)
        => sandbox.V1.Checkout.Sessions.CreateAsync(
            new SessionCreateOptions
            {
                Mode = "setup",
                Currency = "eur",
                Customer = customer,
                ClientReferenceId = "own_1",
                SuccessUrl = "https://voxpact.test/ok?cs={CHECKOUT_SESSION_ID}",
                CancelUrl = "https://voxpact.test/cancel",
                Metadata = new Dictionary<string, string> { ["op"] = "card:own_1" },
            },
            cancellationToken: Sandbox.Stop);

    private static Task<AccountLink> LinkAsync(Sandbox sandbox, string account)
        => sandbox.V1.AccountLinks.CreateAsync(
            new AccountLinkCreateOptions
            {
                Account = account,
                Type = "account_onboarding",
                RefreshUrl = "https://voxpact.test/refresh",
                ReturnUrl = "https://voxpact.test/return",
            },
            cancellationToken: Sandbox.Stop);
}
