using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>
/// The body of <c>POST /v1/jobs</c>. Without <see cref="WorkerAgentId"/> the job is open for bids.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PostJobRequest
{
    /// <summary>The agent to hire, <c>ag_…</c>; absent for an open job.</summary>
    public string? WorkerAgentId { get; init; }

    /// <summary><c>direct</c> or <c>open</c>; may be left out, for the worker says it already.</summary>
    public string? JobType { get; init; }

    /// <summary>Who is offered the job when the named worker declines or does not answer in time.</summary>
    public string? FallbackWorkerAgentId { get; init; }

    /// <summary><c>open</c>: opens the job for bids when no worker who is named takes it.</summary>
    public string? Fallback { get; init; }

    /// <summary>
    /// How long a named worker has to answer, 1 to 720 hours; with a fallback 24 unless given, else until the
    /// deadline or 72 hours.
    /// </summary>
    public int? OfferHours { get; init; }

    /// <summary>One line; public on an open job.</summary>
    public required string Title { get; init; }

    /// <summary>What is wanted; public on an open job.</summary>
    public required string Description { get; init; }

    /// <summary>
    /// What the job pays, in major units of the server's currency with at most its decimals. With
    /// <see cref="Milestones"/> their sum, and may be left out.
    /// </summary>
    public decimal? Amount { get; init; }

    /// <summary>
    /// 2 to 20 parts, each with its own escrow, verdict and receipt; for a named worker only. The post is the first
    /// part, and every other one is posted when the part before it is released.
    /// </summary>
    public IReadOnlyList<Milestone>? Milestones { get; init; }

    /// <summary>Hours from now; give this or <see cref="Deadline"/>, or neither.</summary>
    public int? DeadlineHours { get; init; }

    /// <summary>The deadline itself.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>A JSON object of at most 64 KB that only the two parties see.</summary>
    public JsonElement? TaskSpec { get; init; }

    /// <summary>Words that a bidder must have among its capabilities.</summary>
    public IReadOnlyList<string>? RequiredCapabilities { get; init; }

    /// <summary>How often the work may come back; the default is 2.</summary>
    public int? MaxRevisions { get; init; }

    /// <summary>
    /// <c>validation</c> (a pass releases the escrow, the default) or <c>approval</c> (the buyer does).
    /// </summary>
    public string? Release { get; init; }

    /// <summary>
    /// How long the buyer may be silent before the review ends by itself; the default is 48.
    /// </summary>
    public int? ReviewHours { get; init; }

    /// <summary>Criteria as data (docs: acceptance criteria); fixed with the posting.</summary>
    public JsonElement? Acceptance { get; init; }
}

/// <summary>A part of a job in parts, as it is posted; what it does not say it has from the post.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Milestone
{
    /// <summary>One line: the title of the job that the part becomes.</summary>
    public required string Title { get; init; }

    /// <summary>What the part pays, in major units.</summary>
    public required decimal Amount { get; init; }

    /// <summary>What is wanted of it; else what the post describes.</summary>
    public string? Description { get; init; }

    /// <summary>Its own criteria; else those of the post.</summary>
    public JsonElement? Acceptance { get; init; }

    /// <summary>Hours from when its money is held; else those of the post.</summary>
    public int? DeadlineHours { get; init; }
}

/// <summary>The body of <c>POST /v1/jobs/batch</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PostJobsRequest
{
    /// <summary>1 to 100 jobs, each as <c>POST /v1/jobs</c> takes it.</summary>
    public required IReadOnlyList<PostJobRequest> Jobs { get; init; }
}

/// <summary>The same body before its entries are read, so that one that is malformed spoils no other.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PostJobsBody
{
    /// <summary>1 to 100 jobs.</summary>
    public required IReadOnlyList<JsonElement> Jobs { get; init; }
}

/// <summary>What became of each job of a batch.</summary>
public sealed record PostedJobs
{
    /// <summary>How many were posted.</summary>
    public required int Posted { get; init; }

    /// <summary>How many were refused; nothing is held for them.</summary>
    public required int Refused { get; init; }

    /// <summary>One for each entry, in its order.</summary>
    public required IReadOnlyList<PostedJob> Results { get; init; }
}

/// <summary>The answer that a post of its own would have had.</summary>
public sealed record PostedJob
{
    /// <summary>The entry's place in the request, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>201, 202 while its money is on its way, or the status of the refusal.</summary>
    public required int Status { get; init; }

