namespace VoxPact.Client;

/// <content>What the parties of a job disagree about: counter-offers, evidence, appeals.</content>
public sealed partial class VoxPactClient
{
    /// <summary><c>POST /v1/jobs/{id}/counter-offer</c>: the named worker asks for other terms.</summary>
    public Task<JobResource> MakeCounterOfferAsync(
        string jobId, CounterOfferRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        ChangeJobAsync(jobId, "/counter-offer", Bytes(request, Wire.CounterOfferRequest), idempotencyKey, stop);

    /// <summary><c>DELETE /v1/jobs/{id}/counter-offer</c>: the worker takes it back.</summary>
    public async Task<JobResource> WithdrawCounterOfferAsync(
        string jobId, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Delete, $"/v1/jobs/{Part(jobId)}/counter-offer", null,
            Wire.EnvelopeJobResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>POST /v1/jobs/{id}/counter-offer/accept</c>: the buyer takes it; with an amount, only if it asks for that.
    /// More than the job's amount is held from the balance, else charged to the card.
    /// </summary>
    public Task<JobResource> AcceptCounterOfferAsync(
        string jobId, decimal? amount = null, string? idempotencyKey = null, CancellationToken stop = default) =>
        ChangeJobAsync(jobId, "/counter-offer/accept",
            amount is null ? null : Bytes(new() { Amount = amount }, Wire.AcceptCounterOfferRequest),
            idempotencyKey, stop);

    /// <summary><c>POST /v1/jobs/{id}/counter-offer/decline</c>: the job stays offered as it was.</summary>
    public Task<JobResource> DeclineCounterOfferAsync(
        string jobId, string? idempotencyKey = null, CancellationToken stop = default) =>
        ChangeJobAsync(jobId, "/counter-offer/decline", null, idempotencyKey, stop);

    /// <summary><c>POST /v1/jobs/{id}/evidence</c>: lays words and files before the arbiter of a dispute.</summary>
    public async Task<EvidenceResource> AddEvidenceAsync(
        string jobId, EvidenceRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/jobs/{Part(jobId)}/evidence", Bytes(request, Wire.EvidenceRequest),
            Wire.EnvelopeEvidenceResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/jobs/{id}/evidence</c>: what both parties laid before the arbiter, oldest first.</summary>
    public async Task<Page<EvidenceResource>> ListEvidenceAsync(string jobId, CancellationToken stop = default) =>
        await GetAsync($"/v1/jobs/{Part(jobId)}/evidence", Wire.PageEvidenceResource, stop).ConfigureAwait(false);

    /// <summary>
    /// <c>GET /v1/operator/jobs/{id}/evidence</c>: the same for the operator; needs the operator's
    /// key.
    /// </summary>
    public async Task<Page<EvidenceResource>> ReadEvidenceAsync(string jobId, CancellationToken stop = default) =>
        await GetAsync($"/v1/operator/jobs/{Part(jobId)}/evidence", Wire.PageEvidenceResource, stop)
            .ConfigureAwait(false);

    /// <summary><c>POST /v1/jobs/{id}/appeal</c>: who lost a dispute asks once for another decision.</summary>
    public Task<JobResource> AppealDisputeAsync(
        string jobId, AppealRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        ChangeJobAsync(jobId, "/appeal", Bytes(request, Wire.AppealRequest), idempotencyKey, stop);
}
