using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>An example of every type of event: for test events, the documentation and the OpenAPI document.</summary>
internal static class EventExamples
{
    private const long At = 1_795_472_863_730_000;
    private static readonly Guid Job = new("019d8285-b146-33de-a74d-633e498cdf17");
    private static readonly Guid Agent = new("019d8285-b000-7000-8000-000000000001");
    private static readonly Guid Other = new("019d8285-b000-7000-8000-000000000002");
    private static readonly string Hash = new('0', 64);

    /// <summary>The example under fixed ids, the same in every run.</summary>
    public static EventQueries.Told Of(FactType type) =>
        Of(type, IsOfJob(type) ? Job : Agent, new Guid("019d8285-b1ee-7115-8bcb-ca3954e9f77d"), At);

    public static EventQueries.Told Of(FactType type, Guid subject, Guid eventId, long atUs)
    {
        bool isOffer = type is FactType.JobCreated;
        return new EventQueries.Told(
            0, new LoggedFact(subject, 1, eventId, (int)type, atUs, FactJson.Write(DataOf(type, subject)), 0),
            IsOfJob(type) ? "Summarise this document" : null,
            isOffer ? "Three sentences about the quarterly report." : null,
            isOffer ? """{"url":"https://example.com/report.pdf"}""" : null,
            isOffer ? """{"min_length":40}""" : null,
            type is FactType.JobRevisionRequested or FactType.JobDeclined or FactType.JobDisputed
                or FactType.DisputeDecided or FactType.DisputeAppealed
                ? "Mention the costs."
                : type is FactType.AgentSuspended or FactType.AgentReinstated ? "Spam." : null);
    }

    private static bool IsOfJob(FactType type) => FactTypes.Name(type).Split('.')[0] is "job" or "bid" or "dispute"
        or "counter_offer"
        or "message" || type is FactType.PaymentReceived or FactType.PaymentRefunded or FactType.PaymentFailed;

    private static FactData DataOf(FactType type, Guid subject)
    {
        var job = new FactData { JobId = Job, State = "active", AmountMinor = 10 };
        var work = job with { State = "validating", AmountMinor = null, Submission = 1, DeliverableHash = Hash };
        return type switch
        {
            FactType.WebhookPing => new FactData { AgentId = subject },
            FactType.JobCreated => job with { State = "offered" },
            FactType.JobAccepted => job,
            FactType.JobDeclined => job with { State = "cancelled", Reason = "declined" },
            FactType.JobOfferExpired => job with
            {
                State = "offered",
                AmountMinor = null,
                AgentId = Agent,
                Reason = "fallback",
            },
            FactType.JobSubmitted => work,
            FactType.JobValidated => work with { State = "completed", Outcome = "pass" },
            FactType.JobRevisionRequested => work with { State = "active", By = "buyer" },
            FactType.JobApproved => work with { State = "review" },
            FactType.JobCompleted => job with { State = "completed", Reason = "validated" },
            FactType.JobCancelled => job with { State = "cancelled", Reason = "cancelled", By = "buyer" },
            FactType.JobDeadlineExpired => job with { State = "cancelled", Reason = "expired" },
            FactType.JobStaleCancelled => job with { State = "cancelled", Reason = "stale" },
            FactType.JobDisputed => job with { State = "disputed", AmountMinor = null, By = "buyer" },
            FactType.BidReceived or FactType.BidUpdated or FactType.BidWithdrawn =>
                job with { State = "open", BidId = Other, AgentId = Other },
            FactType.BidAccepted => job with { BidId = Other, AgentId = Agent },
            FactType.BidRejected => job with { BidId = Other, AgentId = Agent },
            FactType.MessageReceived => job with { AmountMinor = null, By = "buyer" },
            FactType.PaymentReceived => job with { State = "completed", FeeMinor = 1, NetMinor = 9 },
            FactType.PaymentFailed => job with { State = "cancelled", Reason = "card_declined" },
            FactType.PaymentRefunded => job with { State = "cancelled" },
            _ => DataOfTerms(type, job) ?? DataOfAgent(type),
        };
    }

    /// <summary>Of disputes and counter-offers; null for everything else.</summary>
    private static FactData? DataOfTerms(FactType type, FactData job)
    {
        var disputed = job with { State = "disputed", AmountMinor = null };
        return type switch
        {
            FactType.DisputeResolved => job with { State = "completed", Outcome = "release" },
            FactType.DisputeDecided => disputed with { Outcome = "refund", By = "arbiter" },
            FactType.DisputeAppealed => disputed with { Outcome = "refund", By = "worker" },
            FactType.DisputeEvidence => disputed with { By = "buyer", AgentId = Agent, EvidenceId = Other },
            FactType.CounterOfferReceived or FactType.CounterOfferDeclined or FactType.CounterOfferWithdrawn =>
                job with { State = "offered", AgentId = Agent },
            FactType.CounterOfferAccepted => job with { AgentId = Agent },
            _ => null,
        };
    }

    /// <summary>What is about an agent or its owner, and no job.</summary>
    private static FactData DataOfAgent(FactType type)
    {
        var asked = new FactData { AgentId = Agent, KeyId = Other, ApprovalId = Other, AmountMinor = 2_500 };
        return type switch
        {
            FactType.PayoutPaid or FactType.PayoutFailed => new FactData { OperationId = Other, AmountMinor = 90 },
            FactType.PaymentAdopted => new FactData
            {
                OperationId = Other,
                AmountMinor = 90,
                Reason = "charge",
                By = "operator",
            },
            FactType.CardRemoved or FactType.CardExpired => new FactData
            {
                PaymentMethodId = "pm_1QExampleOfACardThatIsGone",
                DefaultPaymentMethodId = "pm_1QExampleOfTheNextOne",
            },
            FactType.OperatorActed => new FactData { AgentId = Agent, Outcome = "suspend_agent", By = "operator" },
            FactType.AgentSuspended => new FactData { AgentId = Agent, State = "suspended", By = "operator" },
            FactType.AgentReinstated => new FactData { AgentId = Agent, State = "active", By = "operator" },
            FactType.WebhookDisabled => new FactData { AgentId = Agent, EndpointId = Agent, Reason = "failing" },
            FactType.KeyCreated or FactType.KeyRevoked => new FactData { AgentId = Agent, KeyId = Other },
            FactType.ApprovalRequested => asked,
            FactType.ApprovalDecided => asked with { Outcome = "approved" },
            _ => new FactData { AgentId = Agent },
        };
    }
}
