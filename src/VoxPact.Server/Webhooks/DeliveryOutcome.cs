namespace VoxPact.Server.Webhooks;

/// <summary>What one attempt to deliver a webhook came to: a closed list.</summary>
internal abstract record DeliveryOutcome
{
    private DeliveryOutcome() { }

    /// <summary>The status that was answered, if one was.</summary>
    public int? Answered => this switch
    {
        Delivered delivered => delivered.Status,
        Failed failed => failed.Status,
        Gone => Gone.Status,
        _ => null,
    };

    /// <summary>What the endpoint's owner is to look at; null when it was delivered.</summary>
    public string? Problem => this switch
    {
        Failed failed => failed.Why,
        Gone => "The endpoint answered 410, which asks for no more.",
        Busy => "The endpoint has as many requests under way as it may; ask again.",
        _ => null,
    };

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
