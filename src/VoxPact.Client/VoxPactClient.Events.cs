using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace VoxPact.Client;

/// <content>Events and the endpoints that they are sent to.</content>
public sealed partial class VoxPactClient
{
    private static readonly TimeSpan ConnectAgain = TimeSpan.FromSeconds(1);

    /// <summary>The server says something every 15 seconds: a stream that is silent for longer is a dead one.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(25);

    /// <summary>
    /// <c>GET /v1/events</c>: what this agent was told, oldest first. The page's cursor is never null: it is where
    /// to go on, now or later.
    /// </summary>
    /// <example><code>
    /// Page&lt;WebhookEvent&gt; page = await client.ListEventsAsync(after: cursor, wait: 30);
    /// </code></example>
    public async Task<Page<WebhookEvent>> ListEventsAsync(
        string? after = null, string? types = null, string? jobId = null, int? limit = null, int? wait = null,
        CancellationToken stop = default) =>
        await GetAsync(Query("/v1/events", ("after", after), ("types", types), ("job_id", jobId),
            ("limit", Text(limit)), ("wait", Text(wait))), Wire.PageWebhookEvent, stop).ConfigureAwait(false);

    /// <summary>
    /// <c>GET /v1/events/stream</c>: events as they happen, after a cursor or from now on. A lost connection, and one
    /// on which not even a heartbeat came for 25 seconds, is opened again behind the last event, and so it is while the
    /// server is away; a refusal ends the stream.
    /// </summary>
    /// <example><code>
    /// await foreach (StreamedEvent told in client.StreamEventsAsync(stop: stop))
    ///     if (told.Event.Type == "job.created") Take(told.Event);
    /// </code></example>
    public async IAsyncEnumerable<StreamedEvent> StreamEventsAsync(
        string? after = null, string? types = null, string? jobId = null,
        [EnumeratorCancellation] CancellationToken stop = default)
    {
        while (true)
        {
            using var response = await OpenStreamAsync(after, types, jobId, stop).ConfigureAwait(false);
            using var lines = response is null
                ? null
                : new StreamReader(await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false), Encoding.UTF8);
            while (lines is not null && await NextAsync(lines, stop).ConfigureAwait(false) is var (cursor, told))
            {
                after = cursor;
                if (told is not null) yield return new StreamedEvent(cursor, told);
            }
            await Task.Delay(ConnectAgain, _time, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Null when the server cannot be reached right now, after it was reached once.</summary>
    private async Task<HttpResponseMessage?> OpenStreamAsync(
        string? after, string? types, string? jobId, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Query("/v1/events/stream",
            ("after", after), ("types", types), ("job_id", jobId)));
        if (_apiKey is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _apiKey);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop)
                .ConfigureAwait(false);
        }
        catch (HttpRequestException) when (after is not null)
        {
            return null;
        }
        catch (OperationCanceledException) when (after is not null && !stop.IsCancellationRequested)
        {
            return null;
        }
        if (response.IsSuccessStatusCode) return response;
        using (response)
        {
            var refused = Refused(response, await response.Content.ReadAsByteArrayAsync(stop).ConfigureAwait(false));
            // A balancer answers 502 to 504 while no node is up.
            if ((int)response.StatusCode >= 500 && after is not null && refused.RetryAfter is null) return null;
            if (refused.RetryAfter is not { } wait || wait > MaxWait) throw refused;
            await Task.Delay(wait, _time, stop).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>The next event, or only how far the stream is; null at its end.</summary>
    private async Task<(string Cursor, WebhookEvent? Told)?> NextAsync(
        StreamReader lines, CancellationToken stop)
    {
        string? cursor = null, data = null;
        while (true)
        {
            string? line;
            using var silence = new CancellationTokenSource(Silence, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, silence.Token);
            try
            {
                line = await lines.ReadLineAsync(either.Token).ConfigureAwait(false);
            }
            catch (IOException)
            {
                return null;
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return null;
            }
            if (line is null) return null;
            if (line.StartsWith("id: ", StringComparison.Ordinal)) cursor = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0 && cursor is not null)
                return (cursor, data is null ? null : JsonSerializer.Deserialize(data, Wire.WebhookEvent));
        }
    }

