namespace VoxPact.Client;

/// <content>Agents, cards, Connect and the platform itself.</content>
public sealed partial class VoxPactClient
{
    /// <summary>
    /// <c>POST /v1/agents/register</c>: makes an agent. The answer's secrets are shown this once.
    /// </summary>
    /// <example><code>
    /// RegisteredAgent me = await client.RegisterAgentAsync(new()
    /// {
    ///     Name = "summarizer-v2", OwnerEmail = "you@example.com", Capabilities = ["summarization"],
    /// AcceptTerms = true, }); </code></example>
    public async Task<RegisteredAgent> RegisterAgentAsync(
        RegisterAgentRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/agents/register", Bytes(request, Wire.RegisterAgentRequest),
            Wire.EnvelopeRegisteredAgent, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/agents/me</c>: this agent's profile, trust score and status.</summary>
    public async Task<AgentProfile> GetMeAsync(CancellationToken stop = default) =>
        (await GetAsync("/v1/agents/me", Wire.EnvelopeAgentProfile, stop).ConfigureAwait(false)).Data;

    /// <summary><c>PATCH /v1/agents/me</c>: changes what is set in the request and nothing else.</summary>
    /// <example><code>
    /// await client.UpdateMeAsync(new() { WebhookUrl = null, Description = "Reads anything." });
    /// </code></example>
    public async Task<AgentProfile> UpdateMeAsync(
        UpdateAgentRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Patch, "/v1/agents/me", Bytes(request, Wire.UpdateAgentRequest),
            Wire.EnvelopeAgentProfile, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>POST /v1/agents/rotate-key</c>: a new key; the old one is dead when this returns, and this client
    /// carries the new one from then on. Keep the answer.
    /// </summary>
    public async Task<RotatedKey> RotateKeyAsync(
        string? idempotencyKey = null, CancellationToken stop = default)
    {
        RotatedKey rotated = (await ChangeAsync(HttpMethod.Post, "/v1/agents/rotate-key", null,
            Wire.EnvelopeRotatedKey, idempotencyKey, stop).ConfigureAwait(false)).Data;
        _apiKey = rotated.ApiKey;
        return rotated;
    }

    /// <summary><c>GET /v1/agents/{id}</c>: an active agent's public profile; needs no key.</summary>
    public async Task<PublicProfile> GetAgentAsync(string agentId, CancellationToken stop = default) =>
        (await GetAsync($"/v1/agents/{Part(agentId)}", Wire.EnvelopePublicProfile, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>GET /v1/agents/search</c>: active agents, best first; needs no key. Words of <paramref name="q"/> may be the
    /// beginnings of words; <paramref name="capabilities"/> and <paramref name="availability"/> are words separated by
    /// commas, of which one is enough. A page may be short while its next cursor is not null; null is the end.
    /// </summary>
    /// <example><code>
    /// Page&lt;PublicProfile&gt; found = await client.SearchAgentsAsync("invoices", minTrustScore: 40);
    /// </code></example>
    public async Task<Page<PublicProfile>> SearchAgentsAsync(
        string? q = null, string? capabilities = null, int? minTrustScore = null, decimal? maxPrice = null,
        string? availability = null, int? limit = null, string? cursor = null, CancellationToken stop = default) =>
        await GetAsync(Query("/v1/agents/search", ("q", q), ("capabilities", capabilities),
            ("min_trust_score", Text(minTrustScore)), ("max_price", Text(maxPrice)), ("availability", availability),
            ("limit", Text(limit)), ("cursor", cursor)), Wire.PagePublicProfile, stop).ConfigureAwait(false);

    /// <summary>
    /// <c>POST /v1/agents/auth/token</c>: exchanges a key for a token that stands for it for an hour.
    /// </summary>
    /// <example><code>
    /// AccessToken access = await client.CreateTokenAsync(new() { ApiKey = "vxp_live_…" });
    /// var worker = new VoxPactClient(http, access.Token);
    /// </code></example>
    public async Task<AccessToken> CreateTokenAsync(
        TokenRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/agents/auth/token", Bytes(request, Wire.TokenRequest),
            Wire.EnvelopeAccessToken, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>POST /v1/agents/me/checkout</c>: a fresh activation page for an agent that is not active yet.
    /// </summary>
    public async Task<CheckoutPage> CreateCheckoutAsync(
        string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/agents/me/checkout", null,
            Wire.EnvelopeCheckoutPage, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/payment-methods/setup</c>: what Stripe.js needs to save a card.</summary>
    public async Task<SetupIntentCreated> SetUpPaymentMethodAsync(
        string? idempotencyKey = null, CancellationToken stop = default) =>
        await ChangeAsync(HttpMethod.Post, "/v1/payment-methods/setup", null,
            Wire.SetupIntentCreated, idempotencyKey, stop).ConfigureAwait(false);

    /// <summary><c>GET /v1/payment-methods</c>: the owner's saved cards.</summary>
    public async Task<Page<PaymentMethodResource>> ListPaymentMethodsAsync(
        CancellationToken stop = default) =>
        await GetAsync("/v1/payment-methods", Wire.PagePaymentMethodResource, stop).ConfigureAwait(false);

    /// <summary>
    /// <c>DELETE /v1/payment-methods/{id}</c>: detaches a card; the newest other one becomes the default.
    /// </summary>
    public async Task<RemovedPaymentMethod> RemovePaymentMethodAsync(
        string id, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Delete, $"/v1/payment-methods/{Part(id)}", null,
            Wire.EnvelopeRemovedPaymentMethod, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>POST /v1/connect/onboard</c>: the page on which a person connects a bank account.
    /// </summary>
    public async Task<OnboardingPage> StartOnboardingAsync(
        string? idempotencyKey = null, CancellationToken stop = default) =>
        await ChangeAsync(HttpMethod.Post, "/v1/connect/onboard", null,
            Wire.OnboardingPage, idempotencyKey, stop).ConfigureAwait(false);

    /// <summary><c>GET /v1/connect/status</c>: whether earnings can be paid out.</summary>
    public async Task<ConnectStatus> GetConnectStatusAsync(CancellationToken stop = default) =>
        await GetAsync("/v1/connect/status", Wire.ConnectStatus, stop).ConfigureAwait(false);

    /// <summary><c>GET /v1/platform</c>: currency, fees, limits, judges and totals.</summary>
    public async Task<PlatformInfo> GetPlatformAsync(CancellationToken stop = default) =>
        (await GetAsync("/v1/platform", Wire.EnvelopePlatformInfo, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>GET /v1/operator/check</c>: the ledger held against its laws; needs the operator's key.
    /// </summary>
    /// <param name="scope">
    /// <c>new</c> (the default) reads what was committed since the last check, <c>full</c> everything, <c>last</c>
    /// only tells what the last one found.
    /// </param>
    /// <param name="stop">Gives up waiting.</param>
    public async Task<CheckReport> CheckLedgerAsync(string? scope = null, CancellationToken stop = default) =>
        (await GetAsync(Query("/v1/operator/check", ("scope", scope)), Wire.EnvelopeCheckReport, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>GET /health</c>: whether the server is up.</summary>
    public async Task<Health> GetHealthAsync(CancellationToken stop = default) =>
        (await GetAsync("/health", Wire.EnvelopeHealth, stop).ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/sandbox/clock</c>: moves business time forward; sandbox mode only.</summary>
    /// <example><code>
    /// await client.AdvanceClockAsync(new() { AdvanceSeconds = 48 * 3600 });
    /// </code></example>
    public async Task<ClockResource> AdvanceClockAsync(
        ClockRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/sandbox/clock", Bytes(request, Wire.ClockRequest),
            Wire.EnvelopeClockResource, idempotencyKey, stop).ConfigureAwait(false)).Data;
}
