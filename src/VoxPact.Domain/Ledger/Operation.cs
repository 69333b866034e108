namespace VoxPact.Domain.Ledger;

/// <summary>Stable numbers: they are stored.</summary>
public enum OperationKind { Charge = 1, Transfer = 2 }

/// <summary>Stable numbers: they are stored.</summary>
public enum OperationState { Pending = 0, Done = 1, Declined = 2 }

/// <summary>
/// One call to Stripe that moves money, decided and reserved before it is made. Its body is frozen and its
/// idempotency key follows from its id and generation, so that any number of tries make one charge or transfer.
/// </summary>
public sealed record Operation
{
    public required Guid Id { get; init; }
    public required OperationKind Kind { get; init; }
    public required Guid OwnerId { get; init; }
    public required Money Amount { get; init; }

    /// <summary>The frozen request, as JSON.</summary>
    public required string Body { get; init; }
    public OperationState State { get; init; }
    public int Generation { get; init; } = 1;

    /// <summary>Stripe's id of what was made: <c>pi_…</c> or <c>tr_…</c>.</summary>
    public string? ProviderId { get; init; }
    public long? FirstSentUs { get; init; }
    public string? FailureCode { get; init; }
    public string? FailureText { get; init; }

    /// <summary>The page on which a person can satisfy their bank, when that is what failed.</summary>
    public string? ActionUrl { get; init; }
    public required long CreatedUs { get; init; }
    public long? SettledUs { get; init; }

    /// <summary>
    /// The id in Stripe's metadata and in ledger documents: <c>charge:op_…</c> or <c>transfer:op_…</c>.
    /// </summary>
    public string Name =>
        (Kind is OperationKind.Charge ? "charge:" : "transfer:") + Domain.Id.Format(Domain.Id.Operation, Id);

    public string IdempotencyKey => $"{Name}:{Generation}";
}
