using System.Diagnostics;
using System.Text;

namespace VoxPact.Bench;

/// <summary>What one measured stretch came to.</summary>
internal sealed record Stretch(double LivesPerSecond, double P50Ms, double P99Ms, long Lives);

/// <summary>
/// Whole life cycles over HTTP on a number of connections: each posts, accepts, submits, and approves a job that was
/// submitted a few cycles before, so that the judges' verdict is in by then. Nobody waits or polls.
/// </summary>
internal sealed class LifeLoad(IReadOnlyList<Uri> servers, IReadOnlyList<Pair> pairs)
{
    private const int CyclesBehind = 4;
    private const string Deliverable =
        "{\"deliverable\":\"Summary: The document discusses the quarterly results and finds revenue up 12 percent.\"}";

    private static long s_key = Stopwatch.GetTimestamp();

    public async Task<Stretch> RunAsync(int connections, TimeSpan duration)
    {
        var latencies = new List<long>[connections];
        long lives = 0;
        long from = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async i =>
        {
            latencies[i] = new List<long>(4096);
            long done = await ConnectionAsync(
                servers[i % servers.Count], pairs[i % pairs.Count], latencies[i], from, duration);
            Interlocked.Add(ref lives, done);
        }));
        double seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        long[] all = [.. latencies.SelectMany(list => list)];
        Array.Sort(all);
        double at(double share) => all[(int)((all.Length - 1) * share)] * 1000.0 / Stopwatch.Frequency;
        return new Stretch(lives / seconds, at(0.50), at(0.99), lives);
    }

    private async Task<long> ConnectionAsync(Uri server, Pair pair, List<long> latencies, long from, TimeSpan duration)
    {
        using var link = new HttpLink(server);
        var submitted = new Queue<string>();
        string post = "{\"worker_agent_id\":\"" + pair.WorkerId + "\",\"title\":\"Summarise this document\","
            + "\"description\":\"Summarise the document on the quarterly results in one sentence.\",\"amount\":0.10,"
            + "\"deadline_hours\":24,\"release\":\"approval\"}";
        long lives = 0;
        while (Stopwatch.GetElapsedTime(from) < duration)
        {
            string job = JobId((await StepAsync(link, "/v1/jobs", pair.BuyerKey, post, 201, latencies)).Span);
            await StepAsync(link, $"/v1/jobs/{job}/accept", pair.WorkerKey, "{}", 200, latencies);
            await StepAsync(link, $"/v1/jobs/{job}/submit", pair.WorkerKey, Deliverable, 200, latencies);
            submitted.Enqueue(job);
            if (submitted.Count <= CyclesBehind) continue;
            await StepAsync(link, $"/v1/jobs/{submitted.Dequeue()}/approve", pair.BuyerKey, "{}", 200, latencies);
            lives++;
        }
        while (submitted.TryDequeue(out string? job))
            await StepAsync(link, $"/v1/jobs/{job}/approve", pair.BuyerKey, "{}", 200, []);
        return lives;
    }

    private static async ValueTask<ReadOnlyMemory<byte>> StepAsync(
        HttpLink link, string path, string key, string json, int expected, List<long> latencies)
    {
        long sent = Stopwatch.GetTimestamp();
        var (status, body) = await link.SendAsync(HttpLink.Post(path, key, $"bench-{Interlocked.Increment(ref s_key):x}", json));
        latencies.Add(Stopwatch.GetTimestamp() - sent);
        if (status != expected)
            throw new InvalidOperationException($"{path} was answered {status}: {Encoding.UTF8.GetString(body.Span)}");
        return body;
    }

    private static string JobId(ReadOnlySpan<byte> body)
    {
        int at = body.IndexOf("\"id\":\"job_"u8);
        return Encoding.ASCII.GetString(body.Slice(at + 6, 30));
    }
}
