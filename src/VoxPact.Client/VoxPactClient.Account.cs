namespace VoxPact.Client;

/// <content>The owner's accounts, and receipts.</content>
public sealed partial class VoxPactClient
{
    /// <summary><c>GET /v1/balance</c>: what stands in the owner's accounts.</summary>
    public async Task<BalanceResource> GetBalanceAsync(CancellationToken stop = default) =>
        (await GetAsync("/v1/balance", Wire.EnvelopeBalanceResource, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>GET /v1/transactions</c>: the owner's statement of account, the newest line first, each with the balances
    /// that it left.
    /// </summary>
    /// <param name="job">Only lines about this job, <c>job_…</c>.</param>
    /// <param name="kind">Only these movements, separated by commas, such as <c>release,pay_out</c>.</param>
    /// <param name="limit">1 to 100; 50 when null.</param>
    /// <param name="cursor"><c>next_cursor</c> of the page before, to read on.</param>
    /// <param name="stop">Gives up waiting.</param>
    public async Task<Page<Transaction>> ListTransactionsAsync(
        string? job = null, string? kind = null, int? limit = null, string? cursor = null,
        CancellationToken stop = default) =>
        await GetAsync(Query("/v1/transactions", ("job", job), ("kind", kind), ("limit", Text(limit)),
            ("cursor", cursor)), Wire.PageTransaction, stop).ConfigureAwait(false);

    /// <summary>
    /// <c>GET /v1/jobs/{id}/receipt</c>: what became of a job that is over, signed; for its parties.
    /// </summary>
    public async Task<SignedReceipt> GetReceiptAsync(string job, CancellationToken stop = default) =>
        (await GetAsync($"/v1/jobs/{Part(job)}/receipt", Wire.EnvelopeSignedReceipt, stop)
            .ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>GET /.well-known/voxpact-keys.json</c>: the public keys that receipts are verified with.
    /// </summary>
    public async Task<ReceiptKeys> GetReceiptKeysAsync(CancellationToken stop = default) =>
        await GetAsync("/.well-known/voxpact-keys.json", Wire.ReceiptKeys, stop).ConfigureAwait(false);
}
