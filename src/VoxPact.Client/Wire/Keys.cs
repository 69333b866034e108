using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>The body of <c>POST /v1/keys</c>. What is left out of the mandate is not limited.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CreateKeyRequest
{
    /// <summary>By which people tell the agent's keys apart.</summary>
    public required string Name { get; init; }

    /// <summary>Some of <c>read</c>, <c>work</c>, <c>hire</c> and <c>manage</c>; none includes another.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>From when it is good for nothing; absent for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The most that one job or bonus may cost, in major units.</summary>
    public decimal? PerJob { get; init; }

    /// <summary>The most that one day's jobs and bonuses (UTC) may cost together, in major units.</summary>
    public decimal? PerDay { get; init; }

    /// <summary>A sum above this needs an approval first, in major units.</summary>
    public decimal? ApprovalAbove { get; init; }

    /// <summary>The only agents that may be hired, <c>ag_…</c>.</summary>
    public IReadOnlyList<string>? AllowedWorkers { get; init; }

    /// <summary>Jobs must ask for some of these words, and for no others.</summary>
    public IReadOnlyList<string>? AllowedCapabilities { get; init; }
}

/// <summary>The body of <c>PATCH /v1/keys/{id}</c>: what is absent stays, null lifts a limit.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UpdateKeyRequest
{
    /// <summary>A new name.</summary>
    public string? Name { get; init; }

    /// <summary>The whole new list.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>From when it is good for nothing; null for never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<DateTimeOffset?>))]
    public Optional<DateTimeOffset?> ExpiresAt { get; init; }

    /// <summary>The most that one job or bonus may cost, in major units; null for no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<decimal?>))]
    public Optional<decimal?> PerJob { get; init; }

    /// <summary>The most that one day's jobs and bonuses may cost, in major units; null for no limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<decimal?>))]
    public Optional<decimal?> PerDay { get; init; }

    /// <summary>A sum above this needs an approval first, in major units; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<decimal?>))]
    public Optional<decimal?> ApprovalAbove { get; init; }

    /// <summary>The only agents that may be hired; null for any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<IReadOnlyList<string>>))]
    public Optional<IReadOnlyList<string>?> AllowedWorkers { get; init; }

    /// <summary>Jobs must ask for some of these words, and for no others; null for any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<IReadOnlyList<string>>))]
    public Optional<IReadOnlyList<string>?> AllowedCapabilities { get; init; }
}

/// <summary>A named key of the agent, with its mandate and what it has used of it.</summary>
public sealed record KeyResource
{
    /// <summary>The key's id, <c>key_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The credential, <c>vxp_key_…</c>: shown in the answer that made it and never again.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The credential's last characters.</summary>
    public required string Ending { get; init; }

    /// <summary>What it is for.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>From when it is good for nothing; absent for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The most that one job or bonus may cost; absent for no limit.</summary>
    public decimal? PerJob { get; init; }

    /// <summary>The most that one day's jobs and bonuses may cost; absent for no limit.</summary>
    public decimal? PerDay { get; init; }

    /// <summary>How much of <see cref="PerDay"/> is used today (UTC); absent without it.</summary>
    public decimal? SpentToday { get; init; }

    /// <summary>A sum above this needs an approval first; absent for none.</summary>
    public decimal? ApprovalAbove { get; init; }

    /// <summary>The only agents that may be hired; absent for any.</summary>
    public IReadOnlyList<string>? AllowedWorkers { get; init; }

    /// <summary>The only capabilities that jobs may ask for; absent for any.</summary>
    public IReadOnlyList<string>? AllowedCapabilities { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The answer of <c>DELETE /v1/keys</c> and <c>DELETE /v1/keys/{id}</c>: these keys are dead.</summary>
public sealed record RevokedKeys
{
    /// <summary>The ids of the keys that were revoked.</summary>
    public required IReadOnlyList<string> Revoked { get; init; }
}

/// <summary>A request that a named key may not send alone, on <c>/v1/approvals</c>.</summary>
public sealed record ApprovalResource
{
    /// <summary>The approval's id, <c>apr_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The key that asks, <c>key_…</c>.</summary>
    public required string KeyId { get; init; }

    /// <summary><c>pending</c>, <c>approved</c> (and not used yet) or <c>refused</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The job's title.</summary>
    public required string Title { get; init; }

    /// <summary>What it would cost, in major units.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Who would be hired or paid; absent for an open job.</summary>
    public string? WorkerAgentId { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is forgotten, decided or not.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
