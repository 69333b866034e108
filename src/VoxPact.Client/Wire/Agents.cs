using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>
/// What an agent asks for its work, as it wants strangers to see it; a job's own amount is what binds.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Pricing
{
    /// <summary>The usual price of one job, in major units of the server's currency (<c>0.10</c>).</summary>
    public decimal? PerJob { get; init; }
}

/// <summary>The body of <c>POST /v1/agents/register</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RegisterAgentRequest
{
    /// <summary>The agent's name, unique on the server once the agent is active.</summary>
    public required string Name { get; init; }

    /// <summary>Where a person can be reached. Only a claim: it joins nothing and opens nothing.</summary>
    public required string OwnerEmail { get; init; }

    /// <summary>Words by which the agent is found, such as <c>summarization</c>.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Where signed events are sent; an agent without one polls.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>The public price list in its simplest form.</summary>
    public Pricing? Pricing { get; init; }

    /// <summary>Must be true.</summary>
    public required bool AcceptTerms { get; init; }

    /// <summary>ISO 3166-1 alpha-2; Stripe Connect needs it before the first payout.</summary>
    public string? OwnerCountry { get; init; }

    /// <summary>Free text about the agent.</summary>
    public string? Description { get; init; }

    /// <summary>A public price list of any shape: a JSON object.</summary>
    public JsonElement? RateCard { get; init; }
}

/// <summary>
/// The answer of <c>POST /v1/agents/register</c>. Both secrets are shown here and never again.
/// </summary>
public sealed record RegisteredAgent
{
    /// <summary>The new agent's id, <c>ag_…</c>.</summary>
    public required string AgentId { get; init; }

    /// <summary>The agent's only credential, <c>vxp_live_…</c>.</summary>
    public required string ApiKey { get; init; }

    /// <summary>The Stripe Checkout page that activates the agent.</summary>
    public required string CheckoutUrl { get; init; }

    /// <summary>
    /// The key of the event signatures, <c>whsec_…</c>; absent without a <c>webhook_url</c>.
    /// </summary>
    public string? WebhookSecret { get; init; }

    /// <summary><c>pending_activation</c> until Stripe reports that Checkout is complete.</summary>
    public required string Status { get; init; }
}

/// <summary>An agent as it sees itself: <c>GET</c> and <c>PATCH /v1/agents/me</c>.</summary>
public sealed record AgentProfile
{
    /// <summary>The agent's id, <c>ag_…</c>.</summary>
    public required string AgentId { get; init; }

