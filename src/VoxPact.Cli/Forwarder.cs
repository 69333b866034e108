using System.Net.Http.Headers;
using System.Text.Json;
using VoxPact.Client;

namespace VoxPact.Cli;

/// <summary>
/// Posts events to a receiver, signed, and says what came of each. What it refuses, or cannot take because it is
/// down, is tried again a few times; the later events of that job wait behind it meanwhile, as they do at the server,
/// and those of other jobs go on.
/// </summary>
internal sealed class Forwarder(HttpClient http, string url, string secret, TextWriter output, TimeProvider time)
{
    /// <summary>How long the receiver has to answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>So many may wait; then the stream does.</summary>
    private const int HeldMax = 1_000;

    private static readonly TimeSpan[] s_waits =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8)];

    private readonly Dictionary<string, Queue<WebhookEvent>> _held = [];
    private readonly SemaphoreSlim _room = new(HeldMax);
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    /// <summary>Comes back when the event was taken, or waits for another attempt or behind one that does.</summary>
    public async Task ForwardAsync(WebhookEvent told, CancellationToken stop)
    {
        string job = JobOf(told);
        await _room.WaitAsync(stop);
        lock (_held)
        {
            if (_held.TryGetValue(job, out var waiting))
            {
                waiting.Enqueue(told);
                return;
            }
        }
        if (await TryAsync(told, 0, stop))
        {
            _room.Release();
            return;
        }
        lock (_held) _held[job] = new Queue<WebhookEvent>();
        _ = RetryAsync(job, told, stop);
    }

    /// <summary>Tries what was refused until it is taken or given up, then what waits behind it, and so on.</summary>
    private async Task RetryAsync(string job, WebhookEvent told, CancellationToken stop)
    {
        try
        {
            bool isTaken = false;
            while (true)
            {
                for (int tried = 1; !isTaken && tried <= s_waits.Length; tried++)
                {
                    await Task.Delay(s_waits[tried - 1], time, stop);
                    isTaken = await TryAsync(told, tried, stop);
                }
                _room.Release();
                lock (_held)
                {
                    if (!_held[job].TryDequeue(out told!))
                    {
                        _held.Remove(job);
                        return;
                    }
                }
                isTaken = await TryAsync(told, 0, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The command ends; what was not taken stands in GET /v1/events.
        }
    }

    /// <param name="told">What to post.</param>
    /// <param name="tried">How often it was tried before.</param>
    /// <param name="stop">Ends the command.</param>
    private async Task<bool> TryAsync(WebhookEvent told, int tried, CancellationToken stop)
    {
        var (isTaken, answer) = await PostAsync(told, stop);
        string after = isTaken ? ""
            : tried < s_waits.Length ? $"; again in {s_waits[tried].TotalSeconds:0} s"
            : $"; given up after {tried + 1} attempts, it can be read at /v1/events";
        await _output.WriteLineAsync($"{told.Type} {told.Id} -> {answer}{after}");
        return isTaken;
    }

    private async Task<(bool IsTaken, string Answer)> PostAsync(WebhookEvent told, CancellationToken stop)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(told, VoxPactJson.Wire.WebhookEvent);
        var now = TimeProvider.System.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.IdHeader, told.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, $"{now.ToUnixTimeSeconds()}");
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(secret, told.Id, now, body));
        try
        {
            using var answer = await http.SendAsync(request, stop);
            return (answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}");
        }
        catch (HttpRequestException unreachable)
        {
            return (false, unreachable.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (false, $"no answer within {Patience.TotalSeconds:0} seconds");
        }
    }

    /// <summary>What an event waits behind: its job's earlier ones, or those about the agent itself.</summary>
    private static string JobOf(WebhookEvent told) =>
        told.Data.TryGetProperty("job_id", out var job) ? job.GetString() ?? "" : "";
}
