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

    /// <summary>Liability, never negative: a transfer or withdrawal whose outcome is not known yet.</summary>
    OwnerInTransit = 5,

    /// <summary>Income: summed from entries, never a row that every job would update.</summary>
    PlatformFees = 6,

    /// <summary>Liability, never negative: earned from a payer who is still new, not yet payable.</summary>
    OwnerHeld = 7,

    /// <summary>Asset, never negative: what an owner owes after a chargeback.</summary>
    OwnerReceivable = 8,

    /// <summary>Equity: the operator's own money at Stripe.</summary>
    PlatformCapital = 9,

    /// <summary>Expense: what Stripe takes for charges and disputes; summed from entries.</summary>
    PlatformProcessing = 10,

    /// <summary>Expense: what nobody will pay back any more; summed from entries.</summary>
    PlatformLosses = 11,
}

/// <summary>One account: a kind and, where the kind has one account each, the owner's or job's id.</summary>
public readonly record struct Account(AccountKind Kind, Guid Holder)
{
    public static readonly Account Stripe = new(AccountKind.StripeBalance, Guid.Empty);
    public static readonly Account Fees = new(AccountKind.PlatformFees, Guid.Empty);
    public static readonly Account Capital = new(AccountKind.PlatformCapital, Guid.Empty);
    public static readonly Account Processing = new(AccountKind.PlatformProcessing, Guid.Empty);
    public static readonly Account Losses = new(AccountKind.PlatformLosses, Guid.Empty);
    public static Account Available(Guid owner) => new(AccountKind.OwnerAvailable, owner);
    public static Account Earnings(Guid owner) => new(AccountKind.OwnerEarnings, owner);
    public static Account InTransit(Guid owner) => new(AccountKind.OwnerInTransit, owner);
    public static Account Held(Guid owner) => new(AccountKind.OwnerHeld, owner);
    public static Account Receivable(Guid owner) => new(AccountKind.OwnerReceivable, owner);
    public static Account Escrow(Guid job) => new(AccountKind.JobEscrow, job);

    /// <summary>Debits raise an asset, as they do an expense; credits raise everything else.</summary>
    public bool IsAsset => Kind is AccountKind.StripeBalance or AccountKind.OwnerReceivable
        or AccountKind.PlatformProcessing or AccountKind.PlatformLosses;

    public override string ToString() => Kind switch
    {
        AccountKind.StripeBalance => "stripe:balance",
        AccountKind.OwnerAvailable => $"owner:{Id.Format(Id.Owner, Holder)}:available",
        AccountKind.JobEscrow => $"job:{Id.Format(Id.Job, Holder)}:escrow",
        AccountKind.OwnerEarnings => $"owner:{Id.Format(Id.Owner, Holder)}:earnings",
        AccountKind.OwnerInTransit => $"owner:{Id.Format(Id.Owner, Holder)}:in_transit",
        AccountKind.PlatformFees => "platform:fees",
        AccountKind.OwnerHeld => $"owner:{Id.Format(Id.Owner, Holder)}:held",
        AccountKind.OwnerReceivable => $"owner:{Id.Format(Id.Owner, Holder)}:receivable",
        AccountKind.PlatformCapital => "platform:capital",
        AccountKind.PlatformProcessing => "platform:processing",
        AccountKind.PlatformLosses => "platform:losses",
    };
}
