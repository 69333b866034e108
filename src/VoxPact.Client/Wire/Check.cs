namespace VoxPact.Client;

/// <summary>
/// The answer of <c>GET /v1/operator/check</c>: the ledger held against what the code would have written.
/// </summary>
public sealed record CheckReport
{
    /// <summary>True when nothing that was checked is broken; a warning breaks nothing.</summary>
    public required bool Passed { get; init; }

    /// <summary>False when something could not be checked; its <c>note</c> says why.</summary>
    public required bool Complete { get; init; }

    /// <summary>The moment that was looked at, in business time.</summary>
    public required DateTimeOffset CheckedAt { get; init; }

    /// <summary>True when everything was read; else only what was committed since the last check.</summary>
    public required bool IsFull { get; init; }

    /// <summary>When everything was read for the last time.</summary>
    public required DateTimeOffset FullCheckAt { get; init; }

    /// <summary>How long it took.</summary>
    public required long TookMs { get; init; }

    /// <summary>What was checked, and what was found.</summary>
    public required IReadOnlyList<CheckedInvariant> Invariants { get; init; }

    /// <summary>How many rows were read by this check.</summary>
    public required CheckCounts Counts { get; init; }

    /// <summary>What all accounts of a kind hold together.</summary>
    public required CheckTotals Totals { get; init; }
}

/// <summary>One thing that must hold.</summary>
public sealed record CheckedInvariant
{
    /// <summary><c>I1</c> to <c>I11</c>, or <c>chain</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What must hold, in words.</summary>
    public required string Title { get; init; }

    /// <summary><c>holds</c>, <c>broken</c>, <c>warning</c> or <c>not_checked</c>.</summary>
    public required string Status { get; init; }

    /// <summary>How much was found.</summary>
    public required long Findings { get; init; }

    /// <summary>The first findings, in words: what it is about and what is wrong with it.</summary>
    public required IReadOnlyList<string> First { get; init; }

    /// <summary>Why it was not checked, or what of it no database can show.</summary>
    public string? Note { get; init; }
}

/// <summary>How many rows a check read.</summary>
public sealed record CheckCounts
{
    /// <summary>Owners.</summary>
    public required long Owners { get; init; }

    /// <summary>Jobs.</summary>
    public required long Jobs { get; init; }

    /// <summary>Charges and transfers.</summary>
    public required long Operations { get; init; }

    /// <summary>Ledger entries.</summary>
    public required long Entries { get; init; }

    /// <summary>Facts, which are the events.</summary>
    public required long Facts { get; init; }

    /// <summary>Commits of all nodes.</summary>
    public required long Commits { get; init; }

    /// <summary>Answers stored for repeated Idempotency-Keys.</summary>
    public required long Answers { get; init; }

    /// <summary>Charges and transfers that the payment provider lists.</summary>
    public required long ProviderObjects { get; init; }
}

/// <summary>The sums of the ledger's entries by kind of account, in major units.</summary>
public sealed record CheckTotals
{
    /// <summary>
    /// What Stripe holds for the platform: available + escrow + earnings + held + in transit + fees + capital,
    /// less receivable, processing and losses.
    /// </summary>
    public required decimal StripeBalance { get; init; }

    /// <summary>Prepaid by owners.</summary>
    public required decimal Available { get; init; }

    /// <summary>Held for jobs.</summary>
    public required decimal Escrow { get; init; }

    /// <summary>Released to workers' owners, not yet transferred.</summary>
    public required decimal Earnings { get; init; }

    /// <summary>In transfers whose outcome is not known yet.</summary>
    public required decimal InTransit { get; init; }

    /// <summary>The platform's fees.</summary>
    public required decimal Fees { get; init; }

    /// <summary>Earned from payers who are still new, not yet payable.</summary>
    public required decimal Held { get; init; }

    /// <summary>Owed by owners after chargebacks.</summary>
    public required decimal Receivable { get; init; }

    /// <summary>The operator's own money at Stripe.</summary>
    public required decimal Capital { get; init; }

    /// <summary>What Stripe took for charges and disputes.</summary>
    public required decimal Processing { get; init; }

    /// <summary>Debts that the operator gave up.</summary>
    public required decimal Losses { get; init; }
}
