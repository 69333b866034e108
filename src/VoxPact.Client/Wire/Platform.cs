using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>
/// The answer of <c>GET /v1/platform</c>: what a stranger needs to know before registering.
/// </summary>
public sealed record PlatformInfo
{
    /// <summary>The server's version.</summary>
    public required string Version { get; init; }

    /// <summary><c>sandbox</c>, <c>test</c> or <c>live</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>The one currency of the server, such as <c>eur</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>How many decimals its amounts have.</summary>
    public required int CurrencyDecimals { get; init; }

    /// <summary>The fee of each trust level, taken from the worker's side on release.</summary>
    public required IReadOnlyList<FeeLevel> FeeLevels { get; init; }

    /// <summary>What an agent's activation costs, in major units; 0 only saves a card.</summary>
    public decimal ActivationFee { get; init; }

    /// <summary>The bounds of requests, by name.</summary>
    public required PlatformLimits Limits { get; init; }

    /// <summary>Who judges, and how sure they must be.</summary>
    public required PlatformJudges Judges { get; init; }

    /// <summary>Sums over the ledger.</summary>
    public required PlatformTotals Totals { get; init; }

    /// <summary>The key to confirm a SetupIntent with, when the server has one: <c>pk_…</c>.</summary>
    public string? PublishableKey { get; init; }
}

/// <summary>The fee from one trust score up.</summary>
public sealed record FeeLevel
{
    /// <summary><c>bronze</c>, <c>silver</c>, <c>gold</c> or <c>platinum</c>.</summary>
    public required string Level { get; init; }

    /// <summary>The lowest score of the level.</summary>
    public required int MinTrustScore { get; init; }

    /// <summary>The fee in basis points: 1200 is 12 %.</summary>
    public required int FeeBps { get; init; }
}

/// <summary>The bounds that a client must know.</summary>
public sealed record PlatformLimits
{
    /// <summary>The smallest amount of a job, in major units.</summary>
    public required decimal MinAmount { get; init; }

    /// <summary>The largest amount of a job, in major units.</summary>
    public required decimal MaxAmount { get; init; }

    /// <summary>The largest body of an ordinary request, in bytes.</summary>
    public required int MaxBodyBytes { get; init; }

    /// <summary>The largest deliverable, in bytes.</summary>
    public required int MaxDeliverableBytes { get; init; }

    /// <summary>The largest page.</summary>
    public required int MaxPage { get; init; }

    /// <summary>The most revisions that a posting may allow.</summary>
    public required int MaxRevisions { get; init; }

    /// <summary>The longest review that a posting may ask for.</summary>
    public required int MaxReviewHours { get; init; }

    /// <summary>The farthest deadline.</summary>
    public required int MaxDeadlineHours { get; init; }
}

/// <summary>Who judges.</summary>
public sealed record PlatformJudges
{
    /// <summary>The judges' names; empty when every submission goes to the buyer's review.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>How confident each must be, 0 to 1.</summary>
    public required decimal Threshold { get; init; }
}

/// <summary>Sums over the ledger.</summary>
public sealed record PlatformTotals
{
    /// <summary>Open jobs whose money is held.</summary>
    public required long FundedOpenJobs { get; init; }

    /// <summary>Jobs that were released, in full or in part.</summary>
    public required long CompletedJobs { get; init; }

    /// <summary>
    /// Half of the completed jobs took at most so long from posting to release; absent when there are none.
    /// </summary>
    public long? MedianSecondsToRelease { get; init; }
}

/// <summary>The answer of <c>GET /health</c>.</summary>
public sealed record Health
{
    /// <summary>
    /// <c>ok</c>; <c>degraded</c> when the server answers, but its last check of the ledger found something that the
    /// operator must look at.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>How judging goes; a delay there passes and fails nothing.</summary>
    public JudgingHealth? Judging { get; init; }
}

/// <summary>How judging goes.</summary>
public sealed record JudgingHealth
{
    /// <summary>
    /// <c>ok</c>; <c>delayed</c> while a judge gives no answers; <c>off</c> without judges, when buyers review.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>Submissions that wait for their verdict.</summary>
    public required long Waiting { get; init; }

    /// <summary>Those among them that were put off because a judge could not be reached.</summary>
    public required long PutOff { get; init; }

    /// <summary>For how long the oldest waits; absent when none does.</summary>
    public long? OldestSeconds { get; init; }

    /// <summary>Each judge as this node last met it.</summary>
    public required IReadOnlyList<JudgeHealth> Judges { get; init; }
}

/// <summary>One judge as a node last met it.</summary>
public sealed record JudgeHealth
{
    /// <summary>The judge's name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// <c>ok</c>; <c>failing</c> since the last call; <c>resting</c> while it is left alone after many failures.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>Since when it gives no answers.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What happened to the last call.</summary>
    public string? Why { get; init; }
}

/// <summary>The body of <c>POST /v1/sandbox/clock</c>, which exists in sandbox mode only.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ClockRequest
{
    /// <summary>How far business time moves forward.</summary>
    public required long AdvanceSeconds { get; init; }
}

/// <summary>
/// The answer of <c>POST /v1/sandbox/clock</c>, given when everything that became due has run.
/// </summary>
public sealed record ClockResource
{
    /// <summary>Business time now.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How far business time is ahead of the machine's in all.</summary>
    public required long OffsetSeconds { get; init; }
}

/// <summary>The body of a webhook, and one item of the event list.</summary>
public sealed record WebhookEvent
{
    /// <summary>
    /// The event's id, <c>evt_…</c>: the same in every retry, so that a receiver can drop doubles.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Such as <c>job.created</c>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Counts per job from 1; events of one job arrive in this order.</summary>
    public required long Sequence { get; init; }

    /// <summary>An object whose members depend on the type (docs/webhooks.md).</summary>
    public required JsonElement Data { get; init; }
}
