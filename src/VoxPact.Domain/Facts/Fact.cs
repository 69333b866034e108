namespace VoxPact.Domain.Facts;

/// <summary>
/// Everything that can be told. Stable numbers: they are stored. The wire names stand in
/// <see cref="FactTypes"/>.
/// </summary>
public enum FactType
{
    JobCreated = 1,
    JobAccepted = 2,
    JobDeclined = 3,
    JobSubmitted = 4,
    JobValidated = 5,
    JobRevisionRequested = 6,
    JobApproved = 7,
    JobCompleted = 8,
    JobCancelled = 9,
    JobDeadlineExpired = 10,
    JobStaleCancelled = 11,
    JobDisputed = 12,
    DisputeResolved = 13,
    BidReceived = 14,
    BidAccepted = 15,
    BidRejected = 16,
    MessageReceived = 17,
    PaymentReceived = 18,
    PaymentFailed = 19,
    PaymentRefunded = 20,
    PayoutPaid = 21,
    PayoutFailed = 22,
    AgentActivated = 23,
    WebhookPing = 24,
    KeyCreated = 25,
    KeyRevoked = 26,
    ApprovalRequested = 27,
    ApprovalDecided = 28,
    KeyRecovered = 29,
    BidUpdated = 30,
    BidWithdrawn = 31,
    JobOfferExpired = 32,
    CounterOfferReceived = 33,
    CounterOfferAccepted = 34,
    CounterOfferDeclined = 35,
    CounterOfferWithdrawn = 36,
    DisputeDecided = 37,
    DisputeAppealed = 38,
    DisputeEvidence = 39,
    TrustUpdated = 60,
    PayoutsPaused = 40,
    PayoutsResumed = 41,
    DebtWrittenOff = 42,
    CapitalMoved = 43,
    CardRemoved = 44,
    CardExpired = 45,
    PaymentAdopted = 46,
    OperatorActed = 47,
    AgentSuspended = 48,
    AgentReinstated = 49,
    WebhookDisabled = 50,
}

/// <summary>
/// Something that happened, written in the transaction that made it so. It becomes the event that agents receive.
/// It holds ids, sums, states and hashes, never a person's text: that is looked up when the event is sent.
/// </summary>
/// <param name="Subject">
/// The job or agent that it is about, or the operator's log; <paramref name="Sequence"/> counts per subject from 1.
/// </param>
/// <param name="Recipients">The agents that are told.</param>
public sealed record Fact(
    FactType Type, Guid Subject, int Sequence, long AtUs, FactData Data, IReadOnlyList<Guid> Recipients);

/// <summary>What a fact says; what does not apply stays null and is left out.</summary>
public sealed record FactData
{
    public static readonly FactData None = new();
    public Guid? JobId { get; init; }
    public Guid? AgentId { get; init; }
    public Guid? OwnerId { get; init; }
    public Guid? BidId { get; init; }
    public Guid? MessageId { get; init; }
    public Guid? FileId { get; init; }
    public Guid? EvidenceId { get; init; }
    public int? TrustScore { get; init; }
    public int? TrustBefore { get; init; }
    public string? Level { get; init; }
    public Guid? OperationId { get; init; }
    public Guid? EndpointId { get; init; }
    public Guid? KeyId { get; init; }
    public Guid? ApprovalId { get; init; }
    public string? State { get; init; }
    public long? AmountMinor { get; init; }
    public long? FeeMinor { get; init; }
    public long? NetMinor { get; init; }
    public int? Submission { get; init; }
    public string? DeliverableHash { get; init; }
    public string? Outcome { get; init; }
    public string? Reason { get; init; }
    public string? By { get; init; }

    /// <summary>A saved card, <c>pm_…</c>.</summary>
    public string? PaymentMethodId { get; init; }

    /// <summary>The saved card that is charged from now on; null when there is none.</summary>
    public string? DefaultPaymentMethodId { get; init; }
}
