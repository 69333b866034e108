using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VoxPact.Client;
using Xunit;

namespace VoxPact.Server.Tests.Harness;

/// <summary>An event as it arrived: what it says and whether its signature was right.</summary>
internal sealed record ReceivedEvent(string Id, string Type, int Sequence, JsonElement Data, Lazy<bool> Signed, string Raw)
{
    public bool IsSigned => Signed.Value;
    public string? JobId => Data.TryGetProperty("job_id", out var id) ? id.GetString() : null;
}

/// <summary>
/// An agent's webhook endpoint on loopback. Give it the secret that registration showed; it checks every signature
/// and hands the events over in the order in which they came.
/// </summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly Channel<ReceivedEvent> _arrivals = Channel.CreateUnbounded<ReceivedEvent>();
    private readonly ConcurrentQueue<ReceivedEvent> _all = new();
    private int _attempts;

    private WebhookListener(WebApplication app, string address)
    {
        _app = app;
        Url = address + "/hook";
        app.MapPost("/hook", (RequestDelegate)TakeAsync);
    }

    public string Url { get; }

    /// <summary>Whose signatures to expect.</summary>
    public string? Secret { get; set; }

    /// <summary>
    /// How to answer; 204 unless told otherwise. What is not answered 2xx does not count as received.
    /// </summary>
    public Func<ReceivedEvent, Task<int>> Respond { get; set; } = _ => Task.FromResult(204);

    /// <summary>How often something was sent here, whatever was answered.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Everything that was received, in order.</summary>
    public IReadOnlyList<ReceivedEvent> All => [.. _all];

    public static async Task<WebhookListener> StartAsync()
    {
        string address = $"http://127.0.0.1:{Ports.Next()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address);
        builder.Logging.ClearProviders();
        var listener = new WebhookListener(builder.Build(), address);
        await listener._app.StartAsync();
        return listener;
    }

    /// <summary>The next event of a type, passing over others; fails when none comes.</summary>
    public async Task<ReceivedEvent> NextAsync(string type)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            while (true)
            {
                var arrived = await _arrivals.Reader.ReadAsync(patience.Token);
                if (arrived.Type == type) return arrived;
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            string came = string.Join(", ", _all.Select(one => one.Type));
            throw new TimeoutException($"No {type} came within {s_patience.TotalSeconds} s; what came: {came}");
        }
    }

    /// <summary>The types of a job's events so far, in the order in which they came.</summary>
    public IEnumerable<string> TypesOf(string job) => _all.Where(one => one.JobId == job).Select(one => one.Type);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        Interlocked.Increment(ref _attempts);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var headers = http.Request.Headers;
        byte[] bytes = body.ToArray();
        var (id, sent, signature, arrivedAt) = (headers[WebhookSignature.IdHeader].ToString(),
            headers[WebhookSignature.TimestampHeader].ToString(), headers[WebhookSignature.SignatureHeader].ToString(),
            TimeProvider.System.GetUtcNow());
        // The first events may come before the test has handed over the secret of the registration's answer.
        var isSigned = new Lazy<bool>(() => Secret is { } secret
            && WebhookSignature.Verify(secret, id, sent, signature, bytes, arrivedAt));
        if (Secret is not null) _ = isSigned.Value;
        var json = JsonElement.Parse(bytes);
        var arrived = new ReceivedEvent(json.GetProperty("id").GetString()!, json.GetProperty("type").GetString()!,
            json.GetProperty("sequence").GetInt32(), json.GetProperty("data"), isSigned,
            System.Text.Encoding.UTF8.GetString(bytes));
        int status = await Respond(arrived);
        http.Response.StatusCode = status;
        if (status is < 200 or > 299) return;
        _all.Enqueue(arrived);
        _arrivals.Writer.TryWrite(arrived);
    }
}
