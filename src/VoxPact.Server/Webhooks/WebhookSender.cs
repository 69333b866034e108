using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using VoxPact.Client;
using VoxPact.Domain;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// Makes one attempt to deliver one event: signed as Standard Webhooks has it, to an address the guard
/// allows, with no redirects, proxy, cookies or decompression, and no more time, bytes or connections than
/// the options grant. Thread-safe; one per process.
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    internal sealed record Options
    {
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
        public int AnswerKilobytesMax { get; init; } = 16;
        public int InFlightPerEndpoint { get; init; } = 5;

        /// <summary>
        /// How long a delivery waits for a place before it is <see cref="DeliveryOutcome.Busy"/>.
        /// </summary>
        public TimeSpan PlaceWait { get; init; } = TimeSpan.FromSeconds(1);
    }

    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromDays(1);
    private static readonly ProductInfoHeaderValue Agent =
        new("VoxPact", typeof(WebhookSender).Assembly.GetName().Version!.ToString(3));

    private readonly AddressGuard _guard;
    private readonly TimeProvider _realTime;
    private readonly Options _options;
    private readonly EndpointGates _gates;
    private readonly HttpMessageInvoker _http;

    /// <param name="guard">Judges every URL and every dialled address.</param>
    /// <param name="realTime">Stands in the signature: receivers compare it with their own clocks.</param>
    /// <param name="options">Limits; the defaults are those that the API documents.</param>
    public WebhookSender(AddressGuard guard, TimeProvider realTime, Options? options = null)
    {
        _guard = guard;
        _realTime = realTime;
        _options = options ?? new Options();
        _gates = new EndpointGates(_options.InFlightPerEndpoint);
        _http = new HttpMessageInvoker(Handler(guard, _options));
    }

    /// <summary>Endpoints with a delivery in flight or waiting, for telemetry.</summary>
    public int EndpointsInFlight => _gates.Count;

    /// <param name="endpoint">Whose places it takes: two agents with the same address do not share them.</param>
    /// <param name="url">Where to.</param>
    /// <param name="secrets">One signature for each.</param>
    /// <param name="id">The event's.</param>
    /// <param name="body">As it is sent.</param>
    /// <param name="stop">Breaks it off.</param>
    /// <exception cref="OperationCanceledException">Only when <paramref name="stop"/> asked for
    /// it.</exception>
    public async Task<DeliveryOutcome> SendAsync(
        Guid endpoint, string url, IReadOnlyList<string> secrets, string id, ReadOnlyMemory<byte> body,
        CancellationToken stop)
    {
        if (_guard.Check(url) is { } refusal) return new DeliveryOutcome.Failed(refusal.Sentence);
        using IDisposable? place = await _gates.EnterAsync(endpoint, _options.PlaceWait, stop);
        if (place is null) return new DeliveryOutcome.Busy();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(_options.Timeout);
        try
        {
            using HttpRequestMessage request = Sign(url, secrets, id, body);
            // Disposing the answer unread lets the handler drain a little of it and cut the connection
            // otherwise.
            using HttpResponseMessage answer = await _http.SendAsync(request, deadline.Token);
            return Judge(answer);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new DeliveryOutcome.Failed(
                $"The endpoint did not answer within {_options.Timeout.TotalSeconds:0.###} seconds.");
        }
        catch (HttpRequestException e)
        {
            return new DeliveryOutcome.Failed(Explain(e));
        }
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Handler(AddressGuard guard, Options options) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectCallback = guard.ConnectAsync,
        ConnectTimeout = options.Timeout,
        MaxResponseHeadersLength = options.AnswerKilobytesMax,
        MaxResponseDrainSize = options.AnswerKilobytesMax * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        // A moved name is noticed: connections are dialled, resolved and judged anew after two minutes.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    };

    private HttpRequestMessage Sign(
        string url, IReadOnlyList<string> secrets, string id, ReadOnlyMemory<byte> body)
    {
        DateTimeOffset now = _realTime.GetUtcNow();
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.UserAgent.Add(Agent);
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimestampHeader, $"{now.ToUnixTimeSeconds()}");
        request.Headers.Add(
            WebhookSignature.SignatureHeader, WebhookSignature.Sign(secrets, id, now, body.Span));
        return request;
    }

    private DeliveryOutcome Judge(HttpResponseMessage answer)
    {
        int status = (int)answer.StatusCode;
        if (answer.IsSuccessStatusCode) return new DeliveryOutcome.Delivered(status);
        return answer.StatusCode switch
        {
            HttpStatusCode.Gone => new DeliveryOutcome.Gone(),
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable =>
                new DeliveryOutcome.Failed($"The endpoint answered {status}.", status, RetryAfter(answer)),
            >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => new DeliveryOutcome.Failed(
                $"The endpoint answered {status}; redirects are not followed, so give the final URL.",
                status),
            _ => new DeliveryOutcome.Failed($"The endpoint answered {status}.", status),
        };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        TimeSpan? wait = answer.Headers.RetryAfter?.Delta
            ?? answer.Headers.RetryAfter?.Date - _realTime.GetUtcNow();
        if (wait is null || wait < TimeSpan.Zero) return null;
        return wait > RetryAfterMax ? RetryAfterMax : wait;
    }

    private static string Explain(HttpRequestException e) => e switch
    {
        { InnerException: AddressRefusedException } =>
            "The host of webhook_url has an address that is not on the public Internet; point it elsewhere.",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound } } =>
            "The host of webhook_url does not resolve; check its DNS records.",
        { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            "The TLS handshake with the endpoint failed; check that its certificate is valid for the host.",
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            "The endpoint's answer has too many header bytes; answer with a plain 2xx.",
        { HttpRequestError: HttpRequestError.ConnectionError } =>
            "The endpoint could not be reached; check that it is running and reachable from outside.",
        _ => "The connection broke before the endpoint answered; check that it speaks HTTP/1.1 on this port.",
    };
}
