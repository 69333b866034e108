using System.Runtime.CompilerServices;
using Stripe;

namespace VoxPact.Server.Payments;

/// <summary>
/// The one way to Stripe: Stripe itself, or the simulator at another base address. Retries are never made
/// here, because only the operation's row knows whether the same key may be sent again. Calls that move money
/// answer with a
/// <see cref="ProviderOutcome"/>; all others throw <see cref="PaymentProviderUnavailable"/>. Thread-safe.
/// </summary>
internal sealed partial class StripeGateway : IDisposable
{
    /// <param name="SecretKey"><c>sk_…</c></param>
    /// <param name="ApiBase">Without a slash at the end; Stripe's own when null.</param>
    internal sealed record Options(string SecretKey, string? ApiBase)
    {
        /// <summary>How long one call may take. Leases of payment work must be longer.</summary>
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

        /// <summary>What stands between this and the network; null but in crash tests.</summary>
        public Func<HttpMessageHandler, HttpMessageHandler>? Around { get; init; }
    }

    private const long PageSize = 100;

    private readonly HttpClient _http;
    private readonly V1Services _stripe;

    public StripeGateway(Options options)
    {
        // Connections are renewed, so that a moved name is noticed by a process that runs for months.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _http = new HttpClient(options.Around?.Invoke(handler) ?? handler) { Timeout = options.Timeout };
        var product = new AppInfo { Name = "VoxPact" };
        _stripe = new StripeClient(new StripeClientOptions
        {
            ApiKey = options.SecretKey,
            ApiBase = options.ApiBase,
            HttpClient = new SystemNetHttpClient(
                _http, maxNetworkRetries: 0, product, enableTelemetry: false),
        }).V1;
    }

    public void Dispose() => _http.Dispose();

    private static RequestOptions Once(string key) => new() { IdempotencyKey = key };

    /// <summary>For what moves money. Throws only when <paramref name="stop"/> asked for it.</summary>
    private static async Task<ProviderOutcome> MoveAsync<T>(
        Func<Task<T>> call, Func<T, ProviderOutcome> read, CancellationToken stop)
    {
        try
        {
            return read(await call());
        }
        catch (Exception e) when (!IsStop(e, stop))
        {
            return StripeFailure.Classify(e);
        }
    }

    /// <summary>For what moves none.</summary>
    private static async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken stop)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (!IsStop(e, stop))
        {
            throw StripeFailure.Wrap(e);
        }
    }

    /// <summary>For reads by id: null when there is no such object.</summary>
    private static async Task<T?> FindAsync<T>(Func<Task<T>> call, CancellationToken stop) where T : class
    {
        try
        {
            return await AskAsync(call, stop);
        }
        catch (PaymentProviderUnavailable e)
            when (e.InnerException is StripeException missing && StripeFailure.IsMissing(missing))
        {
            return null;
        }
    }

    /// <summary>For lists: every page, one at a time.</summary>
    private static async IAsyncEnumerable<T> AllAsync<T>(
        IAsyncEnumerable<T> pages, [EnumeratorCancellation] CancellationToken stop)
    {
        await using IAsyncEnumerator<T> items = pages.GetAsyncEnumerator(stop);
        while (await AskAsync(() => items.MoveNextAsync().AsTask(), stop)) yield return items.Current;
    }

    private static bool IsStop(Exception e, CancellationToken stop) =>
        e is OperationCanceledException && stop.IsCancellationRequested;

    private static Dictionary<string, string> Copy(IReadOnlyDictionary<string, string> metadata) =>
        new(metadata);

    // Stripe.net gives times of kind UTC or unspecified, and means UTC by both.
    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
