namespace VoxPact.Domain.Ledger;

/// <summary>Stable numbers: they are stored.</summary>
public enum OperationKind
{
    // Asked of the provider, under the protocol of sending.
    Charge = 1,
    Transfer = 2,
    Refund = 3,
    ActivationFee = 4,

    // Told by the provider: nobody here asked for them.
    Reversal = 5,
    Dispute = 6,

    // Of the ledger alone.
    Bonus = 7,
    Recovery = 8,
    WriteOff = 9,
    CapitalAdded = 10,
    CapitalTaken = 11,

    // Told by the provider's balance: what it takes for no single charge, or gives back of that.
    FeeTaken = 12,
    FeeReturned = 13,
}

/// <summary>Stable numbers: they are stored. A dispute is pending until it is lost (done) or won (declined).</summary>
public enum OperationState { Pending = 0, Done = 1, Declined = 2 }

/// <summary>
/// Money that moves, or may, outside of a job's own life. What is asked of Stripe is decided and reserved before it
/// is asked: its body is frozen and its idempotency key follows from its id and generation, so that any number of
/// tries make one charge, transfer or refund.
/// </summary>
public sealed record Operation
{
    public required Guid Id { get; init; }
    public required OperationKind Kind { get; init; }

    /// <summary>Whose money it is; zero for the platform's own.</summary>
    public required Guid OwnerId { get; init; }
    public required Money Amount { get; init; }

    /// <summary>The frozen request, as JSON.</summary>
    public required string Body { get; init; }
    public OperationState State { get; init; }
    public int Generation { get; init; } = 1;

    /// <summary>Stripe's id of what was made: <c>pi_…</c>, <c>tr_…</c>, <c>re_…</c>, <c>dp_…</c>.</summary>
    public string? ProviderId { get; init; }

    /// <summary>When the key of this generation was first sent, business time.</summary>
    public long? FirstSentUs { get; init; }
    public string? FailureCode { get; init; }
    public string? FailureText { get; init; }

    /// <summary>The page on which a person can satisfy their bank, when that is what failed.</summary>
    public string? ActionUrl { get; init; }
    public required long CreatedUs { get; init; }
    public long? SettledUs { get; init; }

    /// <summary>
    /// What it belongs to: a refund's withdrawal, a reversal's transfer, a dispute's charge, a bonus's job, the
    /// agent that asked for a top-up.
    /// </summary>
    public Guid? ParentId { get; init; }

    /// <summary>True once the provider failed under this key: from then on it is read, and not sent again.</summary>
    public bool MustRead { get; init; }

    /// <summary>When a read first showed nothing while <see cref="SendingRules"/> forbade to send.</summary>
    public long? EmptyReadUs { get; init; }

    /// <summary>What Stripe took for it, once that is known.</summary>
    public Money? Fee { get; init; }

    /// <summary>
    /// Of a charge: what was refunded or charged back. Of a transfer: what was reversed. Of a refund: what the bank
    /// sent back.
    /// </summary>
    public Money Returned { get; init; }

    /// <summary>True for what this server asks the provider for.</summary>
    public bool IsSent => Kind is OperationKind.Charge or OperationKind.Transfer or OperationKind.Refund
        or OperationKind.ActivationFee;

    /// <summary>
    /// The id in Stripe's metadata and in ledger documents: <c>charge:op_…</c> or <c>transfer:op_…</c>.
    /// </summary>
    public string Name => $"{Word(Kind)}:{Domain.Id.Format(Domain.Id.Operation, Id)}";

    /// <summary>
    /// The id of the operation behind something at the provider: the one that its metadata name or, where they name
    /// none, the one under which an operator may have adopted it.
    /// </summary>
    public static Guid IdBehind(string? name, string providerId) =>
        Domain.Id.TryParse(Domain.Id.Operation, name?[(name.IndexOf(':') + 1)..], out var named)
            ? named
            : Domain.Id.Derived($"adopted {providerId}");

    public string IdempotencyKey => $"{Name}:{Generation}";

    /// <summary>The API's word for a kind.</summary>
    public static string Word(OperationKind kind) => kind switch
    {
        OperationKind.Charge => "charge",
        OperationKind.Transfer => "transfer",
        OperationKind.Refund => "refund",
        OperationKind.ActivationFee => "activation_fee",
        OperationKind.Reversal => "reversal",
        OperationKind.Dispute => "chargeback",
        OperationKind.Bonus => "bonus",
        OperationKind.Recovery => "recovery",
        OperationKind.WriteOff => "write_off",
        OperationKind.CapitalAdded => "capital_added",
        OperationKind.CapitalTaken => "capital_taken",
        OperationKind.FeeTaken => "fee_taken",
        OperationKind.FeeReturned => "fee_returned",
    };

    /// <summary>The API's word for a state.</summary>
    public static string Word(OperationState state) => state switch
    {
        OperationState.Pending => "pending",
        OperationState.Done => "done",
        OperationState.Declined => "declined",
    };
}

/// <summary>The frozen body of a charge: what Stripe is asked for, however often it is asked.</summary>
/// <param name="Checkout">The page on which its owner pays it; null when the saved card is charged.</param>
public sealed record ChargeBody(
    long AmountMinor, string Currency, string Customer, string PaymentMethod,
    IReadOnlyDictionary<string, string> Metadata, string? Checkout = null);

/// <summary>The frozen body of a transfer.</summary>
public sealed record TransferBody(
    long AmountMinor, string Currency, string Destination, string TransferGroup,
    IReadOnlyDictionary<string, string> Metadata);

/// <summary>The frozen body of a refund: a part of one charge, whose operation is <paramref name="Charge"/>.</summary>
public sealed record RefundBody(
    long AmountMinor, string PaymentIntent, Guid Charge, IReadOnlyDictionary<string, string> Metadata);

/// <summary>What an activation fee is paid for, and the Checkout page on which.</summary>
public sealed record ActivationBody(Guid Agent, string Customer, string Checkout);

/// <summary>Whom a bonus went to, at which fee.</summary>
public sealed record BonusBody(Guid WorkerOwner, int FeeBps);
