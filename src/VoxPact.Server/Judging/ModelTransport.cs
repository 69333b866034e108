using System.Net;
using System.Text;
using Polly;
using Polly.Retry;

namespace VoxPact.Server.Judging;

/// <summary>
/// The HTTP below every model client: the same bounded retries for all vendors, answers of bounded size, no
/// redirects. Everything that still fails is the panel's outage.
/// </summary>
internal sealed class ModelTransport : DelegatingHandler
{
    private const int AnswerBytes = 4 * 1024 * 1024;
    private const int FaultChars = 500;

    /// <summary>Anthropic's word for an overload, which has no name in HTTP.</summary>
    public const HttpStatusCode Overloaded = (HttpStatusCode)529;

    /// <summary>A longer wait than this is not worth a place: the job is put off instead.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    private ModelTransport(int retries, TimeProvider time) : base(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (retries > 0)
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(500),
                MaxDelay = LongestWait,
                UseJitter = true,
                ShouldHandle = static tried => ValueTask.FromResult(IsWorthARetry(tried.Outcome)),
                DelayGenerator = static tried => ValueTask.FromResult(Asked(tried.Outcome.Result)),
            });
        _pipeline = builder.Build();
    }

    /// <summary>Without a timeout of its own: the panel's bounds the whole opinion.</summary>
    public static HttpClient Open(int retries, TimeProvider time) => new(new ModelTransport(retries, time))
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = AnswerBytes,
    };

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // What is sent twice must not be read only once.
        if (request.Content is { } content) await content.LoadIntoBufferAsync(cancellationToken);
        var response = await _pipeline.ExecuteAsync(
            async stop => await base.SendAsync(request, stop), cancellationToken);
        await response.Content.LoadIntoBufferAsync(AnswerBytes, cancellationToken);
        return response.IsSuccessStatusCode ? response : throw await FaultAsync(request, response, cancellationToken);
    }

    /// <summary>
    /// Not every vendor's library says which status it met, so it is said here for all. The provider's own words are
    /// for the log alone, where the key that they may quote does not belong either.
    /// </summary>
    private static async Task<HttpRequestException> FaultAsync(
        HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancel)
    {
        using (response)
        {
            byte[] said = await response.Content.ReadAsByteArrayAsync(cancel);
            string text = Encoding.UTF8.GetString(said);
            foreach (string key in Keys(request)) text = text.Replace(key, "(the key)", StringComparison.Ordinal);
            if (text.Length > FaultChars) text = text[..FaultChars];
            return new HttpRequestException(
                $"The provider answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
        }
    }

    private static IEnumerable<string> Keys(HttpRequestMessage request)
    {
        if (request.Headers.Authorization?.Parameter is { Length: > 0 } key) yield return key;
        if (!request.Headers.TryGetValues("x-api-key", out var keys)) yield break;
        foreach (string one in keys.Where(one => one.Length > 0)) yield return one;
    }

    private static bool IsWorthARetry(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException } => true,
        { Result: { } response } => IsTransient(response) && !(Asked(response) > LongestWait),
        _ => false,
    };

    private static bool IsTransient(HttpResponseMessage response) => response.StatusCode is
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        or Overloaded;

    /// <summary>The wait that the provider asks for, or null.</summary>
    private static TimeSpan? Asked(HttpResponseMessage? response) => response?.Headers.RetryAfter?.Delta;
}
