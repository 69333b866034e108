using VoxPact.Domain.Facts;

namespace VoxPact.Domain.Agents;

/// <summary>Why nothing is sent to an endpoint. Stable numbers: they are stored.</summary>
public enum EndpointOff { ByOwner = 1, Gone = 2, Failing = 3 }

/// <summary>Why an endpoint that is on is left alone for a while. Stable numbers: they are stored.</summary>
public enum EndpointRest { Failing = 1, Asked = 2 }

/// <summary>
/// Where one agent's events are sent, how they are signed, and how it has gone so far. One node at a time serves an
/// endpoint, under a lease in real time; all other times are business time.
/// </summary>
public sealed record WebhookEndpoint
{
    /// <summary>
    /// After so many failed attempts on end only one at a time is made, and after each that fails it rests.
    /// </summary>
    public const int RestsAfterFailures = 5;

    public const long DisabledAfterUs = 5 * 24 * 3_600_000_000L;

    /// <summary>
    /// Longer than events wait between two attempts: nothing was sent meanwhile, so nobody knows that it still failed.
    /// </summary>
    private const long SilenceUs = 2 * 24 * 3_600_000_000L;

    public const long OldSecretUs = 24 * 3_600_000_000L;

    /// <summary>The first rest of one that fails; each further failure doubles it, up to the longest.</summary>
    public const long FirstRestUs = 60_000_000L;
    public const long LongestRestUs = 15 * 60_000_000L;

    /// <summary>What <c>Retry-After</c> can ask for at most.</summary>
    public const long LongestAskedRestUs = 24 * 3_600_000_000L;

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

    /// <summary>Nothing is sent before then, whatever is due.</summary>
    public long RestUntilUs { get; init; }
    public EndpointRest? RestReason { get; init; }
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

    /// <summary>
    /// It took an event. A rest that it asked for stays: what is taken meanwhile was on its way before.
    /// </summary>
    public WebhookEndpoint Delivered()
    {
        if (Failures == 0 && FailingSinceUs is null) return this;
        return (RestReason is EndpointRest.Asked ? this : Awake()) with { Failures = 0, FailingSinceUs = null };
    }

    /// <param name="nowUs">When the attempt failed.</param>
    /// <param name="askedUs">How long its answer asked to be left alone; 0 when it did not.</param>
    public WebhookEndpoint Failed(long nowUs, long askedUs)
    {
        bool begins = FailingSinceUs is null || (IsFailing && nowUs - RestUntilUs > SilenceUs);
        var failed = begins
            ? this with { Failures = 1, FailingSinceUs = nowUs }
            : this with { Failures = Failures + 1 };
        int doublings = Math.Min(failed.Failures - RestsAfterFailures, 4);
        if (failed.IsFailing)
            failed = failed.Rest(nowUs + Math.Min(FirstRestUs << doublings, LongestRestUs), EndpointRest.Failing);
        if (askedUs > 0) failed = failed.Rest(nowUs + Math.Min(askedUs, LongestAskedRestUs), EndpointRest.Asked);
        return nowUs - failed.FailingSinceUs >= DisabledAfterUs ? failed.Off(EndpointOff.Failing, nowUs) : failed;
    }

    /// <summary>Its owner wants it asked again now: as if it had not failed, but for since when it fails.</summary>
    public WebhookEndpoint Awake() => this with { Failures = 0, RestUntilUs = 0, RestReason = null };

    public bool IsResting(long nowUs) => RestUntilUs > nowUs;

    private WebhookEndpoint Rest(long untilUs, EndpointRest reason) =>
        untilUs <= RestUntilUs ? this : this with { RestUntilUs = untilUs, RestReason = reason };

    public WebhookEndpoint Off(EndpointOff reason, long nowUs) =>
        this with { DisabledUs = DisabledUs ?? nowUs, DisabledReason = DisabledReason ?? reason, LeaseUntilUs = 0 };

    /// <summary>What was not sent meanwhile is sent now.</summary>
    public WebhookEndpoint On() => Awake() with { DisabledUs = null, DisabledReason = null, FailingSinceUs = null };

    /// <summary>The reason as the API words it.</summary>
    public static string Word(EndpointOff reason) => reason switch
    {
        EndpointOff.ByOwner => "by_owner",
        EndpointOff.Gone => "gone",
        EndpointOff.Failing => "failing",
    };

    public static string Word(EndpointRest reason) => reason switch
    {
        EndpointRest.Failing => "failing",
        EndpointRest.Asked => "retry_after",
    };
}
