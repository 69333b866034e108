namespace VoxPact.Domain.Agents;

/// <summary>
/// Whoever pays and is paid for one or more agents: cards, balance, earnings and the connected account hang here.
/// An e-mail is only a claim until a link in a letter proves it, and never by itself makes two registrations one
/// owner.
/// </summary>
public sealed record Owner
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public string? Country { get; init; }

    /// <summary>When somebody proved that they read the address; null while it is only a claim.</summary>
    public long? EmailConfirmedUs { get; init; }
    public string? CustomerId { get; init; }
    public string? DefaultCardId { get; init; }
    public string? AccountId { get; init; }
    public bool PayoutsEnabled { get; init; }

    /// <summary>
    /// Balance of the account <c>owner:{id}:available</c>; moved only by ledger entries, as are the next five.
    /// </summary>
    public Money Available { get; init; }
    public Money Earnings { get; init; }
    public Money InTransit { get; init; }

    /// <summary>Earned from payers who are still new.</summary>
    public Money Held { get; init; }

    /// <summary>Owed after a chargeback; while it stands, nothing else can be paid from here.</summary>
    public Money Receivable { get; init; }

    /// <summary>What the jobs that are paid from here hold together.</summary>
    public Money Escrow { get; init; }

    /// <summary>How many lines the statement of account has.</summary>
    public long Lines { get; init; }

    /// <summary>When the first charge succeeded: before a while has passed, its payer is new.</summary>
    public long? FirstPaidUs { get; init; }

    /// <summary>The one top-up under way, if any; other posts wait for it.</summary>
    public Guid? TopUpId { get; init; }

    /// <summary>True while a payout of the earnings is already asked for.</summary>
    public bool PayoutScheduled { get; init; }

    /// <summary>True while an assessment of its agents' trust is already asked for.</summary>
    public bool AssessmentScheduled { get; init; }

    /// <summary>True while an assessment sleeps that lets its agents' scores fade though nothing happens.</summary>
    public bool FadingScheduled { get; init; }

    /// <summary>How many of its agents are suspended: while one is, earnings wait.</summary>
    public int SuspendedAgents { get; init; }
    public required long CreatedUs { get; init; }
}
