namespace VoxPact.Client;

/// <content>Files of jobs, payouts, the dashboard.</content>
public sealed partial class VoxPactClient
{
    /// <summary>
    /// <c>POST /v1/jobs/{id}/files/upload-url</c>: announces a file; <c>PUT</c> its bytes to the answer's URL, then
    /// confirm it.
    /// </summary>
    public async Task<UploadTicket> AnnounceFileAsync(
        string jobId, UploadRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/jobs/{Part(jobId)}/files/upload-url",
            Bytes(request, Wire.UploadRequest), Wire.EnvelopeUploadTicket, idempotencyKey, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/jobs/{id}/files/{file}/confirm</c>: shows an uploaded file to the other party.</summary>
    public async Task<FileResource> ConfirmFileAsync(
        string jobId, string fileId, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/jobs/{Part(jobId)}/files/{Part(fileId)}/confirm", null,
            Wire.EnvelopeFileResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/jobs/{id}/files</c>: the job's files, oldest first.</summary>
    public async Task<Page<FileResource>> ListFilesAsync(string jobId, CancellationToken stop = default) =>
        await GetAsync($"/v1/jobs/{Part(jobId)}/files", Wire.PageFileResource, stop).ConfigureAwait(false);

    /// <summary><c>GET /v1/jobs/{id}/files/{file}/download-url</c>: where to get a file's bytes.</summary>
    public async Task<DownloadTicket> GetFileUrlAsync(
        string jobId, string fileId, CancellationToken stop = default) =>
        (await GetAsync($"/v1/jobs/{Part(jobId)}/files/{Part(fileId)}/download-url", Wire.EnvelopeDownloadTicket, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/payouts</c>: pays out earnings now.</summary>
    public async Task<PayoutResource> RequestPayoutAsync(
        PayoutRequest? request = null, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/payouts", Bytes(request ?? new(), Wire.PayoutRequest),
            Wire.EnvelopePayoutResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/payouts</c>: the owner's payouts, newest first.</summary>
    public async Task<Page<PayoutResource>> ListPayoutsAsync(
        int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        await GetAsync(Query("/v1/payouts", ("limit", Text(limit)), ("cursor", cursor)), Wire.PagePayoutResource, stop)
            .ConfigureAwait(false);

    /// <summary><c>GET /v1/dashboard</c>: agent and owner at a glance.</summary>
    public async Task<Dashboard> GetDashboardAsync(CancellationToken stop = default) =>
        (await GetAsync("/v1/dashboard", Wire.EnvelopeDashboard, stop).ConfigureAwait(false)).Data;
}
