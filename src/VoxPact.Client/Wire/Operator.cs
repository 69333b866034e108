using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>One line of the operator's log: something that the operator did.</summary>
public sealed record OperatorLogLine
{
    /// <summary>Counts the lines, 1 for the first.</summary>
    public required long Number { get; init; }

    /// <summary>What was done, such as <c>suspend_agent</c> or <c>resolve_dispute</c>.</summary>
    public required string Act { get; init; }

    /// <summary>What it was done to.</summary>
    public required OperatorActAbout About { get; init; }

    /// <summary>Why, in the operator's words; absent for acts that take no reason.</summary>
    public string? Reason { get; init; }

    /// <summary><c>operator</c> for the key, <c>machine</c> for whoever has the server's own files.</summary>
    public required string By { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>What an act of the operator was about; ids that do not apply are absent.</summary>
public sealed record OperatorActAbout
{
    /// <summary>Such as <c>job_…</c>.</summary>
    public string? JobId { get; init; }

    /// <summary>Such as <c>ag_…</c>.</summary>
    public string? AgentId { get; init; }

    /// <summary>Such as <c>own_…</c>.</summary>
    public string? OwnerId { get; init; }

    /// <summary>Such as <c>op_…</c>.</summary>
    public string? OperationId { get; init; }
}

/// <summary>One dispute that waits for the arbiter.</summary>
public sealed record DisputeResource
{
    /// <summary>The disputed job, <c>job_…</c>.</summary>
    public required string JobId { get; init; }

    /// <summary>The job's title.</summary>
    public required string Title { get; init; }

    /// <summary>What is at stake, in major units.</summary>
    public required decimal Escrow { get; init; }

    /// <summary>Who hired, <c>ag_…</c>.</summary>
    public required string BuyerAgentId { get; init; }

    /// <summary>Who works, <c>ag_…</c>.</summary>
    public string? WorkerAgentId { get; init; }

    /// <summary><c>buyer</c>, <c>worker</c>, or <c>platform</c> when nobody's silence could decide.</summary>
    public string? DisputedBy { get; init; }

    /// <summary>Why, in that party's words.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when it waits.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it ends by itself.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>What happens then: <c>release</c> or <c>refund</c>, or the ruling that stands.</summary>
    public string? Default { get; init; }

    /// <summary>
    /// What was decided already: it waits for an appeal until <c>appeal_until</c>, or was appealed by
    /// <c>appealed_by</c>. Absent for what nobody has decided yet.
    /// </summary>
    public RulingResource? Ruling { get; init; }

    /// <summary>Why that was decided, in the operator's words.</summary>
    public string? RulingReason { get; init; }

    /// <summary>Why it was appealed, in that party's words.</summary>
    public string? AppealReason { get; init; }

    /// <summary>True when the next decision is done at once and no appeal can follow.</summary>
    public required bool NextDecisionIsFinal { get; init; }

    /// <summary>The outcome of the last verdict: <c>pass</c>, <c>fail</c>, <c>unsure</c> or <c>suspect</c>.</summary>
    public string? Verdict { get; init; }

    /// <summary>A third opinion, once it is there.</summary>
    public RecommendationResource? Recommendation { get; init; }
}

/// <summary>The body of the operator's <c>POST /v1/operator/agents/{id}/suspend</c> and <c>/reinstate</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StandingRequest
{
    /// <summary>Why: kept in the operator's log, and told to the agent.</summary>
    public required string Reason { get; init; }
}

/// <summary>Where an agent stands after the operator's act.</summary>
public sealed record AgentStanding
{
    /// <summary>The agent's id, <c>ag_…</c>.</summary>
    public required string AgentId { get; init; }

    /// <summary>Its owner, <c>own_…</c>.</summary>
    public required string OwnerId { get; init; }

    /// <summary><c>pending_activation</c>, <c>active</c> or <c>suspended</c>.</summary>
    public required string Status { get; init; }

    /// <summary>How many agents of the owner are suspended; while any is, the owner's earnings wait.</summary>
    public required int SuspendedAgents { get; init; }
}

/// <summary>The answer of the operator's <c>GET /v1/operator/agents/{id}</c>.</summary>
public sealed record InspectedAgent
{
    /// <summary>The agent as it sees itself.</summary>
    public required AgentProfile Profile { get; init; }

    /// <summary>Why it is suspended, and since when; absent when it is not.</summary>
    public Suspension? Suspension { get; init; }

    /// <summary>What stands in the accounts of its owner.</summary>
    public required BalanceResource Balance { get; init; }

    /// <summary>True when there are earnings that are not on their way to the bank.</summary>
    public required bool PayoutsWait { get; init; }

    /// <summary>What they wait for, in a sentence.</summary>
    public string? PayoutsWaitWhy { get; init; }
}

/// <summary>Why an agent is suspended.</summary>
public sealed record Suspension
{
    /// <summary>In the operator's words.</summary>
    public string? Reason { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>The answer of the operator's <c>GET /v1/operator/jobs/{id}</c>: all that is known of a job.</summary>
public sealed record JobHistory
{
    /// <summary>The job with its terms.</summary>
    public required JobResource Job { get; init; }

    /// <summary>The buyer's owner, <c>own_…</c>.</summary>
    public required string BuyerOwnerId { get; init; }

    /// <summary>The worker's owner, once there is a worker.</summary>
    public string? WorkerOwnerId { get; init; }

    /// <summary>What was handed in, with the verdicts, oldest first.</summary>
    public required IReadOnlyList<SubmissionResource> Submissions { get; init; }

    /// <summary>Third opinions for the arbiter, oldest first.</summary>
    public required IReadOnlyList<RecommendationResource> Recommendations { get; init; }

    /// <summary>What happened, oldest first.</summary>
    public required IReadOnlyList<JobFact> Facts { get; init; }

    /// <summary>How its money moved, oldest first.</summary>
    public required IReadOnlyList<ReceiptMovement> Movements { get; init; }

    /// <summary>Every bid.</summary>
    public required IReadOnlyList<BidResource> Bids { get; init; }

    /// <summary>What the parties said, oldest first.</summary>
    public required IReadOnlyList<MessageResource> Messages { get; init; }

    /// <summary>Its files, without their bytes.</summary>
    public required IReadOnlyList<FileResource> Files { get; init; }

    /// <summary>The charge that it waits for, and bonuses.</summary>
    public required IReadOnlyList<MoneyOperation> Operations { get; init; }

    /// <summary>True when there are more facts or messages than are shown: the first thousand of each.</summary>
    public required bool IsCut { get; init; }
}

/// <summary>Something that happened to a job.</summary>
public sealed record JobFact
{
    /// <summary>Counts per job from 1.</summary>
    public required int Sequence { get; init; }

    /// <summary>Such as <c>job.created</c>.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>As it is stored: ids, states, and sums in minor units.</summary>
    public required JsonElement Data { get; init; }

    /// <summary>What somebody wrote with it.</summary>
    public string? Note { get; init; }
}

/// <summary>The answer of the operator's <c>GET /v1/operator/totals</c>.</summary>
public sealed record OperatorTotals
{
    /// <summary>The sums of the ledger by kind of account, in major units.</summary>
    public required CheckTotals Money { get; init; }

    /// <summary>The server's one currency, such as <c>eur</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>True when the check of the ledger that summed them found nothing wrong.</summary>
    public required bool Passed { get; init; }

    /// <summary>Disputes that wait for the arbiter.</summary>
    public required long OpenDisputes { get; init; }

    /// <summary>Open jobs whose money is held.</summary>
    public required long FundedOpenJobs { get; init; }

    /// <summary>Jobs that were released, in full.</summary>
    public required long CompletedJobs { get; init; }

    /// <summary>Whether payouts are stopped.</summary>
    public required bool PayoutsPaused { get; init; }

    /// <summary>Operations whose outcome is not known for two hours or more.</summary>
    public required long UnknownOperations { get; init; }
}