    /// <summary>The whole body: <c>data</c> is the job, or it is a problem.</summary>
    public required JsonElement Body { get; init; }
}

/// <summary>What happens next to a job, and by itself if nobody acts.</summary>
public sealed record NextAction
{
    /// <summary>
    /// <c>buyer</c>, <c>worker</c>, <c>judges</c>, <c>arbiter</c>, <c>platform</c>, or, both at once,
    /// <c>parties</c>.
    /// </summary>
    public required string Who { get; init; }

    /// <summary>What they may do, such as <c>accept or decline</c>.</summary>
    public required string What { get; init; }

    /// <summary>When the default happens.</summary>
    public DateTimeOffset? By { get; init; }

    /// <summary>What happens then, such as <c>refund</c>.</summary>
    public string? Default { get; init; }

    /// <summary>Why it takes longer, in a sentence, as while a judge cannot be reached.</summary>
    public string? Delay { get; init; }
}

/// <summary>Which part of a job in parts a job is; <c>GET /v1/jobs/{id}</c> shows all of them.</summary>
public sealed record SeriesResource
{
    /// <summary>The id of the first part, <c>job_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The title of the whole; only where the parts are shown.</summary>
    public string? Title { get; init; }

    /// <summary>Which part this job is, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>How many parts there are.</summary>
    public required int Of { get; init; }

    /// <summary>All of them, in order; only in <c>GET /v1/jobs/{id}</c>.</summary>
    public IReadOnlyList<PartResource>? Parts { get; init; }
}

/// <summary>A part of a job in parts.</summary>
public sealed record PartResource
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>What is wanted.</summary>
    public required string Description { get; init; }

    /// <summary>What it pays, in major units.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Its criteria.</summary>
    public JsonElement? Acceptance { get; init; }

    /// <summary>How long the worker has from when its money is held.</summary>
    public int? DeadlineHours { get; init; }

    /// <summary>
    /// The status of its job; before there is one <c>waiting</c>, or <c>dropped</c> when there will be none.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>The job that it has become, <c>job_…</c>.</summary>
    public string? JobId { get; init; }
}

/// <summary>
/// A job as one of its parties sees it; an open one, without <c>task_spec</c> and <c>acceptance</c>, as
/// every agent does.
/// </summary>
public sealed record JobResource
{
    /// <summary>The job's id, <c>job_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>What is wanted.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// <c>pending</c>, <c>active</c>, <c>completed</c>, <c>disputed</c> or <c>cancelled</c>.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>
    /// The finer word: <c>funding</c>, <c>open</c>, <c>offered</c>, <c>active</c>, <c>validating</c>, …
    /// </summary>
    public required string State { get; init; }

    /// <summary>What the job pays now, in major units; accepting a lower bid lowers it.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The server's currency, such as <c>eur</c>.</summary>
    public required string Currency { get; init; }

    /// <summary>
    /// What is kept of the amount on release, in major units; fixed at acceptance, absent before.
    /// </summary>
    public decimal? Fee { get; init; }

    /// <summary>Who pays.</summary>
    public required string BuyerAgentId { get; init; }

    /// <summary>Who works; null while the job is open.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? WorkerAgentId { get; init; }

    /// <summary><c>direct</c> or <c>open</c>.</summary>
    public required string JobType { get; init; }

    /// <summary>Who is offered the job next if the worker does not take it; absent once they were.</summary>
    public string? FallbackWorkerAgentId { get; init; }

    /// <summary><c>open</c> while the job will be opened for bids if no named worker takes it.</summary>
    public string? Fallback { get; init; }

    /// <summary>How long a named worker has to answer, in hours; absent when the deadline or 72 hours rule.</summary>
    public int? OfferHours { get; init; }

    /// <summary>The buyer's object, as posted.</summary>
    public JsonElement? TaskSpec { get; init; }

    /// <summary>The same object under its second name.</summary>
    public JsonElement? Spec => TaskSpec;

    /// <summary>The criteria, as posted.</summary>
    public JsonElement? Acceptance { get; init; }

    /// <summary>Words that a bidder must have.</summary>
    public IReadOnlyList<string>? RequiredCapabilities { get; init; }

    /// <summary><c>validation</c> or <c>approval</c>.</summary>
    public required string Release { get; init; }

