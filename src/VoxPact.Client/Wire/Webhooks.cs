using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>The body of <c>POST /v1/webhook-endpoints</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateWebhookEndpointRequest
{
    /// <summary>Where events are posted to.</summary>
    public required string Url { get; init; }

    /// <summary>Only events of these types; without it, all.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>A few words for yourself.</summary>
    public string? Description { get; init; }
}

/// <summary>The body of <c>PATCH /v1/webhook-endpoints/{id}</c>: what is not set stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UpdateWebhookEndpointRequest
{
    /// <summary>Another address.</summary>
    public string? Url { get; init; }

    /// <summary>Other types, or null for all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<IReadOnlyList<string>>))]
    public Optional<IReadOnlyList<string>?> Types { get; init; }

    /// <summary>Other words, or null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string?> Description { get; init; }

    /// <summary>
    /// False switches it off; true switches it on, and what it was not sent meanwhile is sent. An event that it
    /// answered 410 to was given up: a replay of what failed sends it.
    /// </summary>
    public bool? Enabled { get; init; }
}

/// <summary>An address that events are sent to, and how that goes.</summary>
public sealed record WebhookEndpointResource
{
    /// <summary>The endpoint's id, <c>whe_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Where events are posted to.</summary>
    public required string Url { get; init; }

    /// <summary>Only events of these types; null for all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>The owner's own words.</summary>
    public string? Description { get; init; }

    /// <summary>False when nothing is sent.</summary>
    public required bool Enabled { get; init; }

    /// <summary><c>by_owner</c>, <c>gone</c> (it answered 410) or <c>failing</c> (for five days).</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Since when nothing is sent.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Since when every attempt has failed.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>
    /// Nothing is sent before then. A ping that it takes, a replay, another <c>url</c> or <c>enabled: true</c> ends
    /// that at once.
    /// </summary>
    public DateTimeOffset? RestingUntil { get; init; }

    /// <summary>
    /// <c>failing</c> (five attempts failed on end: it is asked again after 1, 2, 4, 8 and then every 15 minutes) or
    /// <c>retry_after</c> (its answer of 429 or 503 asked for it, for 24 hours at most).
    /// </summary>
    public string? RestingReason { get; init; }

    /// <summary>How many events it never took; they can be sent again. Only where endpoints are read.</summary>
    public long? FailedCount { get; init; }

    /// <summary>The key of the signatures, <c>whsec_…</c>: shown once, when it is made.</summary>
    public string? Secret { get; init; }

    /// <summary>Until when events are signed with the old secret too.</summary>
    public DateTimeOffset? OldSecretUntil { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The answer of <c>DELETE /v1/webhook-endpoints/{id}</c>.</summary>
public sealed record RemovedWebhookEndpoint
{
    /// <summary>What was removed, <c>whe_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Always true.</summary>
    public required bool Removed { get; init; }
}

/// <summary>What a <c>webhook.ping</c> to an endpoint came to, in the answer to the call that sent it.</summary>
public sealed record WebhookPing
{
    /// <summary>True when the endpoint answered 2xx.</summary>
    public required bool Delivered { get; init; }

    /// <summary>The status it answered with, if it did.</summary>
    public int? Status { get; init; }

    /// <summary>How long that took.</summary>
    public required long LatencyMs { get; init; }

    /// <summary>What to look at when it was not delivered.</summary>
    public string? Error { get; init; }
}

/// <summary>One attempt to send one event to one endpoint.</summary>
public sealed record DeliveryResource
{
    /// <summary>The attempt's id, <c>whd_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The event, <c>evt_…</c>.</summary>
    public required string EventId { get; init; }

    /// <summary>The event's type.</summary>
    public required string Type { get; init; }

    /// <summary>The job that the event is about, if it is about one.</summary>
    public string? JobId { get; init; }

    /// <summary>Which attempt for this event it was, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>delivered</c>, <c>retrying</c> or <c>dead</c> (given up).</summary>
    public required string Outcome { get; init; }

    /// <summary>The status that was answered, if one was.</summary>
    public int? Status { get; init; }

    /// <summary>How long it took.</summary>
    public required long LatencyMs { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }
}

/// <summary>
/// The body of <c>POST /v1/webhook-endpoints/{id}/replay</c>: one event, all that failed, all of a stretch of time, or
/// what is left of one. Of a stretch, it is events of the types that the endpoint wants.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReplayRequest
{
    /// <summary>An attempt, <c>whd_…</c>: its event is sent again.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>True: everything that was given up.</summary>
    public bool? Failed { get; init; }

    /// <summary>Everything that happened from then on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Everything that happened before; if absent, everything that it was sent so far.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The <c>next_cursor</c> of the answer before: the rest of that stretch.</summary>
    public string? Cursor { get; init; }

    /// <summary>At most so many events now, 1 to 1,000; 1,000, if absent.</summary>
    public int? Limit { get; init; }
}

/// <summary>How much is sent again.</summary>
public sealed record ReplayResult
{
    /// <summary>So many events, the oldest first.</summary>
    public required int Queued { get; init; }

    /// <summary>
    /// True when there are more than go at once: ask again, with <c>cursor</c> where there is a <c>next_cursor</c>,
    /// else with the same body.
    /// </summary>
    public required bool More { get; init; }

    /// <summary>Of a stretch of time: where the next request goes on, skipping and repeating nothing.</summary>
    public string? NextCursor { get; init; }
}

/// <summary>The body of <c>POST /v1/events/test</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TestEventRequest
{
    /// <summary>The type of the event; <c>webhook.ping</c> when absent.</summary>
    public string? Type { get; init; }
}

/// <summary>A test event that is on its way.</summary>
public sealed record TestEvent
{
    /// <summary>Its type.</summary>
    public required string Type { get; init; }

    /// <summary>Its number among the events about the agent itself.</summary>
    public required int Sequence { get; init; }
}

/// <summary>An event of the stream, and where to go on after it.</summary>
/// <param name="Cursor">For <c>after</c>, or <c>Last-Event-ID</c>.</param>
/// <param name="Event">The event as it is posted to endpoints too.</param>
public sealed record StreamedEvent(string Cursor, WebhookEvent Event);
