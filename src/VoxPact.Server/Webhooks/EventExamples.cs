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
                : type is FactType.AgentSuspended or FactType.AgentReinstated ? "Spam."
                : type is FactType.TrustUpdated ? "21 good jobs with 20 unrelated owners, 0 bad ones." : null);
    }

    /// <summary>Payments that failed or came back are of a job here; they may be of none.</summary>
    private static bool IsOfJob(FactType type) =>
        EventShapes.IsOfJob(type) || type is FactType.PaymentRefunded or FactType.PaymentFailed;

    private static FactData DataOf(FactType type, Guid subject)
    {
        var paid = new FactData { JobId = Job, State = "active", AmountMinor = 10 };
        var job = paid with { AmountMinor = null };
        var work = job with { State = "validating", Submission = 1, DeliverableHash = Hash };
        return type switch
        {
            FactType.WebhookPing => new FactData { AgentId = subject },
            FactType.JobCreated => paid with { State = "offered" },
            FactType.JobAccepted => paid,
            FactType.JobDeclined => job with { State = "offered" },
            FactType.JobOfferExpired => job with { State = "offered", AgentId = Agent, Reason = "fallback" },
            FactType.JobSubmitted => work,
            FactType.JobValidated => work with { State = "review", Outcome = "unsure" },
            FactType.JobRevisionRequested => job with { Submission = 1 },
            FactType.JobApproved => job with { State = "review" },
            FactType.JobCompleted => paid with { State = "completed", Reason = "validated" },
            FactType.JobCancelled => paid with { State = "cancelled", Reason = "cancelled" },
            FactType.JobDeadlineExpired => job,
            FactType.JobStaleCancelled => job with { State = "offered" },
            FactType.JobDisputed => job with { State = "disputed", By = "buyer" },
            FactType.BidReceived or FactType.BidUpdated or FactType.BidWithdrawn =>
                paid with { State = "open", BidId = Other, AgentId = Other },
            FactType.BidAccepted or FactType.BidRejected => paid with { BidId = Other, AgentId = Other },
            FactType.MessageReceived => job with { By = "buyer", AgentId = Other, MessageId = Other },
            FactType.PaymentReceived => paid with { State = "completed", FeeMinor = 1, NetMinor = 9 },
            FactType.PaymentFailed => paid with { State = "cancelled", Reason = "card_declined" },
            FactType.PaymentRefunded => paid with { State = "cancelled" },
            _ => DataOfTerms(type, paid) ?? DataOfAgent(type),
        };
    }

    /// <summary>Of disputes and counter-offers; null for everything else.</summary>
    private static FactData? DataOfTerms(FactType type, FactData paid)
    {
        var disputed = paid with { State = "disputed", AmountMinor = null };
        return type switch
        {
            FactType.DisputeResolved => disputed with { Outcome = "release", By = "arbiter" },
            FactType.DisputeDecided => disputed with { Outcome = "refund", By = "arbiter" },
            FactType.DisputeAppealed => disputed with { Outcome = "refund", By = "worker" },
            FactType.DisputeEvidence => disputed with { By = "buyer", AgentId = Agent, EvidenceId = Other },
            FactType.CounterOfferReceived or FactType.CounterOfferDeclined or FactType.CounterOfferWithdrawn =>
                paid with { State = "offered", AgentId = Agent },
            FactType.CounterOfferAccepted => paid with { AgentId = Agent },
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
            FactType.TrustUpdated => new FactData { AgentId = Agent, TrustScore = 52, TrustBefore = 50, Level = "new" },
            FactType.DebtWrittenOff => new FactData { OperationId = Other, AmountMinor = 90, By = "operator" },
            FactType.ApprovalRequested => asked,
            FactType.ApprovalDecided => asked with { Outcome = "approved" },
            _ => new FactData { AgentId = Agent },
        };
    }
}