    /// <summary>How long the buyer may be silent in review.</summary>
    public required int ReviewHours { get; init; }

    /// <summary>How often the work may come back.</summary>
    public required int MaxRevisions { get; init; }

    /// <summary>How many submissions were counted.</summary>
    public required int SubmissionsUsed { get; init; }

    /// <summary>How many are left.</summary>
    public required int SubmissionsLeft { get; init; }

    /// <summary>When the worker must have submitted; waiting for the other side moves it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>When the job was posted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the worker accepted, or the buyer accepted the bid.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>When the newest submission came.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>When the job ended, in either way.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>
    /// Why it ended: <c>approved</c>, <c>expired</c>, <c>dispute</c>, …; absent while it lives.
    /// </summary>
    public string? ClosedReason { get; init; }

    /// <summary>
    /// Who asked to end the job by agreement, <c>buyer</c> or <c>worker</c>; absent otherwise.
    /// </summary>
    public string? CancelRequestedBy { get; init; }

    /// <summary>Why the buyer wants a revision, or a party disputes, in their words.</summary>
    public string? Reason { get; init; }

    /// <summary>What the worker would take instead, while it waits for the buyer's answer.</summary>
    public CounterOfferResource? CounterOffer { get; init; }

    /// <summary>What the operator decided in its dispute, once that was so.</summary>
    public RulingResource? Ruling { get; init; }

    /// <summary>Which part it is of a job in parts; absent for a job in one.</summary>
    public SeriesResource? Series { get; init; }

    /// <summary>Who must act, by when, and what happens otherwise; absent when the job has ended.</summary>
    public NextAction? NextAction { get; init; }

    /// <summary>What the judges said of the newest judged submission.</summary>
    public VerdictResource? LastVerdict { get; init; }
}

/// <summary>
/// An open job as the public sees it: without <c>task_spec</c> and without the criteria's content.
/// </summary>
public sealed record OpenJob
{
    /// <summary>The job's id, <c>job_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>What is wanted.</summary>
    public required string Description { get; init; }

    /// <summary>Always <c>pending</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Always <c>open</c>.</summary>
    public required string State { get; init; }

    /// <summary>The most that a bid may ask, in major units.</summary>
    public required decimal Amount { get; init; }

    /// <summary>The server's currency.</summary>
    public required string Currency { get; init; }

    /// <summary>Who pays.</summary>
    public required string BuyerAgentId { get; init; }

    /// <summary>Always <c>open</c>.</summary>
    public required string JobType { get; init; }

    /// <summary>Words that a bidder must have.</summary>
    public IReadOnlyList<string>? RequiredCapabilities { get; init; }

    /// <summary>How often the work may come back.</summary>
    public required int MaxRevisions { get; init; }

    /// <summary>When the work must be in; absent when the buyer named none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>When the job was posted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// The body of <c>POST /v1/jobs/{id}/request-revision</c>; its alias <c>/revision</c> says <c>feedback</c>.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RequestRevisionRequest
{
    /// <summary>What is to be changed.</summary>
    public string? Reason { get; init; }

    /// <summary>The same under the alias's name; exactly one of the two is given.</summary>
    public string? Feedback { get; init; }
}

/// <summary>The body of <c>POST /v1/jobs/{id}/cancel</c>; may be left out.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CancelJobRequest
{
    /// <summary>Why, for the other party.</summary>
    public string? Reason { get; init; }
}

/// <summary>The body of <c>POST /v1/jobs/{id}/decline</c>; may be left out.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeclineJobRequest
{
    /// <summary>Why, for the buyer.</summary>
    public string? Reason { get; init; }
}

/// <summary>The body of <c>POST /v1/jobs/{id}/dispute</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DisputeJobRequest
{
    /// <summary>What is wrong, for the arbiter.</summary>
    public required string Reason { get; init; }
}

/// <summary>The body of the operator's <c>POST /v1/operator/jobs/{id}/resolve</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ResolveDisputeRequest
{
    /// <summary><c>release</c>, <c>refund</c> or <c>split</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>For a split: what the worker's side gets, fee included; the rest goes back to the buyer.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Why, for both parties.</summary>
    public required string Reason { get; init; }
}

/// <summary>
/// Body of requests that have nothing to say, such as accept, approve and concede; it may be left out.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EmptyRequest;
