using System.Net;
using Stripe;
using VoxPact.StripeSimulator;
using Xunit;

namespace VoxPact.Server.Tests.StripeSimulator;

public sealed class CardTests
{
    [Theory]
    [InlineData("pm_card_visa", "visa", "4242")]
    [InlineData("pm_card_mastercard", "mastercard", "4444")]
    [InlineData("pm_card_amex", "amex", "0005")]
    public async Task A_saved_test_card_can_be_charged_while_nobody_is_there(
        string id, string brand, string last4)
    {
        await using var sandbox = await Sandbox.StartAsync(
            options => options with { Fees = ProcessingFees.European });
        var (customer, card) = await sandbox.SaveCardAsync(id);

        var intent = await ChargeAsync(sandbox, customer.Id, card, 2_000);

        Assert.Equal("succeeded", intent.Status);
        Assert.Equal(2_000, intent.AmountReceived);
        var charge = intent.LatestCharge;
        Assert.True(charge.Paid);
        Assert.Equal(brand, charge.PaymentMethodDetails.Card.Brand);
        Assert.Equal(last4, charge.PaymentMethodDetails.Card.Last4);
        Assert.Equal(55, charge.BalanceTransaction.Fee);
        Assert.Equal(1_945, charge.BalanceTransaction.Net);
    }

    [Theory]
    [InlineData("4000000000000002", "card_declined", "generic_decline")]
    [InlineData("4000000000009995", "card_declined", "insufficient_funds")]
    [InlineData("4000000000009987", "card_declined", "lost_card")]
    [InlineData("4000000000009979", "card_declined", "stolen_card")]
    [InlineData("4000000000000069", "expired_card", "expired_card")]
    [InlineData("4000000000000127", "incorrect_cvc", "incorrect_cvc")]
    [InlineData("4000000000000119", "processing_error", "processing_error")]
    [InlineData("4716925297822533", "card_declined", "test_mode_live_card")]
    public async Task A_declining_card_says_why_with_status_402(
        string number, string code, string declineCode)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var method = await CreateCardAsync(sandbox, number);

        var refused = await Assert.ThrowsAsync<StripeException>(() => sandbox.V1.PaymentIntents.CreateAsync(
            new PaymentIntentCreateOptions
            {
                Amount = 500,
                Currency = "eur",
                PaymentMethod = method.Id,
                Confirm = true,
            },
            cancellationToken: Sandbox.Stop));

