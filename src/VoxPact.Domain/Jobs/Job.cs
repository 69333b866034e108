using VoxPact.Domain.Facts;
using VoxPact.Domain.Verdicts;

namespace VoxPact.Domain.Jobs;

/// <summary>Where a job stands. Stable numbers: they are stored.</summary>
public enum JobState
{
    Funding = 0,
    Open = 1,
    Offered = 2,
    Active = 3,
    Validating = 4,
    Review = 5,
    Failed = 6,
    Disputed = 7,
    Completed = 8,
    Cancelled = 9,
}

/// <summary>When a Pass pays: at once, or when the buyer approves (or is silent).</summary>
public enum ReleaseMode { Validation = 0, Approval = 1 }

/// <summary>Who acts on a job.</summary>
public enum Party { None = 0, Buyer = 1, Worker = 2, Arbiter = 3, Platform = 4 }

/// <summary>What an arbiter can decide. Stable numbers: they are stored.</summary>
public enum DisputeRuling { Release = 1, Refund = 2, Split = 3 }

/// <summary>Why a job ended. Stable numbers: they are stored.</summary>
public enum ClosedReason
{
    Validated = 1, Approved = 2, Silence = 3, DisputeReleased = 4,
    Cancelled = 6, Declined = 7, Expired = 8, Stale = 9, Failed = 10, Dispute = 11, PaymentFailed = 12,
    DisputeSplit = 13,
}

/// <summary>
/// The part of a job that changes: narrow, since every step writes it anew. Its texts are
/// <see cref="JobTerms"/>.
/// </summary>
public sealed record Job
{
    public required Guid Id { get; init; }
    public required Guid BuyerAgent { get; init; }
    public required Guid BuyerOwner { get; init; }
    public Guid? WorkerAgent { get; init; }
    public Guid? WorkerOwner { get; init; }

    /// <summary>True when it is for bids, false when it was posted to a named worker.</summary>
    public required bool IsOpen { get; init; }

    /// <summary>How long a worker who is offered the job has to answer; null: to the deadline, or 72 hours.</summary>
    public int? OfferHours { get; init; }

    /// <summary>Who is offered the job when the named worker declines or is silent; null once they were.</summary>
    public Guid? FallbackAgent { get; init; }
    public Guid? FallbackOwner { get; init; }

    /// <summary>True while the job is to be opened for bids when no worker who is named takes it.</summary>
    public bool FallsOpen { get; init; }

    /// <summary>Since when its present worker knows it, where another was asked before.</summary>
    public long? OfferedUs { get; init; }
    public required string Title { get; init; }
    public JobState State { get; internal init; } = JobState.Funding;

    /// <summary>For storage alone: a job as it was written, in the state it was written in.</summary>
    public static Job Restore(Job stored, JobState state) => stored with { State = state };

    /// <summary>What the buyer pays in all; lowered when a cheaper bid is accepted.</summary>
    public required Money Amount { get; init; }

    /// <summary>Balance of <c>job:{id}:escrow</c>, kept by the engine from the entries.</summary>
    public Money Escrow { get; init; }
    public BasisPoints Fee { get; init; }
    public ReleaseMode Release { get; init; }
    public required int ReviewHours { get; init; }
    public required int MaxRevisions { get; init; }
    public int Submissions { get; init; }

    /// <summary>SHA-256 of the newest deliverable: a verdict counts for this one only.</summary>
    public byte[]? DeliverableHash { get; init; }

    /// <summary>The verdict on the newest submission, once it is in.</summary>
    public VerdictOutcome? Verdict { get; init; }
    public long? DeadlineUs { get; init; }

    /// <summary>The one time at which the state's default acts; null in a final state.</summary>
    public long? DueUs { get; init; }

    /// <summary>Since when the worker waits for the other side; that time is added to the deadline.</summary>
    public long? PausedSinceUs { get; init; }

    /// <summary>Who asked to cancel in this state; the other party's cancel completes it.</summary>
    public Party CancelRequestedBy { get; init; }
    public ClosedReason? Closed { get; init; }

    /// <summary>What the arbiter decided; done when the time for an appeal is over, or at once after one.</summary>
    public DisputeRuling? Ruling { get; init; }

    /// <summary>Of a split: what the worker's side gets, fee included.</summary>
    public Money RulingToWorker { get; init; }

    /// <summary>Who appealed, once; the next decision is final.</summary>
    public Party AppealedBy { get; init; }

    /// <summary>How many facts were told about it; the next is one more.</summary>
    public int Sequence { get; init; }
    public required long CreatedUs { get; init; }
    public long? AcceptedUs { get; init; }
    public long? SubmittedUs { get; init; }
    public long? CompletedUs { get; init; }

    /// <summary>Which part of a job in parts this is; null for a job in one.</summary>
    public PartPlace? Part { get; init; }

    /// <summary>
    /// A worker first hears of a job when its money is held; whoever took on its first part knows the later ones.
    /// </summary>
    public bool WorkerKnows => State is not JobState.Funding || Part is { IsLater: true };
    public bool HasFallback => FallbackAgent is not null || FallsOpen;
    public bool IsFinal => State is JobState.Completed or JobState.Cancelled;
    public int SubmissionsLeft => Math.Max(0, MaxRevisions + 1 - Submissions);

    public Party PartyOf(Guid agent) =>
        agent == BuyerAgent ? Party.Buyer : agent == WorkerAgent ? Party.Worker : Party.None;
}

