using Stripe;

namespace VoxPact.Server.Payments;

/// <summary>Reads Stripe's failures: the one place that knows which of them are definite.</summary>
internal static class StripeFailure
{
    private const string AuthenticationRequired = "authentication_required";

    // Anything not recognized is unknown, for an exception says nothing about whether money moved.
    public static ProviderOutcome Classify(Exception failure) => failure switch
    {
        StripeException e => Classify(e),
        OperationCanceledException => Unknown(UnknownReason.TimedOut, "Stripe did not answer in time."),
        HttpRequestException or IOException =>
            Unknown(UnknownReason.ConnectionLost, $"The connection to Stripe failed: {failure.Message}"),
        _ => Unknown(UnknownReason.Unreadable, $"Stripe's answer could not be read: {failure.Message}"),
    };

    public static PaymentProviderUnavailable Wrap(Exception failure) => Classify(failure) switch
    {
        ProviderOutcome.Unknown unknown => new(unknown.Why, null, failure),
        ProviderOutcome.Declined declined => new(declined.Message, declined.Code, failure),
        _ => new(failure.Message, AuthenticationRequired, failure),
    };

    /// <summary>
    /// Whether the object that was asked for does not exist, or no longer for this platform.
    /// </summary>
    public static bool IsMissing(StripeException e) =>
        e.StripeError?.Code is "resource_missing" or "account_invalid";

    private static ProviderOutcome Classify(StripeException e)
    {
        int status = (int)e.HttpStatusCode;
        StripeError? error = e.StripeError;
        return status switch
        {
            409 => Unknown(UnknownReason.InFlight, e.Message),
            429 => Unknown(UnknownReason.RateLimited, e.Message),
            // 424 is Stripe's word for a failure of somebody behind it, which leaves as much open as a 500.
            424 or >= 500 => Unknown(UnknownReason.ProviderFailed, e.Message),
            _ when error is null || status < 400 => Unknown(UnknownReason.Unreadable, e.Message),
            _ when error.Type == "idempotency_error" => Unknown(UnknownReason.KeyReused, e.Message),
            _ when error.Type == "api_error" => Unknown(UnknownReason.ProviderFailed, e.Message),
            // A destination that left the platform is a 403 too, but a definite one.
            401 or 403 when !IsMissing(e) => Unknown(UnknownReason.CredentialRefused, e.Message),
            // Confirmed before under another key: what counts is where the intent stands.
            _ when error is { Code: "payment_intent_unexpected_state", PaymentIntent: { } intent } =>
                Classify(intent) ?? Unknown(UnknownReason.Unreadable, e.Message),
            _ => Classify(error, error.PaymentIntent?.Id),
        };
    }

    /// <summary>What a payment intent says of itself; null when no attempt was made yet.</summary>
    public static ProviderOutcome? Classify(PaymentIntent intent) => intent.Status switch
    {
        "succeeded" => new ProviderOutcome.Succeeded(intent.Id),
        "canceled" =>
            new ProviderOutcome.Declined("canceled", "The charge was cancelled before it was paid."),
        "requires_action" => new ProviderOutcome.ActionRequired(
            intent.Id, "The bank wants the card's owner to confirm this payment.",
            intent.NextAction?.RedirectToUrl?.Url),
        "requires_payment_method" when intent.LastPaymentError is { } error => Classify(error, intent.Id),
        "requires_payment_method" or "requires_confirmation" => null,
        _ => Unknown(UnknownReason.Processing, $"Stripe has not finished: the charge is {intent.Status}."),
    };

    private static ProviderOutcome Classify(StripeError error, string? intent)
    {
        string code = error.DeclineCode ?? error.Code ?? error.Type ?? "refused";
        string message = error.Message ?? "Stripe refused the request.";
        bool wantsOwner = error.Code == AuthenticationRequired || error.DeclineCode == AuthenticationRequired;
        return wantsOwner && intent is not null
            ? new ProviderOutcome.ActionRequired(intent, message, Url: null)
            : new ProviderOutcome.Declined(code, message);
    }

    private static ProviderOutcome.Unknown Unknown(UnknownReason reason, string why) => new(reason, why);
}