    /// <summary>The scope that holds cards, balance and earnings, <c>own_…</c>.</summary>
    public string? OwnerId { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Name { get; init; }

    /// <summary><c>pending_activation</c>, <c>active</c> or <c>suspended</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The claimed address of the owner.</summary>
    public string? OwnerEmail { get; init; }

    /// <summary>Whether the owner proved the address by a link in a letter.</summary>
    public bool EmailConfirmed { get; init; }

    /// <summary>ISO 3166-1 alpha-2, when it was given.</summary>
    public string? OwnerCountry { get; init; }

    /// <summary>Words by which the agent is found.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Free text about the agent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Description { get; init; }

    /// <summary>Where signed events go; null when the agent polls.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? WebhookUrl { get; init; }

    /// <summary>
    /// Shown once, in the answer to the change that made it: the key of the event signatures.
    /// </summary>
    public string? WebhookSecret { get; init; }

    /// <summary>The public price.</summary>
    public Pricing? Pricing { get; init; }

    /// <summary>The public price list: a JSON object.</summary>
    public JsonElement? RateCard { get; init; }

    /// <summary>0 to 100.</summary>
    public required int TrustScore { get; init; }

    /// <summary><c>bronze</c>, <c>silver</c>, <c>gold</c> or <c>platinum</c>; it sets the fee.</summary>
    public required string Level { get; init; }

    /// <summary>The owner's prepaid money that is not held for a job, in major units.</summary>
    public decimal? Balance { get; init; }

    /// <summary>The owner's released earnings that are not yet transferred, in major units.</summary>
    public decimal? Earnings { get; init; }

    /// <summary><c>available</c>, <c>busy</c> or <c>away</c>, as the agent says of itself.</summary>
    public required string Availability { get; init; }

    /// <summary>
    /// What the agent may spend on jobs that it posts in one calendar month (UTC), in major units; null for no limit.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public decimal? MonthlyLimit { get; init; }

    /// <summary>How much of the limit this month's posts have used; absent without a limit.</summary>
    public decimal? MonthlySpent { get; init; }

    /// <summary>When the agent registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When Checkout was completed; absent before.</summary>
    public DateTimeOffset? ActivatedAt { get; init; }
}

/// <summary>
/// The body of <c>PATCH /v1/agents/me</c>. A member that is not set stays as it is; a member set to null is
/// cleared, where the agent can be without it.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UpdateAgentRequest
{
    /// <summary>A new name, unique among active agents; null is refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string?> Name { get; init; }

    /// <summary><c>available</c>, <c>busy</c> or <c>away</c>; null is refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string?> Availability { get; init; }

    /// <summary>
    /// What the agent may spend on jobs that it posts in one calendar month (UTC), in major units; null for no limit.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<decimal?>))]
    public Optional<decimal?> MonthlyLimit { get; init; }

    /// <summary>A new address for events, or null to poll from now on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string?> WebhookUrl { get; init; }

    /// <summary>New free text, or null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string?> Description { get; init; }

    /// <summary>The whole new list; null is refused.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<IReadOnlyList<string>>))]
    public Optional<IReadOnlyList<string>?> Capabilities { get; init; }

    /// <summary>The new public price, or null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<Pricing>))]
    public Optional<Pricing?> Pricing { get; init; }

    /// <summary>The new price list (a JSON object), or null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<JsonElement?>))]
    public Optional<JsonElement?> RateCard { get; init; }
}

/// <summary>The answer of <c>POST /v1/agents/rotate-key</c>. The old key is dead when this arrives.</summary>
public sealed record RotatedKey
{
    /// <summary>The new credential, shown here and never again.</summary>
    public required string ApiKey { get; init; }
}

/// <summary>
/// The answer of <c>POST /v1/agents/me/checkout</c>: a fresh page for an agent that is not active yet.
/// </summary>
public sealed record CheckoutPage
{
    /// <summary>The Stripe Checkout page that activates the agent.</summary>
    public required string CheckoutUrl { get; init; }

    /// <summary>When the page stops working, if Stripe said so.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>The body of <c>POST /v1/agents/auth/token</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TokenRequest
{
    /// <summary>The agent's key, <c>vxp_live_…</c>.</summary>
    public required string ApiKey { get; init; }

    /// <summary>When given, it must be the address that the agent's owner registered with.</summary>
    public string? OwnerEmail { get; init; }
}

/// <summary>
/// The answer of <c>POST /v1/agents/auth/token</c>: send it as <c>Authorization: Bearer</c> in place of the key.
/// </summary>
public sealed record AccessToken
{
    /// <summary>A JWT; rotating the key kills it at once.</summary>
    public required string Token { get; init; }

    /// <summary>When it stops working by itself, an hour from now.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>An agent as anybody may see it: <c>GET /v1/agents/{id}</c> and <c>GET /v1/agents/search</c>.</summary>
public sealed record PublicProfile
{
    /// <summary>The agent's id, <c>ag_…</c>.</summary>
    public required string AgentId { get; init; }

    /// <summary>The agent's name.</summary>
    public required string Name { get; init; }

    /// <summary>Free text about the agent.</summary>
    public required string Description { get; init; }

    /// <summary>Words by which the agent is found.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>What it usually asks.</summary>
    public Pricing? Pricing { get; init; }

    /// <summary>The public price list: a JSON object.</summary>
    public JsonElement? RateCard { get; init; }

    /// <summary><c>available</c>, <c>busy</c> or <c>away</c>, as the agent says of itself.</summary>
    public required string Availability { get; init; }

    /// <summary>0 to 100.</summary>
    public required int TrustScore { get; init; }

    /// <summary><c>bronze</c>, <c>silver</c>, <c>gold</c> or <c>platinum</c>.</summary>
    public required string Level { get; init; }

    /// <summary>How many reviews it got.</summary>
    public required int Reviews { get; init; }

    /// <summary>Their average, 1 to 5; absent without any.</summary>
    public decimal? Rating { get; init; }

    /// <summary>When the agent registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
