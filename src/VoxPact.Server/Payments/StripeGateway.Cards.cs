using Stripe;
using Stripe.Checkout;

namespace VoxPact.Server.Payments;

/// <summary>A hosted page on which an owner saves a card.</summary>
internal sealed record CheckoutLink(string Id, string Url, DateTimeOffset ExpiresAt);

/// <summary>How far a hosted page has come.</summary>
/// <param name="Status"><c>open</c>, <c>complete</c> or <c>expired</c>.</param>
/// <param name="PaymentMethod">The saved card; null until the page is complete.</param>
/// <param name="PaymentIntent">What was paid there; null on a page that only saves a card.</param>
internal sealed record CheckoutState(
    string Id, string Status, string? Customer, string? PaymentMethod, string? Url, DateTimeOffset ExpiresAt,
    IReadOnlyDictionary<string, string> Metadata, string? PaymentIntent);

/// <summary>An intent to save a card, which the owner's browser confirms with the client secret.</summary>
/// <param name="Status">Stripe's word; <c>succeeded</c> means that the card is saved.</param>
/// <param name="PaymentMethod">The saved card; null until then.</param>
internal sealed record CardSetup(
    string Id, string Status, string ClientSecret, string? Customer, string? PaymentMethod,
    IReadOnlyDictionary<string, string> Metadata);

/// <param name="Customer">Null once the card is detached.</param>
/// <param name="Fingerprint">The same for the same number on any customer of the platform.</param>
internal sealed record CardDetails(
    string Id, string? Customer, string Brand, string Last4, int ExpMonth, int ExpYear, string? Fingerprint,
    DateTimeOffset Created);

internal sealed partial class StripeGateway
{
    // Only cards can be charged at once while the owner is away, which is what every charge here is.
    private static List<string> CardsOnly => ["card"];

    /// <summary>Makes a customer and returns its id.</summary>
    public async Task<string> CreateCustomerAsync(
        string owner, string email, string key, CancellationToken stop)
    {
        var options = new CustomerCreateOptions { Email = email, Metadata = new() { ["owner"] = owner } };
        return (await AskAsync(() => _stripe.Customers.CreateAsync(options, Once(key), stop), stop)).Id;
    }

    /// <summary>Opens a page that saves a card and costs nothing.</summary>
    public async Task<CheckoutLink> CreateSetupCheckoutAsync(
        string customer, string agent, string successUrl, string cancelUrl,
        IReadOnlyDictionary<string, string> metadata, string key, CancellationToken stop)
    {
        var options = new SessionCreateOptions
        {
            Mode = "setup",
            AllowedPaymentMethodTypes = CardsOnly,
            Customer = customer,
            ClientReferenceId = agent,
            SuccessUrl = successUrl,
            CancelUrl = cancelUrl,
            Metadata = Copy(metadata),
            SetupIntentData = new SessionSetupIntentDataOptions { Metadata = Copy(metadata) },
        };
        Session session = await AskAsync(
            () => _stripe.Checkout.Sessions.CreateAsync(options, Once(key), stop), stop);
        return new CheckoutLink(session.Id, session.Url, Utc(session.ExpiresAt));
    }

    /// <summary>Opens a page that takes a payment.</summary>
    /// <param name="item">What the page says is paid for.</param>
    /// <param name="savesCard">Whether the card that it was made with is saved for later charges.</param>
    public async Task<CheckoutLink> CreatePaymentCheckoutAsync(
        string customer, string agent, string item, long amountMinor, string currency, string successUrl,
        string cancelUrl, IReadOnlyDictionary<string, string> metadata, string key, CancellationToken stop,
        bool savesCard = true)
    {
        var options = new SessionCreateOptions
        {
            Mode = "payment",
            AllowedPaymentMethodTypes = CardsOnly,
            Customer = customer,
            ClientReferenceId = agent,
            SuccessUrl = successUrl,
            CancelUrl = cancelUrl,
            Metadata = Copy(metadata),
            PaymentIntentData = new SessionPaymentIntentDataOptions
            {
                Metadata = Copy(metadata),
                SetupFutureUsage = savesCard ? "off_session" : null,
            },
            LineItems =
            [
                new SessionLineItemOptions
                {
                    Quantity = 1,
                    PriceData = new SessionLineItemPriceDataOptions
                    {
                        Currency = currency,
                        UnitAmount = amountMinor,
                        ProductData = new SessionLineItemPriceDataProductDataOptions { Name = item },
                    },
                },
            ],
        };
        Session session = await AskAsync(
            () => _stripe.Checkout.Sessions.CreateAsync(options, Once(key), stop), stop);
        return new CheckoutLink(session.Id, session.Url, Utc(session.ExpiresAt));
    }

