namespace VoxPact.Domain.Agents;

/// <summary>What a named key may be used for. Stable numbers: they are stored.</summary>
[Flags]
public enum KeyScopes
{
    None = 0,
    Read = 1,
    Work = 2,
    Hire = 4,
    Manage = 8,

    /// <summary>What only the key is for that an agent was registered with: no named key has it.</summary>
    Own = 128,
}

/// <summary>
/// One of several keys of an agent, beside the key it was registered with: for some purposes only, and for hiring only
/// within a mandate. Whatever changes it is decided under its agent's lock.
/// </summary>
public sealed record AgentKey
{
    public required Guid Id { get; init; }
    public required Guid AgentId { get; init; }
    public required string Name { get; init; }

    /// <summary>As <see cref="ApiKey.Hash"/> tags it, so that it is never taken for an agent's own key.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>The last characters of the key, by which people tell theirs apart.</summary>
    public required string Ending { get; init; }
    public required KeyScopes Scopes { get; init; }
    public required long CreatedUs { get; init; }

    /// <summary>Business time from which it is good for nothing; null for never.</summary>
    public long? ExpiresUs { get; init; }
    public required Mandate Mandate { get; init; }

    /// <summary>The day that <see cref="SpentMinor"/> counts, in days since 1970 (UTC).</summary>
    public int SpendingDay { get; init; }
    public long SpentMinor { get; init; }

    /// <summary>Why it cannot be used now, or not for what needs one of these scopes; null when it can.</summary>
    public Refusal? RefuseFor(KeyScopes needed, long nowUs)
    {
        if (ExpiresUs <= nowUs)
            return new Refusal(RefusalCode.UnknownCredential,
                $"The key {Name} has expired; ask for a new one, or use another key of the agent.");
        return needed is KeyScopes.None || (Scopes & needed) is not KeyScopes.None
            ? null
            : Refusal.ScopeMissing(Name, needed is KeyScopes.Own
                ? "the key that the agent was registered with"
                : string.Join(" or ", needed.ToString().ToLowerInvariant().Split(", ")));
    }
}

/// <summary>
/// How much a named key may spend, on whom and on what; what is null is not limited. Sums in minor units.
/// </summary>
public sealed record Mandate
{
    public long? PerJobMinor { get; init; }
    public long? PerDayMinor { get; init; }

    /// <summary>A sum above this needs the approval of somebody who may manage the agent.</summary>
    public long? ApprovalAboveMinor { get; init; }

    /// <summary>A JSON array of agents' ids: nobody else may be hired.</summary>
    public string? Workers { get; init; }

    /// <summary>A JSON array of words: jobs must ask for some of them and for nothing else.</summary>
    public string? Capabilities { get; init; }

    public bool IsEmpty => this == new Mandate();
}

/// <summary>Stable numbers: they are stored.</summary>
public enum ApprovalState { Pending = 0, Approved = 1 }

/// <summary>
/// A request that its key may not send alone: once approved, that very request is let through one time, and the row is
/// gone. Refused, it is gone at once.
/// </summary>
public sealed record Approval
{
    public required Guid Id { get; init; }
    public required Guid AgentId { get; init; }
    public required Guid KeyId { get; init; }

    /// <summary>SHA-256 of method, path and body: nothing else is approved.</summary>
    public required byte[] RequestHash { get; init; }
    public required string Title { get; init; }
    public required Money Amount { get; init; }
    public Guid? Worker { get; init; }
    public required ApprovalState State { get; init; }
    public required long CreatedUs { get; init; }
    public required long ExpiresUs { get; init; }
}
