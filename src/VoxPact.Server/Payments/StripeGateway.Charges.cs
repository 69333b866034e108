using System.Runtime.CompilerServices;
using Stripe;
using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Payments;

/// <summary>A charge as Stripe has it now.</summary>
/// <param name="Outcome">Null while it was never confirmed.</param>
internal sealed record ProviderCharge(
    string Id, long AmountMinor, string Currency, string? Customer, DateTimeOffset Created,
    IReadOnlyDictionary<string, string> Metadata, ProviderOutcome? Outcome)
{
    /// <summary>The operation that asked for it; null for a charge that is none of ours.</summary>
    public string? Op => Metadata.GetValueOrDefault("op");
}

/// <summary>
/// Charges take two steps, so that an unknown outcome can be read: an intent that moves nothing and whose id
/// is stored, then its confirmation.
/// </summary>
internal sealed partial class StripeGateway
{
    /// <summary>Makes the intent, unconfirmed. Succeeded means only that it exists.</summary>
    public Task<ProviderOutcome> CreateChargeAsync(ChargeBody body, string key, CancellationToken stop)
    {
        var options = new PaymentIntentCreateOptions
        {
            Amount = body.AmountMinor,
            Currency = body.Currency,
            Customer = body.Customer,
            PaymentMethod = body.PaymentMethod,
            AllowedPaymentMethodTypes = CardsOnly,
            Metadata = Copy(body.Metadata),
        };
        return MoveAsync(
            () => _stripe.PaymentIntents.CreateAsync(options, Once(key), stop),
            static intent => new ProviderOutcome.Succeeded(intent.Id), stop);
    }

    /// <summary>
    /// Takes the money while the owner is away. The key must not be the one that made the intent: Stripe's
    /// keys are one space for all endpoints.
    /// </summary>
    public Task<ProviderOutcome> ConfirmChargeAsync(string id, string key, CancellationToken stop) =>
        ConfirmAsync(id, new PaymentIntentConfirmOptions { OffSession = true }, key, stop);

    /// <summary>
    /// Tries once more, after an <see cref="ProviderOutcome.ActionRequired"/>, as if the owner were there:
    /// the answer is then usually the same with the URL of the bank's page, and the charge succeeds when the
    /// owner has been there.
    /// </summary>
    public Task<ProviderOutcome> ConfirmChargeWithOwnerAsync(
        string id, string paymentMethod, string returnUrl, string key, CancellationToken stop)
    {
        var options = new PaymentIntentConfirmOptions
        {
            PaymentMethod = paymentMethod,
            ReturnUrl = returnUrl,
        };
        return ConfirmAsync(id, options, key, stop);
    }

    /// <summary>Null when there is no such charge.</summary>
    public async Task<ProviderCharge?> GetChargeAsync(string id, CancellationToken stop) =>
        await FindAsync(() => _stripe.PaymentIntents.GetAsync(id, null, null, stop), stop) is { } intent
            ? Read(intent) : null;

    /// <summary>Every charge created since, the newest first, whoever asked for it.</summary>
    public async IAsyncEnumerable<ProviderCharge> ListChargesAsync(
        DateTimeOffset since, [EnumeratorCancellation] CancellationToken stop)
    {
        var options = new PaymentIntentListOptions { Created = Since(since), Limit = PageSize };
        var intents = _stripe.PaymentIntents.ListAutoPagingAsync(options, null, stop);
        await foreach (PaymentIntent intent in AllAsync(intents, stop)) yield return Read(intent);
    }

    /// <summary>
    /// Every charge of one operation. More than one means that it was sent under more than one key; at most
    /// one of them may have succeeded.
    /// </summary>
    public async Task<IReadOnlyList<ProviderCharge>> FindChargesByOpAsync(
        string op, DateTimeOffset since, CancellationToken stop)
    {
        List<ProviderCharge> found = [];
        await foreach (ProviderCharge charge in ListChargesAsync(since, stop))
            if (charge.Op == op) found.Add(charge);
        return found;
    }

    private Task<ProviderOutcome> ConfirmAsync(
        string id, PaymentIntentConfirmOptions options, string key, CancellationToken stop) =>
        MoveAsync(
            () => _stripe.PaymentIntents.ConfirmAsync(id, options, Once(key), stop),
            static intent => StripeFailure.Classify(intent) ?? new ProviderOutcome.Unknown(
                UnknownReason.Processing, $"The charge is still {intent.Status}."), stop);

    private static ProviderCharge Read(PaymentIntent intent) => new(
        intent.Id, intent.Amount, intent.Currency, intent.CustomerId, Utc(intent.Created),
        intent.Metadata ?? [], StripeFailure.Classify(intent));

    private static DateRangeOptions Since(DateTimeOffset since) =>
        new() { GreaterThanOrEqual = since.UtcDateTime };
}