    /// <summary>Null when there is no such page.</summary>
    public async Task<CheckoutState?> GetCheckoutAsync(string id, CancellationToken stop)
    {
        var options = new SessionGetOptions { Expand = ["setup_intent"] };
        Session? session = await FindAsync(
            () => _stripe.Checkout.Sessions.GetAsync(id, options, null, stop), stop);
        return session is null ? null : new CheckoutState(
            session.Id, session.Status, session.CustomerId, SavedBy(session.SetupIntent), session.Url,
            Utc(session.ExpiresAt), session.Metadata ?? [], session.PaymentIntentId);
    }

    /// <summary>
    /// Begins to save a card in the owner's own browser, and returns what that browser needs.
    /// </summary>
    public async Task<CardSetup> CreateSetupIntentAsync(
        string customer, IReadOnlyDictionary<string, string> metadata, string key, CancellationToken stop)
    {
        var options = new SetupIntentCreateOptions
        {
            Customer = customer,
            Usage = "off_session",
            AllowedPaymentMethodTypes = CardsOnly,
            Metadata = Copy(metadata),
        };
        return Read(await AskAsync(() => _stripe.SetupIntents.CreateAsync(options, Once(key), stop), stop));
    }

    /// <summary>Null when there is no such intent.</summary>
    public async Task<CardSetup?> GetSetupIntentAsync(string id, CancellationToken stop) =>
        await FindAsync(() => _stripe.SetupIntents.GetAsync(id, null, null, stop), stop) is { } intent
            ? Read(intent) : null;

    /// <summary>The customer's saved cards, the newest first.</summary>
    public async Task<IReadOnlyList<CardDetails>> ListCardsAsync(string customer, CancellationToken stop)
    {
        var options = new CustomerPaymentMethodListOptions { Type = "card", Limit = PageSize };
        var methods = _stripe.Customers.PaymentMethods.ListAutoPagingAsync(customer, options, null, stop);
        List<CardDetails> cards = [];
        await foreach (PaymentMethod method in AllAsync(methods, stop)) cards.Add(Read(method));
        return cards;
    }

    /// <summary>Null when there is no such card.</summary>
    public async Task<CardDetails?> GetCardAsync(string id, CancellationToken stop) =>
        await FindAsync(() => _stripe.PaymentMethods.GetAsync(id, null, null, stop), stop)
            is { Card: not null } method ? Read(method) : null;

    /// <summary>Takes a card off its customer for good; done already is done.</summary>
    public async Task DetachCardAsync(string id, string key, CancellationToken stop)
    {
        try
        {
            await AskAsync(() => _stripe.PaymentMethods.DetachAsync(id, null, Once(key), stop), stop);
        }
        catch (PaymentProviderUnavailable e) when (e.RefusedCode is not null)
        {
            if (await GetCardAsync(id, stop) is { Customer: not null }) throw;
        }
    }

    /// <summary>Shows the choice in Stripe's dashboard; charges here always name their card.</summary>
    public Task SetDefaultCardAsync(string customer, string card, string key, CancellationToken stop)
    {
        var settings = new CustomerInvoiceSettingsOptions { DefaultPaymentMethod = card };
        var options = new CustomerUpdateOptions { InvoiceSettings = settings };
        return AskAsync(() => _stripe.Customers.UpdateAsync(customer, options, Once(key), stop), stop);
    }

    private static CardSetup Read(SetupIntent intent) => new(
        intent.Id, intent.Status, intent.ClientSecret, intent.CustomerId, SavedBy(intent),
        intent.Metadata ?? []);

    private static string? SavedBy(SetupIntent? intent) =>
        intent?.Status == "succeeded" ? intent.PaymentMethodId : null;

    private static CardDetails Read(PaymentMethod method) => new(
        method.Id, method.CustomerId, method.Card.Brand, method.Card.Last4, (int)method.Card.ExpMonth,
        (int)method.Card.ExpYear, method.Card.Fingerprint, Utc(method.Created));
}