        Assert.Equal(HttpStatusCode.PaymentRequired, refused.HttpStatusCode);
        Assert.Equal("card_error", refused.StripeError.Type);
        Assert.Equal(code, refused.StripeError.Code);
        Assert.Equal(declineCode, refused.StripeError.DeclineCode);
        Assert.Equal("requires_payment_method", refused.StripeError.PaymentIntent.Status);
        var intent = await sandbox.V1.PaymentIntents.GetAsync(
            refused.StripeError.PaymentIntent.Id,
            new PaymentIntentGetOptions { Expand = ["latest_charge"] }, cancellationToken: Sandbox.Stop);
        Assert.Equal("failed", intent.LatestCharge.Status);
        Assert.Equal(declineCode, intent.LastPaymentError.DeclineCode);
    }

    [Fact]
    public async Task A_declining_card_can_neither_be_set_up_nor_attached()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var customer = await sandbox.V1.Customers.CreateAsync(
            new CustomerCreateOptions(), cancellationToken: Sandbox.Stop);

        var setup = await Assert.ThrowsAsync<StripeException>(() => sandbox.V1.SetupIntents.CreateAsync(
            new SetupIntentCreateOptions { PaymentMethod = "pm_card_visa_chargeDeclined", Confirm = true },
            cancellationToken: Sandbox.Stop));
        var attach = await Assert.ThrowsAsync<StripeException>(() => sandbox.V1.PaymentMethods.AttachAsync(
            "pm_card_visa_chargeDeclined", new PaymentMethodAttachOptions { Customer = customer.Id },
            cancellationToken: Sandbox.Stop));

        Assert.Equal("requires_payment_method", setup.StripeError.SetupIntent.Status);
        Assert.Equal("card_declined", setup.StripeError.SetupIntent.LastSetupError.Code);
        Assert.Equal(HttpStatusCode.PaymentRequired, attach.HttpStatusCode);
    }

    [Fact]
    public async Task A_card_that_fails_later_attaches_and_then_declines_when_charged()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, card) = await sandbox.SaveCardAsync("pm_card_chargeCustomerFail");

        var refused = await Assert.ThrowsAsync<StripeException>(
            () => ChargeAsync(sandbox, customer.Id, card, 500));

        Assert.Equal("card_declined", refused.StripeError.Code);
    }

    [Fact]
    public async Task A_card_authenticated_at_setup_needs_nobody_when_it_is_charged_later()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, card) = await sandbox.SaveCardAsync("pm_card_authenticationRequiredOnSetup");

        var intent = await ChargeAsync(sandbox, customer.Id, card, 500);

        Assert.Equal("succeeded", intent.Status);
    }

    [Theory]
    [InlineData("pm_card_authenticationRequired", "authentication_required", "authentication_required")]
    [InlineData(
        "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "card_declined",
        "insufficient_funds")]
    public async Task A_card_that_always_wants_its_owner_fails_off_session(
        string id, string code, string decline)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var (customer, card) = await sandbox.SaveCardAsync(id);

        var refused = await Assert.ThrowsAsync<StripeException>(
            () => ChargeAsync(sandbox, customer.Id, card, 500));

        Assert.Equal(HttpStatusCode.PaymentRequired, refused.HttpStatusCode);
        Assert.Equal(code, refused.StripeError.Code);
        Assert.Equal(decline, refused.StripeError.DeclineCode);
        Assert.Equal("requires_payment_method", refused.StripeError.PaymentIntent.Status);
        Assert.Equal(card, refused.StripeError.PaymentMethod.Id);
    }

    [Theory]
    [InlineData("complete", "succeeded")]
    [InlineData("fail", "requires_payment_method")]
    public async Task A_payment_that_wants_authentication_waits_for_the_person(string outcome, string status)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var intent = await sandbox.V1.PaymentIntents.CreateAsync(
            new PaymentIntentCreateOptions
            {
                Amount = 700,
                Currency = "eur",
                PaymentMethod = "pm_card_authenticationRequired",
                Confirm = true,
                ReturnUrl = "https://voxpact.test/back?x=1",
            },
            cancellationToken: Sandbox.Stop);
        Assert.Equal("requires_action", intent.Status);
        Assert.Equal("redirect_to_url", intent.NextAction.Type);

        using var answer = await sandbox.SubmitAsync(
            intent.NextAction.RedirectToUrl.Url, ("outcome", outcome));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.StartsWith(
            "https://voxpact.test/back?x=1&payment_intent=", answer.Headers.Location!.AbsoluteUri);
        var after = await sandbox.V1.PaymentIntents.GetAsync(intent.Id, cancellationToken: Sandbox.Stop);
        Assert.Equal(status, after.Status);
    }

    [Theory]
    [InlineData("4242424242424241", 12, 2040, "123", "incorrect_number")]
    [InlineData("4242424242424242", 13, 2040, "123", "invalid_expiry_month")]
    [InlineData("4242424242424242", 12, 2020, "123", "invalid_expiry_year")]
    [InlineData("4242424242424242", 12, 2040, "12", "invalid_cvc")]
    [InlineData("42", 12, 2040, "123", "invalid_number")]
    public async Task Card_data_that_no_card_can_have_is_refused(
        string number, int month, int year, string cvc, string code)
    {
        await using var sandbox = await Sandbox.StartAsync();

        var refused = await Assert.ThrowsAsync<StripeException>(() => sandbox.V1.PaymentMethods.CreateAsync(
            new PaymentMethodCreateOptions
            {
                Type = "card",
                Card = new() { Number = number, ExpMonth = month, ExpYear = year, Cvc = cvc },
            },
            cancellationToken: Sandbox.Stop));

        Assert.Equal(code, refused.StripeError.Code);
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.HttpStatusCode);
    }

    [Fact]
    public async Task The_same_number_has_the_same_fingerprint_and_its_text_is_kept_nowhere()
    {
        await using var sandbox = await Sandbox.StartAsync();

        var first = await CreateCardAsync(sandbox, "4242424242424242");
        var second = await CreateCardAsync(sandbox, "4242 4242 4242 4242");
        var other = await CreateCardAsync(sandbox, "5555555555554444");

        Assert.Equal(first.Card.Fingerprint, second.Card.Fingerprint);
        Assert.NotEqual(first.Card.Fingerprint, other.Card.Fingerprint);
        await sandbox.Host.DisposeAsync();
        var file = await System.IO.File.ReadAllBytesAsync(sandbox.Options.DatabasePath, Sandbox.Stop);
        Assert.Equal(-1, file.AsSpan().IndexOf("4242424242424242"u8));
        await sandbox.RestartAsync();
    }

    internal static Task<PaymentMethod> CreateCardAsync(Sandbox sandbox, string number)
        => sandbox.V1.PaymentMethods.CreateAsync(
            new PaymentMethodCreateOptions
            {
                Type = "card",
                Card = new() { Number = number, ExpMonth = 12, ExpYear = 2040, Cvc = "123" },
            },
            cancellationToken: Sandbox.Stop);

    internal static Task<PaymentIntent> ChargeAsync(
        Sandbox sandbox, string customer, string card, long amount, string? key = null)
        => sandbox.V1.PaymentIntents.CreateAsync(
            new PaymentIntentCreateOptions
            {
                Amount = amount,
                Currency = "eur",
                Customer = customer,
                PaymentMethod = card,
                Confirm = true,
                OffSession = true,
                Metadata = new Dictionary<string, string> { ["op"] = "charge:top_1" },
                Expand = ["latest_charge.balance_transaction"],
            },
            new RequestOptions { IdempotencyKey = key }, Sandbox.Stop);
}
