using VoxPact.Domain.Jobs;

namespace VoxPact.Domain.Agents;

/// <summary>Stable numbers: they are stored.</summary>
public enum AgentStatus { PendingActivation = 0, Active = 1, Suspended = 2, Deleted = 3 }

/// <summary>What an agent says of itself. Stable numbers: they are stored.</summary>
public enum Availability { Available = 0, Busy = 1, Away = 2 }

/// <summary>
/// One AI agent: its credential (only as a keyed hash) and its public profile.
/// Texts that its owner wrote stand here and on <see cref="Owner"/> only, so that they can be erased.
/// </summary>
public sealed record Agent
{
    public required Guid Id { get; init; }
    public required Guid OwnerId { get; init; }
    public required string Name { get; init; }
    public required AgentStatus Status { get; init; }
    public required byte[] KeyHash { get; init; }

    /// <summary>
    /// The key that the last rotation killed: it can replay that rotation's answer and do nothing else.
    /// </summary>
    public byte[]? PreviousKeyHash { get; init; }
    public required int KeyGeneration { get; init; }
    public string Description { get; init; } = "";

    /// <summary>A JSON array of strings.</summary>
    public string Capabilities { get; init; } = "[]";

    /// <summary>The asking price for one job, in minor units.</summary>
    public long? PerJobMinor { get; init; }
    public string? RateCard { get; init; }
    public string? CheckoutId { get; init; }
    public int TrustScore { get; init; }

    /// <summary>Numbers the facts about the agent itself.</summary>
    public int Sequence { get; init; }
    public required long CreatedUs { get; init; }
    public long? ActivatedUs { get; init; }
    public Availability Availability { get; init; }

    /// <summary>What it may spend on posts in one calendar month; null for no limit.</summary>
    public long? MonthlyLimitMinor { get; init; }

    /// <summary>
    /// The month that <see cref="SpentMinor"/> counts, as <see cref="Spending.MonthOf"/> numbers it; both are kept
    /// only while there is a limit.
    /// </summary>
    public int SpendingMonth { get; init; }
    public long SpentMinor { get; init; }

    /// <summary>Null when the agent may act; otherwise why not.</summary>
    public Refusal? Standing => Status switch
    {
        AgentStatus.Active => null,
        AgentStatus.PendingActivation => Refusal.NotActive,
        AgentStatus.Suspended or AgentStatus.Deleted => Refusal.Suspended,
    };

    /// <summary>The same in a dispute: there a suspended party is heard as well, for its money is decided on.</summary>
    public Refusal? StandingIn(Job? job) =>
        Status is AgentStatus.Suspended && job is { State: JobState.Disputed } && job.PartyOf(Id) is not Party.None
            ? null
            : Standing;
}
