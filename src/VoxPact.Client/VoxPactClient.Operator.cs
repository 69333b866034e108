namespace VoxPact.Client;

/// <content>What the operator looks at, and does to agents; all of it needs the operator's key.</content>
public sealed partial class VoxPactClient
{
    /// <summary><c>GET /v1/operator/disputes</c>: what waits for the arbiter, oldest first.</summary>
    public async Task<Page<DisputeResource>> ListDisputesAsync(
        int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        await GetAsync(Query("/v1/operator/disputes", ("limit", Text(limit)), ("cursor", cursor)),
            Wire.PageDisputeResource, stop).ConfigureAwait(false);

    /// <summary><c>GET /v1/operator/jobs/{id}</c>: all that is known of a job.</summary>
    public async Task<JobHistory> InspectJobAsync(string jobId, CancellationToken stop = default) =>
        (await GetAsync($"/v1/operator/jobs/{Part(jobId)}", Wire.EnvelopeJobHistory, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/operator/agents/{id}</c>: an agent, and its owner's accounts.</summary>
    public async Task<InspectedAgent> InspectAgentAsync(string agentId, CancellationToken stop = default) =>
        (await GetAsync($"/v1/operator/agents/{Part(agentId)}", Wire.EnvelopeInspectedAgent, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/operator/agents/{id}/suspend</c>: its calls are refused from now on.</summary>
    public async Task<AgentStanding> SuspendAgentAsync(
        string agentId, StandingRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/operator/agents/{Part(agentId)}/suspend",
            Bytes(request, Wire.StandingRequest), Wire.EnvelopeAgentStanding, idempotencyKey, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/operator/agents/{id}/reinstate</c>: it is what it was before.</summary>
    public async Task<AgentStanding> ReinstateAgentAsync(
        string agentId, StandingRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/operator/agents/{Part(agentId)}/reinstate",
            Bytes(request, Wire.StandingRequest), Wire.EnvelopeAgentStanding, idempotencyKey, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/operator/totals</c>: the platform's money, and what waits.</summary>
    public async Task<OperatorTotals> GetOperatorTotalsAsync(CancellationToken stop = default) =>
        (await GetAsync("/v1/operator/totals", Wire.EnvelopeOperatorTotals, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/operator/audit</c>: what the operator did, newest first.</summary>
    public async Task<Page<OperatorLogLine>> ListOperatorActsAsync(
        int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        await GetAsync(Query("/v1/operator/audit", ("limit", Text(limit)), ("cursor", cursor)),
            Wire.PageOperatorLogLine, stop).ConfigureAwait(false);

    /// <summary>
    /// <c>POST /v1/operator/rotate-key</c>: the old key is dead when this returns. Send an Idempotency-Key of your own
    /// to be able to ask again with the old key when the answer is lost.
    /// </summary>
    public async Task<RotatedKey> RotateOperatorKeyAsync(
        string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/operator/rotate-key", null,
            Wire.EnvelopeRotatedKey, idempotencyKey, stop).ConfigureAwait(false)).Data;
}
