using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using VoxPact.StripeSimulator.Misbehaviour;
using VoxPact.StripeSimulator.Storage;

namespace VoxPact.StripeSimulator.Events;

/// <summary>
/// Sends each stored event to the webhook until it is answered with 2xx or has been tried too often.
/// Order is not promised, as it is not at Stripe.
/// </summary>
internal sealed class Delivery : IAsyncDisposable
{
    private const int MaxAttempts = 20;
    private const int MaxParallel = 8;
    private const long FirstRetryMs = 200;
    private const long LongestRetryMs = 60_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(30);

    private readonly Store _store;
    private readonly FaultDice _dice;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<string> _inFlight = new(StringComparer.Ordinal);
    private Target? _target;
    private Task _loop = Task.CompletedTask;

    public Delivery(Store store, FaultDice dice, SimulatorOptions options)
    {
        _store = store;
        _dice = dice;
        _time = options.Time;
        _http.Timeout = Timeout;
        _target = options.WebhookUrl is { } url ? new Target(url, options.WebhookSecret) : null;
    }

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Looks again for something to send.</summary>
    public void Ring() => _bell.Writer.TryWrite(true);

    /// <summary>Sends everything still waiting to a new place, at once; null stops sending.</summary>
    public async Task PointAsync(string? url, string secret, CancellationToken stop)
    {
        Volatile.Write(ref _target, url is null ? null : new Target(url, secret));
        await _store.KeepAsync(db => db.HurryAll(), stop);
        Ring();
    }

    /// <summary>Sends one event again, delivered or given up; false if there is no such event.</summary>
    public async Task<bool> ResendAsync(string id, CancellationToken stop)
    {
        var found = await _store.KeepAsync(db => db.SendAgain(id), stop);
        Ring();
        return found > 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var sending = new List<Task>();
        try
        {
            while (true)
            {
                sending.RemoveAll(task => task.IsCompleted);
                var idle = await DispatchAsync(sending);
                using var alarm = new CancellationTokenSource(idle, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, _stop.Token);
                try
                {
                    await _bell.Reader.ReadAsync(either.Token);
                }
                catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
                {
                    // The alarm: a retry is due.
                }
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sending);
        }
    }

    /// <summary>Starts what is due and answers how long there is nothing else to do.</summary>
    private async Task<TimeSpan> DispatchAsync(List<Task> sending)
    {
        if (Volatile.Read(ref _target) is not { } target)
            return LongestIdle;
        var waiting = await _store.KeepAsync(db => db.Waiting(2L * MaxParallel), _stop.Token);
        var now = _store.WallMs;
        foreach (var item in waiting)
        {
            if (item.NextMs > now)
                return TimeSpan.FromMilliseconds(Math.Min(item.NextMs - now, LongestIdle.TotalMilliseconds));
            if (TryEnter(item.Id))
                sending.Add(SendAsync(item, target));
        }
        return LongestIdle;
    }

    private bool TryEnter(string id)
    {
        lock (_lock)
            return _inFlight.Count < MaxParallel && _inFlight.Add(id);
    }

    private async Task SendAsync(WaitingEvent item, Target target)
    {
        // Frees the loop before the first await on the network.
        await Task.Yield();
        var isStored = false;
        try
        {
            var delivered = await PostAsync(item.Id, target);
            if (delivered && _dice.Rolls(PlannedFault.EventDuplicate))
                await PostAsync(item.Id, target);
            var attempts = item.Attempts + 1;
            var state = delivered ? "done" : attempts >= MaxAttempts ? "failed" : "pending";
            var pause = Math.Min(FirstRetryMs << Math.Min(item.Attempts, 20), LongestRetryMs);
            await _store.KeepAsync(
                db => db.KeepAttempt(item.Id, state, attempts, _store.WallMs + pause), _stop.Token);
            isStored = true;
        }
        catch (OperationCanceledException)
        {
            // Stopping: the event stays pending and is sent after the next start.
        }
        finally
        {
            lock (_lock)
                _inFlight.Remove(item.Id);
            // Only if the outcome is stored: a failing disk must not make this a busy loop.
            if (isStored)
                Ring();
        }
    }

    private async Task<bool> PostAsync(string id, Target target)
    {
        var body = await _store.KeepAsync(db => db.EventBody(id), _stop.Token);
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url);
        request.Content = new ByteArrayContent(bytes);
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        request.Headers.UserAgent.ParseAdd("Stripe/1.0 (+https://stripe.com/docs/webhooks)");
        request.Headers.TryAddWithoutValidation(
            "Stripe-Signature", Sign(target.Secret, _time.GetUtcNow().ToUnixTimeSeconds(), bytes));
        try
        {
            using var response = await _http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception lost) when (lost is HttpRequestException or TaskCanceledException
            && !_stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// Stripe's scheme: HMAC-SHA256 over the wall-clock second, a dot, and the exact bytes sent.
    /// </summary>
    internal static string Sign(string secret, long seconds, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{seconds}."), .. body];
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        return $"t={seconds},v1={Convert.ToHexStringLower(mac)}";
    }

    private sealed record Target(string Url, string Secret);

}