/// <summary>What was agreed, fixed when the job is posted.</summary>
public sealed record JobTerms
{
    public required Guid JobId { get; init; }
    public required string Description { get; init; }

    /// <summary>A JSON object, as it was sent.</summary>
    public string? TaskSpec { get; init; }

    /// <summary>A JSON object that <see cref="Acceptance"/> understands.</summary>
    public string? Acceptance { get; init; }

    /// <summary>A JSON array of strings.</summary>
    public string RequiredCapabilities { get; init; } = "[]";

    /// <summary>
    /// SHA-256 of all that was agreed but the sum: one canonical JSON object, as <c>docs/receipts.md</c> shows it.
    /// </summary>
    public byte[] HashWith(Job job)
    {
        static string Canonical(string? json) => json is null
            ? "null" : CanonicalJson.Write(System.Text.Json.JsonElement.Parse(json), byValue: false);
        string text = $"{{\"acceptance\":{Canonical(Acceptance)},\"description\":{CanonicalJson.Quote(Description)},"
            + $"\"max_revisions\":{job.MaxRevisions},\"release\":\"{JobWords.Of(job.Release)}\","
            + $"\"required_capabilities\":{Canonical(RequiredCapabilities)},\"review_hours\":{job.ReviewHours},"
            + $"\"task_spec\":{Canonical(TaskSpec)},\"title\":{CanonicalJson.Quote(job.Title)}}}";
        return System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text));
    }
}

/// <summary>
/// A job that waits for money: which request wants to hear of it, and whether its client already knows the job.
/// </summary>
public sealed record FundingRequest
{
    public required Guid JobId { get; init; }
    public required Guid OwnerId { get; init; }
    public required Guid TopUpId { get; init; }

    /// <summary>True once the client was answered 202: then a failure cancels the job instead of removing it.</summary>
    public bool Told { get; init; }

    /// <summary>The stored answer to fill in when the outcome is known.</summary>
    public byte[]? IdempotencyScope { get; init; }

    /// <summary>The named key that the post counts against, if it was one.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>What the post counted against limits where that is not the job's amount: all parts of it.</summary>
    public Money? Counted { get; init; }
}

/// <summary>A job that anybody may bid for; the row exists while the job is <see cref="JobState.Open"/>.</summary>
public sealed record OpenListing
{
    public required Guid JobId { get; init; }
    public required Money Amount { get; init; }
}

/// <summary>
/// A job that waits for the arbiter; the row exists while the job is <see cref="JobState.Disputed"/>.
/// </summary>
public sealed record OpenDispute
{
    public required Guid JobId { get; init; }
    public required long SinceUs { get; init; }
}

public sealed record Submission
{
    public required Guid JobId { get; init; }
    public required int Number { get; init; }

    /// <summary>The deliverable as canonical JSON: a string or an object.</summary>
    public required string Deliverable { get; init; }
    public required byte[] Hash { get; init; }
    public string? Message { get; init; }
    public required long CreatedUs { get; init; }
    public VerdictOutcome? Outcome { get; init; }

    /// <summary>Both opinions and the reasons, as JSON, once the verdict is in.</summary>
    public string? Verdict { get; init; }
    public long? JudgedUs { get; init; }

    /// <summary>
    /// <see cref="Fingerprint"/> of the work once it is judged; null for works too short to have one.
    /// </summary>
    public long? Fingerprint { get; init; }

    /// <summary>
    /// Ids of the uploaded files that were handed in with it, separated by spaces; null without any. What is uploaded
    /// afterwards belongs to no earlier submission.
    /// </summary>
    public string? Files { get; init; }
}

/// <summary>Stable numbers: they are stored.</summary>
public enum BidState { Live = 0, Accepted = 1, Rejected = 2 }

public sealed record Bid
{
    public required Guid Id { get; init; }
    public required Guid JobId { get; init; }
    public required Guid Bidder { get; init; }
    public required Guid BidderOwner { get; init; }
    public required Money Amount { get; init; }
    public string? Message { get; init; }
    public int? EstimatedHours { get; init; }
    public BidState State { get; init; }
    public required long CreatedUs { get; init; }

    /// <summary>What every event about it says.</summary>
    public FactData Told => new() { BidId = Id, AgentId = Bidder, AmountMinor = Amount.Minor };
}

/// <summary>
/// For what else a worker who is offered a job would take it. Live while the job is offered to that very worker.
/// </summary>
public sealed record CounterOffer
{
    public required Guid JobId { get; init; }
    public required Guid Worker { get; init; }
    public required Money Amount { get; init; }
    public string? Message { get; init; }

    /// <summary>Another deadline; null keeps the job's.</summary>
    public long? DeadlineUs { get; init; }
    public required long CreatedUs { get; init; }

    public bool IsLiveFor(Job job) => job.State is JobState.Offered && job.WorkerAgent == Worker;
}

/// <summary>What a party lays before the arbiter.</summary>
public sealed record Evidence
{
    public required Guid JobId { get; init; }
    public required Guid Id { get; init; }
    public required Guid Agent { get; init; }
    public required string Text { get; init; }

    /// <summary>Ids of files of the job, a JSON array of strings.</summary>
    public required string Files { get; init; }
    public required long CreatedUs { get; init; }
}

/// <summary>
/// What a party wrote with a step (why declined, what to revise), beside the fact that the step told.
/// </summary>
public sealed record JobNote
{
    public required Guid JobId { get; init; }

    /// <summary>The number of the fact it belongs to.</summary>
    public required int Sequence { get; init; }
    public required string Text { get; init; }
}
