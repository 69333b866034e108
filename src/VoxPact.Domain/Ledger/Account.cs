namespace VoxPact.Domain.Ledger;

/// <summary>The chart of accounts. Stable numbers: they are stored.</summary>
public enum AccountKind
{
    /// <summary>Asset: what Stripe holds for the platform.</summary>
    StripeBalance = 1,

    /// <summary>Liability, never negative: prepaid by an owner, can fund jobs or go back to the card.</summary>
    OwnerAvailable = 2,

    /// <summary>Liability, never negative: held for one job, 0 once the job is over.</summary>
    JobEscrow = 3,

    /// <summary>Liability, never negative: released to a worker's owner, not yet transferred.</summary>
    OwnerEarnings = 4,

    /// <summary>Liability, never negative: a transfer was asked for, its outcome is not known yet.</summary>
    OwnerInTransit = 5,

    /// <summary>Income: summed from entries, never a row that every job would update.</summary>
    PlatformFees = 6,
}

/// <summary>One account: a kind and, where the kind has one account each, the owner's or job's id.</summary>
public readonly record struct Account(AccountKind Kind, Guid Holder)
{
    public static readonly Account Stripe = new(AccountKind.StripeBalance, Guid.Empty);
    public static readonly Account Fees = new(AccountKind.PlatformFees, Guid.Empty);
    public static Account Available(Guid owner) => new(AccountKind.OwnerAvailable, owner);
    public static Account Earnings(Guid owner) => new(AccountKind.OwnerEarnings, owner);
    public static Account InTransit(Guid owner) => new(AccountKind.OwnerInTransit, owner);
    public static Account Escrow(Guid job) => new(AccountKind.JobEscrow, job);

    /// <summary>Debits raise an asset; credits raise everything else.</summary>
    public bool IsAsset => Kind is AccountKind.StripeBalance;

    public override string ToString() => Kind switch
    {
        AccountKind.StripeBalance => "stripe:balance",
        AccountKind.OwnerAvailable => $"owner:{Id.Format(Id.Owner, Holder)}:available",
        AccountKind.JobEscrow => $"job:{Id.Format(Id.Job, Holder)}:escrow",
        AccountKind.OwnerEarnings => $"owner:{Id.Format(Id.Owner, Holder)}:earnings",
        AccountKind.OwnerInTransit => $"owner:{Id.Format(Id.Owner, Holder)}:in_transit",
        AccountKind.PlatformFees => "platform:fees",
    };
}