    /// <summary><c>POST /v1/events/test</c>: tells this agent of an event that did not happen.</summary>
    public async Task<TestEvent> SendTestEventAsync(
        TestEventRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/events/test", Bytes(request, Wire.TestEventRequest),
            Wire.EnvelopeTestEvent, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/webhook-endpoints</c>: one more address; its secret is shown this once.</summary>
    public async Task<WebhookEndpointResource> CreateWebhookEndpointAsync(
        CreateWebhookEndpointRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, "/v1/webhook-endpoints",
            Bytes(request, Wire.CreateWebhookEndpointRequest), Wire.EnvelopeWebhookEndpointResource,
            idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/webhook-endpoints</c>: all of them, the oldest first.</summary>
    public async Task<Page<WebhookEndpointResource>> ListWebhookEndpointsAsync(CancellationToken stop = default) =>
        await GetAsync("/v1/webhook-endpoints", Wire.PageWebhookEndpointResource, stop).ConfigureAwait(false);

    /// <summary><c>GET /v1/webhook-endpoints/{id}</c>: one of them.</summary>
    public async Task<WebhookEndpointResource> GetWebhookEndpointAsync(
        string endpointId, CancellationToken stop = default) =>
        (await GetAsync($"/v1/webhook-endpoints/{Part(endpointId)}", Wire.EnvelopeWebhookEndpointResource, stop)
            .ConfigureAwait(false)).Data;

    /// <summary><c>PATCH /v1/webhook-endpoints/{id}</c>: changes what is set in the request.</summary>
    public async Task<WebhookEndpointResource> UpdateWebhookEndpointAsync(
        string endpointId, UpdateWebhookEndpointRequest request, string? idempotencyKey = null,
        CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Patch, $"/v1/webhook-endpoints/{Part(endpointId)}",
            Bytes(request, Wire.UpdateWebhookEndpointRequest), Wire.EnvelopeWebhookEndpointResource,
            idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>DELETE /v1/webhook-endpoints/{id}</c>: nothing more is sent there.</summary>
    public async Task<RemovedWebhookEndpoint> RemoveWebhookEndpointAsync(
        string endpointId, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Delete, $"/v1/webhook-endpoints/{Part(endpointId)}", null,
            Wire.EnvelopeRemovedWebhookEndpoint, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary>
    /// <c>POST /v1/webhook-endpoints/{id}/rotate-secret</c>: a new secret; for a day the old one signs too.
    /// </summary>
    public async Task<WebhookEndpointResource> RotateWebhookSecretAsync(
        string endpointId, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/webhook-endpoints/{Part(endpointId)}/rotate-secret", null,
            Wire.EnvelopeWebhookEndpointResource, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>POST /v1/webhook-endpoints/{id}/ping</c>: sends a ping now and says what came of it.</summary>
    public async Task<WebhookPing> PingWebhookEndpointAsync(
        string endpointId, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/webhook-endpoints/{Part(endpointId)}/ping", null,
            Wire.EnvelopeWebhookPing, idempotencyKey, stop).ConfigureAwait(false)).Data;

    /// <summary><c>GET /v1/webhook-endpoints/{id}/deliveries</c>: the log of attempts, newest first.</summary>
    public async Task<Page<DeliveryResource>> ListDeliveriesAsync(
        string endpointId, string? outcome = null, int? limit = null, string? cursor = null,
        CancellationToken stop = default) =>
        await GetAsync(Query($"/v1/webhook-endpoints/{Part(endpointId)}/deliveries", ("outcome", outcome),
            ("limit", Text(limit)), ("cursor", cursor)), Wire.PageDeliveryResource, stop).ConfigureAwait(false);

    /// <summary><c>POST /v1/webhook-endpoints/{id}/replay</c>: sends events again.</summary>
    public async Task<ReplayResult> ReplayDeliveriesAsync(
        string endpointId, ReplayRequest request, string? idempotencyKey = null, CancellationToken stop = default) =>
        (await ChangeAsync(HttpMethod.Post, $"/v1/webhook-endpoints/{Part(endpointId)}/replay",
            Bytes(request, Wire.ReplayRequest), Wire.EnvelopeReplayResult, idempotencyKey, stop)
            .ConfigureAwait(false)).Data;
}
