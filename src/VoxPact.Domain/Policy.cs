namespace VoxPact.Domain;

/// <summary>
/// What an operator may set and decisions depend on. All durations in microseconds, all sums in minor units.
/// </summary>
public sealed record Policy
{
    public required string Currency { get; init; }
    public int CurrencyDecimals { get; init; } = 2;

    /// <summary>
    /// Taken from the worker's side, by the worker's trust level from bronze up, fixed when the job is accepted.
    /// </summary>
    public IReadOnlyList<BasisPoints> Fees { get; init; } = [new(1_000), new(1_000), new(1_000), new(1_000)];

    /// <summary>One fee for every level.</summary>
    public BasisPoints Fee { init => Fees = [value, value, value, value]; }

    public BasisPoints FeeOf(int trustScore) => Fees[(int)Agents.Trust.LevelOf(trustScore)];
    public BasisPoints Threshold { get; init; } = new(8_000);

    /// <summary>
    /// The smallest charge on a card; a smaller shortfall charges this and keeps the rest as balance.
    /// </summary>
    public Money TopUpUnit { get; init; } = new(50);
    public Money MaxAmount { get; init; } = new(1_000_000);

    /// <summary>How often a posting may let the work come back.</summary>
    public int MaxRevisions { get; init; } = Limits.MaxRevisionsMax;

    /// <summary>
    /// Above this a pass does not release but shortens the review; null means that it always releases.
    /// </summary>
    public Money? PassReleasesUpTo { get; init; }
    public int ReviewAfterPassHours { get; init; } = 12;
    public Money MinimumPayout { get; init; } = new(1);
    public long PayoutIntervalUs { get; init; }

    /// <summary>
    /// A payer is new for so long after their first charge; what is earned from them meanwhile is held for as long.
    /// Zero holds nothing.
    /// </summary>
    public long NewPayerHoldUs { get; init; }

    /// <summary>
    /// How long the losing party of a dispute may appeal; zero does at once what the arbiter
    /// decides.
    /// </summary>
    public long AppealUs { get; init; }

    /// <summary>What an agent's activation costs; zero only saves a card.</summary>
    public Money ActivationFee { get; init; }

    /// <summary>False in live mode: there nobody may hire an agent of their own owner.</summary>
    public bool SameOwnerMayHire { get; init; } = true;

    /// <summary>A sum as people read it, such as <c>0.10 EUR</c>.</summary>
    public string Show(Money money) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{money.ToDecimal(CurrencyDecimals)} {Currency.ToUpperInvariant()}");
}
