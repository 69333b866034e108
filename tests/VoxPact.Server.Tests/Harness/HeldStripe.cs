using System.Collections.Concurrent;
using VoxPact.StripeSimulator;

namespace VoxPact.Server.Tests.Harness;

/// <summary>
/// A server whose Stripe the test holds in its hand: requests can be kept waiting, and every one is remembered in
/// order. Everything else is as in <see cref="TestServer"/>.
/// </summary>
internal sealed class HeldStripe : IAsyncDisposable
{
    private readonly ConcurrentQueue<(RequestStage Stage, string Path)> _seen = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("voxpact-stripe-").FullName;
    private StripeSimulatorHost? _host;
    private volatile Hold? _hold;

    private HeldStripe()
    {
    }

    /// <summary>Requests for paths that contain some text wait, from now until <see cref="Release"/>.</summary>
    public sealed class Hold(string path)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when the first request waits.</summary>
        public Task Reached => _reached.Task;

        public void Release() => _released.TrySetResult();

        public Task PassAsync(string requested)
        {
            if (!requested.Contains(path, StringComparison.Ordinal)) return Task.CompletedTask;
            _reached.TrySetResult();
            return _released.Task;
        }
    }

    /// <summary>Every request so far: admitted, then committed.</summary>
    public IReadOnlyList<(RequestStage Stage, string Path)> Seen => [.. _seen];

    public static async Task<(HeldStripe Stripe, TestServer Server)> StartAsync(
        string database, Func<ServerOptions, ServerOptions>? change = null)
    {
        var stripe = new HeldStripe();
        string url = $"http://127.0.0.1:{Ports.Next()}";
        stripe._host = await StripeSimulatorHost.StartAsync(new SimulatorOptions
        {
            DatabasePath = Path.Combine(stripe._folder, "stripe.db"),
            PublicUrl = url + "/sandbox/stripe",
            WebhookUrl = url + "/webhooks/stripe",
            WebhookSecret = "whsec_sandbox",
            SecretKey = "sk_test_sandbox",
            PublishableKey = "pk_test_sandbox",
            AtStage = stripe.PassAsync,
        });
        var server = await TestServer.StartAsync(database, options =>
        {
            options = options with { Urls = url, StripeApiBase = stripe._host.Url };
            return change?.Invoke(options) ?? options;
        });
        return (stripe, server);
    }

    public Hold HoldBack(string path) => _hold = new Hold(path);

    /// <summary>Stripe is gone: nothing listens there any more.</summary>
    public async Task StopAsync() => await _host!.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        _hold?.Release();
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Task PassAsync(RequestStage stage, string path)
    {
        _seen.Enqueue((stage, path));
        return stage is RequestStage.Admitted && _hold is { } hold ? hold.PassAsync(path) : Task.CompletedTask;
    }
}
