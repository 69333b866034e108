using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.StripeSimulator;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace VoxPact.Server;

/// <summary>
/// What exists only in sandbox mode: the Stripe simulator on a socket and a file of its own, reachable for people
/// under <c>/sandbox/stripe</c>. No money in it is real.
/// </summary>
internal sealed class Sandbox(StripeSimulatorHost? host, ServerOptions options) : IAsyncDisposable
{
    public const string Path = "/sandbox/stripe";

    private readonly HttpClient _control = new();

    /// <summary>Where the server itself reaches the simulator.</summary>
    public string Url { get; } = (host?.Url ?? options.StripeApiBase!).TrimEnd('/');

    public static async Task<Sandbox?> StartSimulatorAsync(
        ServerOptions options, BusinessClock clock, CancellationToken cancellation)
    {
        if (options.EffectiveMode is not Mode.Sandbox) return null;
        if (!string.IsNullOrEmpty(options.StripeApiBase)) return new Sandbox(null, options);
        var host = await StripeSimulatorHost.StartAsync(new SimulatorOptions
        {
            DatabasePath = System.IO.Path.Combine(options.Data, "stripe-simulator.db"),
            PublicUrl = options.PublicUrl + Path,
            WebhookUrl = LocalUrl(options.Urls) + "/webhooks/stripe",
            WebhookSecret = options.StripeWebhookSecret!,
            SecretKey = options.StripeSecretKey!,
            PublishableKey = options.StripePublishableKey!,
        }, cancellation);
        await File.WriteAllTextAsync(FileOf(options.Data), host.Url, cancellation);
        return new Sandbox(host, options);
    }

    /// <summary>Where the simulator of a data folder last ran; null when it never did.</summary>
    public static string? LastUrl(string data) => File.Exists(FileOf(data)) ? File.ReadAllText(FileOf(data)) : null;

    private static string FileOf(string data) => System.IO.Path.Combine(data, "stripe-simulator.url");

    /// <summary>Keys and secrets that only the simulator knows; the same at every start of a data folder.</summary>
    public static ServerOptions Complete(ServerOptions options) => options with
    {
        PublicUrl = (options.PublicUrl ?? LocalUrl(options.Urls)).TrimEnd('/'),
        StripeSecretKey = Or(options.StripeSecretKey, "sk_test_sandbox"),
        StripePublishableKey = Or(options.StripePublishableKey, "pk_test_sandbox"),
        StripeWebhookSecret = Or(options.StripeWebhookSecret, "whsec_sandbox"),
    };

    /// <summary>
    /// Port 0 becomes a free port now: the simulator's pages must know the address before anything listens.
    /// </summary>
    public static string FixPort(string urls)
    {
        if (!urls.EndsWith(":0", StringComparison.Ordinal)) return urls;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return urls[..^1] + ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Moves the simulator's time along with business time.</summary>
    public async Task AdvanceAsync(long seconds, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Url}/_control/clock")
        {
            Content = new StringContent($"{{\"advance_seconds\":{seconds}}}", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.StripeSecretKey);
        using var answer = await _control.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    public void Forward(IServiceCollection services) => services.AddHttpForwarder();

    /// <summary>
    /// Its pages and API for everybody who reaches the server; its levers (time, faults) for this machine only.
    /// </summary>
    public void Map(WebApplication app)
    {
        app.Use((http, next) => http.Request.Path.StartsWithSegments(Path + "/_control")
            && http.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address)
            ? Http.Problems.WriteAsync(http, Refusal.NotFound)
            : next(http));
        app.MapForwarder(Path + "/{**rest}", Url, transform => transform.AddPathRemovePrefix(Path))
            .ExcludeFromDescription();
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        if (host is not null) await host.DisposeAsync();
    }

    private static string Or(string? given, string otherwise) => string.IsNullOrEmpty(given) ? otherwise : given;

    internal static string LocalUrl(string urls) => urls.Split(';')[0]
        .Replace("0.0.0.0", "127.0.0.1").Replace("[::]", "127.0.0.1").Replace("*", "127.0.0.1")
        .Replace("+", "127.0.0.1").TrimEnd('/');
}
