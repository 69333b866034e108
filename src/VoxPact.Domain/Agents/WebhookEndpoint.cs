using VoxPact.Domain.Facts;

namespace VoxPact.Domain.Agents;

/// <summary>Why nothing is sent to an endpoint. Stable numbers: they are stored.</summary>
public enum EndpointOff { ByOwner = 1, Gone = 2, Failing = 3 }

/// <summary>
/// Where one agent's events are sent, how they are signed, and how it has gone so far. One node at a time serves an
/// endpoint, under a lease in real time; all other times are business time.
/// </summary>
public sealed record WebhookEndpoint
{
    /// <summary>
    /// After so many failed attempts on end only one at a time is made, when the last that failed is due again.
    /// </summary>
    public const int RestsAfterFailures = 5;

    public const long DisabledAfterUs = 5 * 24 * 3_600_000_000L;
    public const long OldSecretUs = 24 * 3_600_000_000L;

    /// <summary>How long it rests after an event was given up that has no next attempt.</summary>
    public const long RestUs = 5 * 60_000_000L;

    public required Guid Id { get; init; }
    public required Guid AgentId { get; init; }
    public required string Url { get; init; }
    public string? Description { get; init; }

    /// <summary>The names of the types that it wants, between commas; null wants all.</summary>
    public string? Types { get; init; }

    /// <summary>
    /// The signing secret, encrypted under the pepper; after a rotation the old one signs too for a day.
    /// </summary>
    public required byte[] Secret { get; init; }
    public byte[]? OldSecret { get; init; }
    public long OldSecretUntilUs { get; init; }
    public required long CreatedUs { get; init; }

    /// <summary>Everything up to here was delivered, given up, or stands among the deliveries that wait.</summary>
    public required InboxPlace SentUpTo { get; init; }

    /// <summary>Failed attempts since the last that went well.</summary>
    public int Failures { get; init; }
    public long? FailingSinceUs { get; init; }
    public long RestUntilUs { get; init; }
    public long? DisabledUs { get; init; }
    public EndpointOff? DisabledReason { get; init; }
    public long LeaseNode { get; init; }
    public long LeaseUntilUs { get; init; }

    /// <summary>
    /// The endpoint that registering or editing the agent's <c>webhook_url</c> makes has the agent's id.
    /// </summary>
    public bool IsFirst => Id == AgentId;
    public bool IsOn => DisabledUs is null;
    public bool IsFailing => Failures >= RestsAfterFailures;

    public bool Wants(FactType type) => Types is null || Types.Split(',').Contains(FactTypes.Name(type));

    public WebhookEndpoint Delivered() =>
        Failures == 0 ? this : this with { Failures = 0, FailingSinceUs = null, RestUntilUs = 0 };

    /// <param name="againUs">When the event that failed is tried again; null when it was given up.</param>
    public WebhookEndpoint Failed(long nowUs, long? againUs)
    {
        var failed = this with { Failures = Failures + 1, FailingSinceUs = FailingSinceUs ?? nowUs };
        if (failed.IsFailing) failed = failed with { RestUntilUs = againUs ?? nowUs + RestUs };
        return nowUs - failed.FailingSinceUs >= DisabledAfterUs ? failed.Off(EndpointOff.Failing, nowUs) : failed;
    }

    public WebhookEndpoint Off(EndpointOff reason, long nowUs) =>
        this with { DisabledUs = DisabledUs ?? nowUs, DisabledReason = DisabledReason ?? reason, LeaseUntilUs = 0 };

    /// <summary>What was not sent meanwhile is sent now.</summary>
    public WebhookEndpoint On() => this with
    {
        DisabledUs = null,
        DisabledReason = null,
        Failures = 0,
        FailingSinceUs = null,
        RestUntilUs = 0,
    };

    /// <summary>The reason as the API words it.</summary>
    public static string Word(EndpointOff reason) => reason switch
    {
        EndpointOff.ByOwner => "by_owner",
        EndpointOff.Gone => "gone",
        EndpointOff.Failing => "failing",
    };
}
