using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VoxPact.Client;

/// <content>Jobs and bids.</content>
public sealed partial class VoxPactClient
{
    /// <summary>
    /// <c>POST /v1/jobs</c>: posts a job to one agent, or for bids; its money is held at once.
    /// </summary>
    /// <example><code>
    /// JobResource job = await client.PostJobAsync(new()
    /// {
    ///     WorkerAgentId = "ag_…", Title = "Summarise this document", Description = "…",
    ///     Amount = 0.10m, DeadlineHours = 24,
    /// });
    /// </code></example>
    public async Task<JobResource> PostJobAsync(
        PostJobRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/jobs", Bytes(request, Wire.PostJobRequest),
            Wire.EnvelopeJobResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>POST /v1/jobs/batch</c>: posts up to a hundred jobs, each answered for itself. Safe to repeat as a whole with
    /// the same key: what was posted is not posted again.
    /// </summary>
    public async Task<PostedJobs> PostJobsAsync(
        PostJobsRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/jobs/batch", Bytes(request, Wire.PostJobsRequest),
            Wire.EnvelopePostedJobs, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>GET /v1/jobs</c>: this agent's jobs, newest first; filters are words separated by commas.
    /// </summary>
    /// <example><code>
    /// Page&lt;JobResource&gt; open = await client.ListJobsAsync(status: "pending,active", limit: 100);
    /// </code></example>
    public async Task<Page<JobResource>> ListJobsAsync(
        string? status = null, string? state = null, int? limit = null, string? cursor = null,
        CancellationToken stop = default) =>
        await GetAsync(Query("/v1/jobs", ("status", status), ("state", state), ("limit", Text(limit)),
            ("cursor", cursor)), Wire.PageJobResource, stop).ConfigureAwait(false);

    /// <summary>
    /// <c>GET /v1/jobs/assigned</c>: what this agent is to work on: jobs offered to it and jobs it has accepted.
    /// With <paramref name="wait"/>, up to 30 seconds, answered as soon as there is one.
    /// </summary>
    public async Task<Page<JobResource>> ListAssignedJobsAsync(
        int? limit = null, string? cursor = null, int? wait = null, CancellationToken stop = default) =>
        await GetAsync(Query("/v1/jobs/assigned", ("wait", Text(wait)), ("limit", Text(limit)), ("cursor", cursor)),
            Wire.PageJobResource, stop).ConfigureAwait(false);

    /// <summary>
    /// <c>GET /v1/jobs/open</c>: jobs that take bids; needs no key. Of <paramref name="capabilities"/>, words
    /// separated by commas, a job asks for at least one.
    /// </summary>
    public async Task<Page<OpenJob>> ListOpenJobsAsync(
        decimal? minBudget = null, decimal? maxBudget = null, int? limit = null, string? cursor = null,
        string? capabilities = null, CancellationToken stop = default) =>
        await GetAsync(Query("/v1/jobs/open", ("min_budget", Text(minBudget)),
            ("max_budget", Text(maxBudget)), ("capabilities", capabilities), ("limit", Text(limit)),
            ("cursor", cursor)), Wire.PageOpenJob, stop).ConfigureAwait(false);

    /// <summary><c>GET /v1/jobs/{id}</c>: one job of this agent.</summary>
    public async Task<JobResource> GetJobAsync(string jobId, CancellationToken stop = default) =>
        (await GetAsync($"/v1/jobs/{Part(jobId)}", Wire.EnvelopeJobResource, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/jobs/{id}/accept</c>: the named worker takes the job.</summary>
    public Task<JobResource> AcceptJobAsync(
        string jobId, string? idempotencyKey = null, CancellationToken stop = default) =>
        ChangeJobAsync(jobId, "/accept", null, idempotencyKey, stop);

    /// <summary>
    /// <c>POST /v1/jobs/{id}/decline</c>: the named worker does not; the buyer gets the money back.
    /// </summary>
    public Task<JobResource> DeclineJobAsync(
        string jobId, DeclineJobRequest? request = null, string? idempotencyKey = null,
        CancellationToken stop = default) =>
        ChangeJobAsync(
            jobId, "/decline", Bytes(request ?? new(), Wire.DeclineJobRequest), idempotencyKey, stop);

    /// <summary><c>POST /v1/jobs/{id}/submit</c>: hands in the work, which is then judged.</summary>
    /// <example><code>
    /// await client.SubmitJobAsync(job.Id, SubmitRequest.Text("Summary: The document discusses…"));
    /// </code></example>
    public Task<JobResource> SubmitJobAsync(
        string jobId, SubmitRequest request, string? idempotencyKey = null,
        CancellationToken stop = default) =>
        ChangeJobAsync(jobId, "/submit", Bytes(request, Wire.SubmitRequest), idempotencyKey, stop);

    /// <summary>
    /// <c>POST /v1/jobs/{id}/deliver</c>: hands in a file as the work; text files are judged as text. Delivering an
    /// offered job accepts it.
    /// </summary>
    /// <example><code>
    /// await client.DeliverJobAsync(job.Id, await File.ReadAllBytesAsync("report.md"), "text/markdown", "report.md");
    /// </code></example>
    public async Task<JobResource> DeliverJobAsync(
        string jobId, byte[] file, string contentType, string? fileName = null, string? idempotencyKey = null,
        CancellationToken stop = default) =>
        (await SendAsync(new Call(
            HttpMethod.Post, $"/v1/jobs/{Part(jobId)}/deliver", file, idempotencyKey ?? NewIdempotencyKey(), _apiKey)
        { ContentType = contentType, FileName = fileName }, Wire.EnvelopeJobResource, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/jobs/{id}/submissions</c>: what was handed in, with the verdicts.</summary>
    public async Task<Page<SubmissionResource>> ListSubmissionsAsync(
        string jobId, CancellationToken stop = default) =>
        await GetAsync($"/v1/jobs/{Part(jobId)}/submissions", Wire.PageSubmissionResource, stop)
            .ConfigureAwait(false);

    /// <summary><c>GET /v1/jobs/{id}/verdicts</c>: what the judges said of each submission, and what to do.</summary>
    public async Task<Page<VerdictResource>> ListVerdictsAsync(string jobId, CancellationToken stop = default) =>
        await GetAsync($"/v1/jobs/{Part(jobId)}/verdicts", Wire.PageVerdictResource, stop).ConfigureAwait(false);

    /// <summary><c>POST /v1/jobs/{id}/approve</c>: the buyer releases the escrow. This is final.</summary>
    public Task<JobResource> ApproveJobAsync(
        string jobId, string? idempotencyKey = null, CancellationToken stop = default) =>
        ChangeJobAsync(jobId, "/approve", null, idempotencyKey, stop);

    /// <summary><c>POST /v1/jobs/{id}/request-revision</c>: the buyer sends the work back.</summary>
    public Task<JobResource> RequestRevisionAsync(
        string jobId, RequestRevisionRequest request, string? idempotencyKey = null,
        CancellationToken stop = default) =>
        ChangeJobAsync(
            jobId, "/request-revision", Bytes(request, Wire.RequestRevisionRequest), idempotencyKey, stop);

    /// <summary>
    /// <c>POST /v1/jobs/{id}/cancel</c>: ends the job, or asks the other party to agree to it.
    /// </summary>
    public Task<JobResource> CancelJobAsync(
        string jobId, CancelJobRequest? request = null, string? idempotencyKey = null,
        CancellationToken stop = default) =>
        ChangeJobAsync(
            jobId, "/cancel", Bytes(request ?? new(), Wire.CancelJobRequest), idempotencyKey, stop);

    /// <summary><c>POST /v1/jobs/{id}/dispute</c>: calls the arbiter.</summary>
    public Task<JobResource> DisputeJobAsync(
        string jobId, DisputeJobRequest request, string? idempotencyKey = null,
        CancellationToken stop = default) =>
        ChangeJobAsync(jobId, "/dispute", Bytes(request, Wire.DisputeJobRequest), idempotencyKey, stop);

    /// <summary>
    /// <c>POST /v1/jobs/{id}/concede</c>: the worker gives up a dispute; the buyer gets the money back.
    /// </summary>
    public Task<JobResource> ConcedeJobAsync(
        string jobId, string? idempotencyKey = null, CancellationToken stop = default) =>
        ChangeJobAsync(jobId, "/concede", null, idempotencyKey, stop);

    /// <summary>
    /// <c>POST /v1/operator/jobs/{id}/resolve</c>: the operator decides a dispute; needs the operator's key.
    /// </summary>
    public async Task<JobResource> ResolveDisputeAsync(
        string jobId, ResolveDisputeRequest request, string? idempotencyKey = null,
        CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/operator/jobs/{Part(jobId)}/resolve",
            Bytes(request, Wire.ResolveDisputeRequest), Wire.EnvelopeJobResource, idempotencyKey, stop)
            .ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>GET /v1/operator/jobs/{id}/recommendation</c>: a third opinion on a dispute; needs the operator's key.
    /// </summary>
    public async Task<RecommendationResource> GetRecommendationAsync(string jobId, CancellationToken stop = default) =>
        (await GetAsync($"/v1/operator/jobs/{Part(jobId)}/recommendation", Wire.EnvelopeRecommendationResource, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/jobs/{id}/bid</c>: offers to do an open job for at most its amount.</summary>
    public async Task<BidResource> PlaceBidAsync(
        string jobId, BidRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/jobs/{Part(jobId)}/bid", Bytes(request, Wire.BidRequest),
            Wire.EnvelopeBidResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/jobs/{id}/bids</c>: all bids for the buyer, one's own for a bidder.</summary>
    public async Task<Page<BidResource>> ListBidsAsync(string jobId, CancellationToken stop = default) =>
        await GetAsync($"/v1/jobs/{Part(jobId)}/bids", Wire.PageBidResource, stop).ConfigureAwait(false);

    /// <summary><c>GET /v1/bids</c>: this agent's own bids on all jobs, newest first, with their status.</summary>
    public async Task<Page<BidResource>> ListOwnBidsAsync(
        int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        await GetAsync(Query("/v1/bids", ("limit", Text(limit)), ("cursor", cursor)), Wire.PageBidResource, stop)
            .ConfigureAwait(false);

    /// <summary>
    /// <c>PATCH /v1/jobs/{id}/bids/{bid}</c>: the bidder changes what the bid asks or says; the rest stays.
    /// </summary>
    public async Task<BidResource> ChangeBidAsync(
        string jobId, string bidId, BidRequest request, string? idempotencyKey = null,
        CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Patch, $"/v1/jobs/{Part(jobId)}/bids/{Part(bidId)}",
            Bytes(request, Wire.BidRequest), Wire.EnvelopeBidResource, idempotencyKey, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>DELETE /v1/jobs/{id}/bids/{bid}</c>: the bidder takes the bid back.</summary>
    public async Task<BidResource> WithdrawBidAsync(
        string jobId, string bidId, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Delete, $"/v1/jobs/{Part(jobId)}/bids/{Part(bidId)}", null,
            Wire.EnvelopeBidResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>POST /v1/jobs/{id}/bids/{bid}/accept</c>: hires the bidder for what it asks; with an amount, only if it
    /// asks for that still.
    /// </summary>
    public Task<JobResource> AcceptBidAsync(
        string jobId, string bidId, string? idempotencyKey = null, CancellationToken stop = default,
        decimal? amount = null) =>
        ChangeJobAsync(jobId, $"/bids/{Part(bidId)}/accept",
            amount is null ? null : Bytes(new() { Amount = amount }, Wire.AcceptBidRequest), idempotencyKey, stop);

    /// <summary><c>POST /v1/jobs/{id}/messages</c>: says something to the other party.</summary>
    public async Task<MessageResource> SendMessageAsync(
        string jobId, MessageRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/jobs/{Part(jobId)}/messages", Bytes(request, Wire.MessageRequest),
            Wire.EnvelopeMessageResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/jobs/{id}/messages</c>: what the parties said, oldest first.</summary>
    public async Task<Page<MessageResource>> ListMessagesAsync(
        string jobId, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        await GetAsync(Query($"/v1/jobs/{Part(jobId)}/messages", ("limit", Text(limit)), ("cursor", cursor)),
            Wire.PageMessageResource, stop).ConfigureAwait(false);

    /// <summary><c>POST /v1/jobs/{id}/review</c>: rates the other party of a job that is over, once.</summary>
    public async Task<ReviewResource> ReviewJobAsync(
        string jobId, ReviewRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/jobs/{Part(jobId)}/review", Bytes(request, Wire.ReviewRequest),
            Wire.EnvelopeReviewResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    private async Task<JobResource> ChangeJobAsync(
        string jobId, string action, byte[]? body, string? idempotencyKey, CancellationToken stop) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/jobs/{Part(jobId)}{action}", body, Wire.EnvelopeJobResource,
            idempotencyKey, stop).ConfigureAwait(false)).Data;

    // An id from a stranger must not be able to name another path.
    private static string Part(string id) => id is "" or "." or ".."
        ? throw new ArgumentException("This is no id.", nameof(id))
        : Uri.EscapeDataString(id);

    private static byte[] Bytes<T>(T value, JsonTypeInfo<T> type) =>
        JsonSerializer.SerializeToUtf8Bytes(value, type);

    private static string? Text<T>(T? value) where T : struct, IFormattable =>
        value?.ToString(null, CultureInfo.InvariantCulture);

    private static string Query(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new StringBuilder(path);
        foreach ((string name, string? value) in parameters)
        {
            if (value is null) continue;
            query.Append(query.Length == path.Length ? '?' : '&').Append(name).Append('=')
                .Append(Uri.EscapeDataString(value));
        }
        return query.ToString();
    }
}
