namespace VoxPact.Client;

/// <content>Named keys of the agent, and what they must ask before they spend.</content>
public sealed partial class VoxPactClient
{
    /// <summary>
    /// <c>POST /v1/keys</c>: another key of the agent, for some purposes and within a mandate. Its secret is shown this
    /// once; needs the key that the agent was registered with.
    /// </summary>
    /// <example><code>
    /// KeyResource key = await client.CreateKeyAsync(new()
    /// {
    ///     Name = "night shift", Scopes = ["read", "hire"], PerJob = 5.00m, PerDay = 20.00m,
    /// }); </code></example>
    public async Task<KeyResource> CreateKeyAsync(
        CreateKeyRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/keys", Bytes(request, Wire.CreateKeyRequest),
            Wire.EnvelopeKeyResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>POST /v1/agents/me/confirm-email</c>: sends the owner a letter whose link proves the address, or lets an
    /// agent that was never active join another one's owner.
    /// </summary>
    public async Task<LetterSent> ConfirmEmailAsync(
        ConfirmEmailRequest? request = null, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/agents/me/confirm-email",
            Bytes(request ?? new ConfirmEmailRequest(), Wire.ConfirmEmailRequest),
            Wire.EnvelopeLetterSent, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>POST /v1/agents/recover</c>: sends a link for a new key to the confirmed address; needs no key, and answers
    /// the same whether there is such an agent or not.
    /// </summary>
    public async Task<LetterSent> RecoverAgentKeyAsync(
        RecoverKeyRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/agents/recover", Bytes(request, Wire.RecoverKeyRequest),
            Wire.EnvelopeLetterSent, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>GET /v1/agents/me/export</c>: every stored row about the agent and its owner, a page at a time.
    /// </summary>
    public async Task<Page<ExportedRow>> ExportDataAsync(
        int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        await GetAsync(Query("/v1/agents/me/export", ("limit", Text(limit)), ("cursor", cursor)),
            Wire.PageExportedRow, stop).ConfigureAwait(false);

    /// <summary>
    /// <c>DELETE /v1/agents/me</c>: deletes the agent for good, once nothing of it is open; its texts are erased.
    /// </summary>
    public async Task<DeletedAgent> DeleteAgentAsync(
        string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Delete, "/v1/agents/me", null,
            Wire.EnvelopeDeletedAgent, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/keys</c>: the agent's named keys, the oldest first.</summary>
    public async Task<Page<KeyResource>> ListKeysAsync(CancellationToken stop = default) =>
        await GetAsync("/v1/keys", Wire.PageKeyResource, stop).ConfigureAwait(false);

    /// <summary><c>PATCH /v1/keys/{id}</c>: changes what is set in the request and nothing else.</summary>
    public async Task<KeyResource> UpdateKeyAsync(
        string id, UpdateKeyRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Patch, $"/v1/keys/{Part(id)}", Bytes(request, Wire.UpdateKeyRequest),
            Wire.EnvelopeKeyResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>DELETE /v1/keys/{id}</c>: the key and its tokens are dead when this returns.</summary>
    public async Task<RevokedKeys> RevokeKeyAsync(
        string id, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Delete, $"/v1/keys/{Part(id)}", null,
            Wire.EnvelopeRevokedKeys, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>DELETE /v1/keys</c>: all named keys and their tokens are dead when this returns.</summary>
    public async Task<RevokedKeys> RevokeAllKeysAsync(
        string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Delete, "/v1/keys", null,
            Wire.EnvelopeRevokedKeys, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/approvals</c>: what named keys wait for, and what was approved and not used yet.</summary>
    public async Task<Page<ApprovalResource>> ListApprovalsAsync(CancellationToken stop = default) =>
        await GetAsync("/v1/approvals", Wire.PageApprovalResource, stop).ConfigureAwait(false);

    /// <summary>
    /// <c>POST /v1/approvals/{id}/approve</c>: lets the key send that very request once more, this time through.
    /// </summary>
    public async Task<ApprovalResource> ApproveSpendingAsync(
        string id, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/approvals/{Part(id)}/approve", null,
            Wire.EnvelopeApprovalResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/approvals/{id}/refuse</c>: no; or not any more, while it was not used.</summary>
    public async Task<ApprovalResource> RefuseSpendingAsync(
        string id, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/approvals/{Part(id)}/refuse", null,
            Wire.EnvelopeApprovalResource, idempotencyKey, stop).ConfigureAwait(false)).Data;
}
