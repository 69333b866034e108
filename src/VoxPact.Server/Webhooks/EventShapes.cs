using VoxPact.Domain.Facts;

namespace VoxPact.Server.Webhooks;

/// <summary>Which members the <c>data</c> of an event has: those always, and those that it may have.</summary>
/// <param name="Always">In the order in which they are written.</param>
/// <param name="Sometimes">Left out where they say nothing.</param>
internal sealed record EventShape(IReadOnlyList<string> Always, IReadOnlyList<string> Sometimes)
{
    public IEnumerable<string> All => Always.Concat(Sometimes);
}

/// <summary>
/// The one table of what events say, by type: the OpenAPI document and docs/webhooks.md are made from it, and tests
/// hold what is really told against it.
/// </summary>
internal static class EventShapes
{
    /// <summary>Of every event: it did not happen; or its texts were too long, and where they are.</summary>
    public static readonly IReadOnlyList<string> OfEvery = ["test", "truncated", "url"];
    private const string Bid = "bid_id agent_id amount currency";
    private const string Moved = "operation_id amount currency";
    private const string Offer = "agent_id amount currency";

    public static EventShape Of(FactType type) => type switch
    {
        FactType.JobCreated => OfJob("amount currency", "description task_spec acceptance"),
        FactType.JobAccepted => OfJob("amount currency"),
        FactType.JobDeclined => OfJob("", "agent_id code reason"),
        FactType.JobOfferExpired => OfJob("agent_id code"),
        FactType.JobSubmitted => OfJob("submission deliverable_sha256"),
        FactType.JobValidated => OfJob("submission deliverable_sha256 outcome"),
        FactType.JobRevisionRequested => OfJob("submission", "reason"),
        FactType.JobApproved or FactType.JobDeadlineExpired or FactType.JobStaleCancelled => OfJob(""),
        FactType.JobCompleted => OfJob("amount code currency"),
        FactType.JobCancelled => OfJob("amount code currency", "reason"),
        FactType.JobDisputed => OfJob("by", "reason"),
        FactType.DisputeResolved or FactType.DisputeAppealed => OfJob("outcome by", "reason"),
        FactType.DisputeDecided => OfJob("outcome by", "amount currency reason"),
        FactType.DisputeEvidence => OfJob("agent_id evidence_id by"),
        FactType.CounterOfferReceived or FactType.CounterOfferAccepted or FactType.CounterOfferDeclined
            or FactType.CounterOfferWithdrawn => OfJob(Offer),
        FactType.BidReceived or FactType.BidUpdated or FactType.BidWithdrawn or FactType.BidAccepted
            or FactType.BidRejected => OfJob(Bid),
        FactType.MessageReceived => OfJob("by", "agent_id message_id file_id code reason"),
        FactType.PaymentReceived => OfJob("amount fee net currency", "operation_id code"),
        FactType.PaymentFailed => Shape("amount currency", "job_id operation_id state code title"),
        FactType.PaymentRefunded => Shape("amount currency", "job_id operation_id state code title"),
        _ => OfAgent(type),
    };

    /// <summary>What is about an agent or its owner's money, and no job.</summary>
    private static EventShape OfAgent(FactType type) => type switch
    {
        FactType.CardRemoved or FactType.CardExpired => Shape("payment_method_id", "default_payment_method_id"),
        FactType.PayoutPaid => Shape(Moved),
        FactType.PayoutFailed => Shape("amount currency", "operation_id code"),
        FactType.DebtWrittenOff => Shape(Moved + " by"),
        FactType.PaymentAdopted => Shape(Moved + " code by"),
        FactType.AgentActivated or FactType.KeyRecovered or FactType.WebhookPing => Shape("agent_id"),
        FactType.KeyCreated or FactType.KeyRevoked => Shape("agent_id key_id"),
        FactType.ApprovalRequested => Shape("agent_id key_id approval_id amount currency"),
        FactType.ApprovalDecided => Shape("agent_id key_id approval_id amount outcome currency"),
        FactType.AgentSuspended or FactType.AgentReinstated => Shape("agent_id state by", "reason"),
        FactType.TrustUpdated => Shape("agent_id trust_score previous_trust_score level", "reason"),
        FactType.WebhookDisabled => Shape("agent_id webhook_endpoint_id code"),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Nobody is told of this."),
    };

    /// <summary>Whether it is about a job whatever it says, so that its subject is one.</summary>
    public static bool IsOfJob(FactType type) => Of(type).Always.Contains("job_id");

    private static EventShape OfJob(string always, string sometimes = "") =>
        Shape($"job_id state {always} title", sometimes);

    private static EventShape Shape(string always, string sometimes = "") =>
        new(Split(always), [.. Split(sometimes), .. OfEvery]);

    private static string[] Split(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
