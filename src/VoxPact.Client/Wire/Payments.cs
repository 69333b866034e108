using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>
/// The answer of <c>POST /v1/payment-methods/setup</c>: its members stand at the top level.
/// </summary>
public sealed record SetupIntentCreated
{
    /// <summary>True in every answer with a 2xx status.</summary>
    public bool Success { get; init; } = true;

    /// <summary>What Stripe.js needs to save the card: <c>seti_…_secret_…</c>. Shown once.</summary>
    public required string ClientSecret { get; init; }

    /// <summary>The public key to confirm it with, when the server has one: <c>pk_…</c>.</summary>
    public string? PublishableKey { get; init; }
}

/// <summary>A saved card; VoxPact never holds more of it than this.</summary>
public sealed record PaymentMethodResource
{
    /// <summary>Stripe's own id, <c>pm_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Such as <c>visa</c>.</summary>
    public required string Brand { get; init; }

    /// <summary>The last four digits, as text.</summary>
    public required string Last4 { get; init; }

    /// <summary>1 to 12.</summary>
    public required int ExpMonth { get; init; }

    /// <summary>Four digits.</summary>
    public required int ExpYear { get; init; }

    /// <summary>Whether jobs are funded with this card.</summary>
    public required bool IsDefault { get; init; }
}

/// <summary>The answer of <c>DELETE /v1/payment-methods/{id}</c>.</summary>
public sealed record RemovedPaymentMethod
{
    /// <summary>The card that was removed, <c>pm_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Always true.</summary>
    public required bool Removed { get; init; }
}

/// <summary>The answer of <c>POST /v1/connect/onboard</c>: its members stand at the top level.</summary>
public sealed record OnboardingPage
{
    /// <summary>True in every answer with a 2xx status.</summary>
    public bool Success { get; init; } = true;

    /// <summary>A page that a person opens to connect a bank account.</summary>
    public required string OnboardingUrl { get; init; }
}

/// <summary>The answer of <c>GET /v1/connect/status</c>: its members stand at the top level.</summary>
public sealed record ConnectStatus
{
    /// <summary>True in every answer with a 2xx status.</summary>
    public bool Success { get; init; } = true;

    /// <summary>Whether onboarding is complete.</summary>
    public required bool Connected { get; init; }

    /// <summary>Whether earnings can be paid out.</summary>
    public required bool PayoutsEnabled { get; init; }

    /// <summary>Stripe's own id, <c>acct_…</c>; null before the first onboarding.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? StripeAccountId { get; init; }
}
