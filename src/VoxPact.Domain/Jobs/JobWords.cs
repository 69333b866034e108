using VoxPact.Domain.Verdicts;

namespace VoxPact.Domain.Jobs;

/// <summary>The words of the API for states, parties, reasons and outcomes.</summary>
public static class JobWords
{
    public static readonly IReadOnlyList<string> Statuses = ["pending", "active", "completed", "disputed", "cancelled"];

    public static string Of(JobState state) => state switch
    {
        JobState.Funding => "funding",
        JobState.Open => "open",
        JobState.Offered => "offered",
        JobState.Active => "active",
        JobState.Validating => "validating",
        JobState.Review => "review",
        JobState.Failed => "failed",
        JobState.Disputed => "disputed",
        JobState.Completed => "completed",
        JobState.Cancelled => "cancelled",
    };

    /// <summary>The reference's coarser word for a state.</summary>
    public static string StatusOf(JobState state) => state switch
    {
        JobState.Funding or JobState.Open or JobState.Offered => "pending",
        JobState.Active or JobState.Validating or JobState.Review or JobState.Failed => "active",
        JobState.Disputed => "disputed",
        JobState.Completed => "completed",
        JobState.Cancelled => "cancelled",
    };

    public static string Of(Party party) => party switch
    {
        Party.None => "nobody",
        Party.Buyer => "buyer",
        Party.Worker => "worker",
        Party.Arbiter => "arbiter",
        Party.Platform => "platform",
    };

    public static string Of(ClosedReason reason) => reason switch
    {
        ClosedReason.Validated => "validated",
        ClosedReason.Approved => "approved",
        ClosedReason.Silence => "silence",
        ClosedReason.DisputeReleased or ClosedReason.Dispute or ClosedReason.DisputeSplit => "dispute",
        ClosedReason.Cancelled => "cancelled",
        ClosedReason.Declined => "declined",
        ClosedReason.Expired => "expired",
        ClosedReason.Stale => "stale",
        ClosedReason.Failed => "failed",
        ClosedReason.PaymentFailed => "payment_failed",
    };

    public static string Of(DisputeRuling ruling) => ruling switch
    {
        DisputeRuling.Release => "release",
        DisputeRuling.Refund => "refund",
        DisputeRuling.Split => "split",
    };

    /// <summary>Who may appeal such a decision.</summary>
    public static string LosersOf(DisputeRuling ruling) => ruling switch
    {
        DisputeRuling.Release => "buyer",
        DisputeRuling.Refund => "worker",
        DisputeRuling.Split => "parties",
    };

    public static string Of(VerdictOutcome outcome) => outcome switch
    {
        VerdictOutcome.Pass => "pass",
        VerdictOutcome.Fail => "fail",
        VerdictOutcome.Unsure => "unsure",
        VerdictOutcome.Suspect => "suspect",
    };

    public static string Of(ReleaseMode mode) => mode switch
    {
        ReleaseMode.Validation => "validation",
        ReleaseMode.Approval => "approval",
    };

    /// <summary>The command as a verb, for sentences: "approve works only while …".</summary>
    public static string Of(JobCommand command) => command switch
    {
        JobCommand.Accept => "accept",
        JobCommand.Decline => "decline",
        JobCommand.Submit => "submit",
        JobCommand.Approve => "approve",
        JobCommand.RequestRevision => "request-revision",
        JobCommand.Cancel => "cancel",
        JobCommand.Dispute => "dispute",
        JobCommand.Concede => "concede",
        JobCommand.Resolve => "resolve",
        JobCommand.PlaceBid => "bid for",
        JobCommand.ChangeBid => "change a bid for",
        JobCommand.WithdrawBid => "withdraw a bid for",
        JobCommand.AcceptBid => "accept a bid for",
        JobCommand.Fund => "fund",
        JobCommand.RecordVerdict => "judge",
        JobCommand.RunTimer => "time out",
        JobCommand.TakeBack => "take back",
        JobCommand.Bonus => "add a bonus to",
        JobCommand.CounterOffer => "make a counter-offer for",
        JobCommand.WithdrawCounterOffer => "withdraw a counter-offer for",
        JobCommand.AcceptCounterOffer => "accept a counter-offer for",
        JobCommand.DeclineCounterOffer => "decline a counter-offer for",
        JobCommand.Appeal => "appeal",
        JobCommand.AddEvidence => "add evidence to",
    };

    /// <summary>The command within a sentence about what may be done with a job.</summary>
    public static string PhraseOf(JobCommand command) => command switch
    {
        JobCommand.Accept => "accepting it",
        JobCommand.Decline => "declining it",
        JobCommand.Submit => "submitting work",
        JobCommand.Approve => "approving the work",
        JobCommand.RequestRevision => "asking for a revision",
        JobCommand.Cancel => "cancelling it",
        JobCommand.Dispute => "disputing it",
        JobCommand.Concede => "conceding it",
        JobCommand.Resolve => "resolving the dispute",
        JobCommand.PlaceBid => "bidding",
        JobCommand.ChangeBid => "changing a bid",
        JobCommand.WithdrawBid => "withdrawing a bid",
        JobCommand.AcceptBid => "accepting a bid",
        JobCommand.Fund => "funding it",
        JobCommand.RecordVerdict => "judging it",
        JobCommand.RunTimer => "timing it out",
        JobCommand.TakeBack => "taking it back",
        JobCommand.Bonus => "adding a bonus",
        JobCommand.CounterOffer => "making a counter-offer",
        JobCommand.WithdrawCounterOffer => "withdrawing a counter-offer",
        JobCommand.AcceptCounterOffer => "accepting a counter-offer",
        JobCommand.DeclineCounterOffer => "declining a counter-offer",
        JobCommand.Appeal => "appealing the decision",
        JobCommand.AddEvidence => "adding evidence",
    };

    /// <summary>Who acts next, what they may do, and what happens at the due time if nobody does.</summary>
    public static (string Who, string What, string Default) NextAction(Job job) => job.State switch
    {
        JobState.Funding when job.Part is { IsLater: true } =>
            ("buyer", "add to the balance, unless the card is being charged", "cancelled, and with it the later parts"),
        JobState.Funding => ("platform", "charge the buyer's card", "cancelled, nothing held"),
        JobState.Open => ("buyer", "accept a bid", "refund"),
        JobState.Offered => ("worker", "accept or decline", job.DueUs >= job.DeadlineUs ? "refund"
            : job.FallbackAgent is not null ? "offered to the fallback worker"
            : job.FallsOpen ? "opened for bids" : "refund"),
        JobState.Active when job.Submissions > 0 => ("worker", "submit again, or dispute", "failed"),
        JobState.Active => ("worker", "submit", "refund"),
        JobState.Validating => ("judges", "judge the submission; the buyer may approve meanwhile", "arbiter"),
        JobState.Review => ("buyer", "approve, request a revision or dispute",
            job.Verdict is VerdictOutcome.Suspect ? "arbiter" : "release"),
        JobState.Failed => ("worker", "dispute; the buyer may approve", "refund"),
        JobState.Disputed when job.Ruling is { } ruling => job.AppealedBy is Party.None
            ? (LosersOf(ruling), "appeal once, or let the decision stand", Of(ruling))
            : ("arbiter", "decide finally", Of(ruling)),
        JobState.Disputed => ("arbiter", "release, refund or split; the buyer may approve, the worker may concede",
            JobLifecycle.SilentArbiterPays(job) ? "release" : "refund"),
        JobState.Completed or JobState.Cancelled => ("nobody", "nothing", "none"),
    };
}
