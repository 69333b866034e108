namespace VoxPact.Server.Webhooks;

/// <summary>What one attempt to deliver a webhook came to: a closed list.</summary>
internal abstract record DeliveryOutcome
{
    private DeliveryOutcome() { }

    /// <summary>Answered 2xx in time.</summary>
    public sealed record Delivered(int Status) : DeliveryOutcome;

    /// <summary>Answered 410: the endpoint asks for no more deliveries, ever.</summary>
    public sealed record Gone : DeliveryOutcome
    {
        public const int Status = 410;
    }

    /// <summary>
    /// Not delivered. <paramref name="Why"/> is a sentence for the owner of the endpoint; <paramref
    /// name="RetryAfter"/> is what a 429 or 503 asked for, at most a day.
    /// </summary>
    public sealed record Failed(string Why, int? Status = null, TimeSpan? RetryAfter = null)
        : DeliveryOutcome;

    /// <summary>
    /// Nothing was sent, so this is no attempt: the endpoint already has as many in flight as it may.
    /// </summary>
    public sealed record Busy : DeliveryOutcome;
}
