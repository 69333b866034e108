namespace VoxPact.Domain.Facts;

/// <summary>The one table of event types: the name on the wire, who is told, and what it means.</summary>
public static class FactTypes
{
    /// <param name="Recipients">As the documentation words it; the lifecycle passes the agents themselves.</param>
    public sealed record Row(FactType Type, string Name, string Recipients, string Meaning)
    {
        /// <summary>False for what only the operator's log tells.</summary>
        public bool IsSent => !Recipients.StartsWith("nobody", StringComparison.Ordinal);
    }

    public static readonly IReadOnlyList<Row> All =
    [
        new(FactType.JobCreated, "job.created", "worker",
            "A job was offered to you by name, its money held in escrow; a later part of a job in parts is active "
            + "at once."),
        new(FactType.JobAccepted, "job.accepted", "buyer",
            "The worker accepted the job, or the next part of a job in parts is active."),
        new(FactType.JobDeclined, "job.declined", "buyer",
            "The worker declined. The escrow went back to your balance, or, where code is fallback, "
            + "your fallback is asked."),
        new(FactType.JobOfferExpired, "job.offer_expired", "buyer, worker",
            "The worker did not answer the offer in time: the buyer's fallback is asked now."),
        new(FactType.JobSubmitted, "job.submitted", "buyer", "The worker submitted a deliverable."),
        new(FactType.JobValidated, "job.validated", "buyer, worker", "Both judges answered; outcome says how."),
        new(FactType.JobRevisionRequested, "job.revision_requested", "worker", "The buyer asked for another version."),
        new(FactType.JobApproved, "job.approved", "worker", "The buyer approved the work."),
        new(FactType.JobCompleted, "job.completed", "buyer, worker", "The escrow was released; the job is over."),
        new(FactType.JobCancelled, "job.cancelled", "buyer, worker", "The job is over, the escrow refunded in full."),
        new(FactType.JobDeadlineExpired, "job.deadline_expired", "buyer, worker", "The job's deadline passed."),
        new(FactType.JobStaleCancelled, "job.stale_cancelled", "buyer, worker",
            "Nobody moved for 72 hours, or for the offer_hours of the buyer."),
        new(FactType.JobDisputed, "job.disputed", "buyer, worker", "The job went to the arbiter."),
        new(FactType.DisputeResolved, "dispute.resolved", "buyer, worker", "The dispute ended; outcome says how."),
        new(FactType.DisputeDecided, "dispute.decided", "buyer, worker",
            "The operator decided; outcome says how. It is done when the time for an appeal is over."),
        new(FactType.DisputeAppealed, "dispute.appealed", "buyer, worker",
            "The losing party appealed; the operator's next decision is final."),
        new(FactType.DisputeEvidence, "dispute.evidence", "the other party", "The other party added evidence."),
        new(FactType.CounterOfferReceived, "counter_offer.received", "buyer",
            "The worker would take the job for amount; accept or decline it."),
        new(FactType.CounterOfferAccepted, "counter_offer.accepted", "worker",
            "The buyer accepted your counter-offer; the job is active at its amount."),
        new(FactType.CounterOfferDeclined, "counter_offer.declined", "worker",
            "The buyer declined your counter-offer; the job is offered as it was."),
        new(FactType.CounterOfferWithdrawn, "counter_offer.withdrawn", "buyer", "The worker took it back."),
        new(FactType.BidReceived, "bid.received", "buyer", "Somebody bid for your open job."),
        new(FactType.BidUpdated, "bid.updated", "buyer", "A bidder changed their bid; amount is what it asks now."),
        new(FactType.BidWithdrawn, "bid.withdrawn", "buyer", "A bidder took their bid back."),
        new(FactType.BidAccepted, "bid.accepted", "worker", "Your bid won; the job is active."),
        new(FactType.BidRejected, "bid.rejected", "bidder", "Another bid won, or the job is over."),
        new(FactType.MessageReceived, "message.received", "the other party", "The other party says something."),
        new(FactType.PaymentReceived, "payment.received", "worker", "Earnings were released to you, net of the fee."),
        new(FactType.PaymentFailed, "payment.failed", "buyer; of a later part, both",
            "A charge or a refund failed, or a bank took a charge back; code says why. Of a later part of a job in "
            + "parts: its money is missing, and it waits 72 hours for a top-up of the balance."),
        new(FactType.PaymentRefunded, "payment.refunded", "buyer",
            "The escrow of a job is balance again, or balance went back to the card."),
        new(FactType.CardRemoved, "payment_method.removed", "owner's agents",
            "A saved card is gone, removed here, at Stripe or by its bank. Funded jobs go on; without a "
            + "default_payment_method_id, the next post that the balance does not cover is a 402."),
        new(FactType.CardExpired, "payment_method.expired", "owner's agents",
            "A saved card has expired and is charged no more; the same holds."),
        new(FactType.PayoutPaid, "payout.paid", "owner's agents",
            "Earnings were transferred to the connected account."),
        new(FactType.PayoutFailed, "payout.failed", "owner's agents",
            "A transfer was refused or reversed and is earnings again, or the bank refused it."),
        new(FactType.AgentActivated, "agent.activated", "agent", "Checkout is complete; the agent is live."),
        new(FactType.KeyCreated, "key.created", "agent", "The agent has another named key."),
        new(FactType.KeyRevoked, "key.revoked", "agent", "A named key was revoked and is dead."),
        new(FactType.ApprovalRequested, "approval.requested", "agent",
            "A named key wants to spend more than it may alone: decide at /v1/approvals."),
        new(FactType.ApprovalDecided, "approval.decided", "agent",
            "What a named key asked for was approved (send the same request again) or refused; outcome says which."),
        new(FactType.KeyRecovered, "key.recovered", "agent",
            "The agent got a new key by a link in a letter; the one before is dead."),
        new(FactType.PayoutsPaused, "payouts.paused", "nobody: the operator's log", "All payouts were stopped."),
        new(FactType.PayoutsResumed, "payouts.resumed", "nobody: the operator's log", "Payouts go on."),
        new(FactType.DebtWrittenOff, "debt.written_off", "owner's agents", "The operator gave up what you owed."),
        new(FactType.PaymentAdopted, "payment.adopted", "owner's agents",
            "The operator entered a charge, refund or transfer in the books that Stripe had executed without their "
            + "knowing; code says which."),
        new(FactType.CapitalMoved, "capital.moved", "nobody: the operator's log",
            "The operator added money of their own at Stripe, or took some out."),
        new(FactType.OperatorActed, "operator.acted", "nobody: the operator's log",
            "The operator did something; GET /v1/operator/audit lists it with its reason."),
        new(FactType.AgentSuspended, "agent.suspended", "agent",
            "The operator suspended you: your calls are refused, your owner's payouts wait; reason says why."),
        new(FactType.AgentReinstated, "agent.reinstated", "agent",
            "The suspension is over; state says what you are again."),
        new(FactType.TrustUpdated, "trust.updated", "agent",
            "Your trust score changed; GET /v1/dashboard shows why in trust_history."),
        new(FactType.WebhookPing, "webhook.ping", "agent", "Nothing happened; this tests your endpoint."),
        new(FactType.WebhookDisabled, "webhook.disabled", "agent",
            "An endpoint is sent nothing more until you enable it again; code says why."),
    ];

    /// <summary>What agents can be told.</summary>
    public static readonly IReadOnlyList<Row> Sent = [.. All.Where(row => row.IsSent)];

    private static readonly string[] Names = BuildNames();

    public static string Name(FactType type) => Names[(int)type];

    /// <summary>The type of a name of the table.</summary>
    public static FactType Of(string name) => All.First(row => row.Name == name).Type;

    private static string[] BuildNames()
    {
        var names = new string[All.Max(row => (int)row.Type) + 1];
        foreach (var row in All) names[(int)row.Type] = row.Name;
        return names;
    }
}
