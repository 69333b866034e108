using System.Diagnostics;

namespace VoxPact.Bench;

/// <summary>
/// <c>overload</c>: requests sent at five times the rate that the server can do, whether it answers or not: what of
/// them it still does, how it refuses the rest, and when it is itself again.
/// </summary>
internal static class Overload
{
    private const int Times = 5, Connections = 6_000;

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var report = new Report("overload", "store", "capacity/s", "offered/s", "done/s", "goodput", "refused 429/503",
            "without Retry-After", "unanswered", "recovered s", "target");
        foreach (var (store, admin) in options.Stores())
        {
            await using var database = await Database.CreateAsync(admin);
            await using var server = await ServerProcess.StartAsync(database.ConnectionString, options.Server);
            var pairs = await Pair.RegisterAsync(server.Url, 8);
            var load = new LifeLoad([server.Url], pairs);
            await load.RunAsync(64, TimeSpan.FromSeconds(10));
            var posts = new Posts(server.Url, pairs);
            double capacity = await posts.CapacityAsync(TimeSpan.FromSeconds(options.Seconds));
            var flood = await posts.FloodAsync(capacity * Times, Connections, TimeSpan.FromSeconds(options.Seconds * 2));
            double recovered = await posts.RecoveredAsync(capacity);
            report.Add(store, Report.Number(capacity, "F0"), Report.Number(flood.OfferedPerSecond, "F0"),
                Report.Number(flood.DonePerSecond, "F0"), Report.Number(flood.DonePerSecond / capacity, "F2"),
                flood.Refused, flood.Speechless, flood.Unanswered, Report.Number(recovered, "F1"), "0.8, 10 s");
        }
        return report;
    }
}

/// <summary>Posts of jobs, the heaviest single request, as many as are wanted.</summary>
internal sealed class Posts(Uri server, IReadOnlyList<Pair> pairs)
{
    public sealed record Flood(double OfferedPerSecond, double DonePerSecond, long Refused, long Speechless, long Unanswered);

    private static long s_key = Stopwatch.GetTimestamp();

    /// <summary>What it does for 64 clients that wait for each answer.</summary>
    public async Task<double> CapacityAsync(TimeSpan duration)
    {
        long from = Stopwatch.GetTimestamp(), done = 0;
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
        {
            using var link = new HttpLink(server);
            while (Stopwatch.GetElapsedTime(from) < duration)
                if ((await link.SendAsync(Request(i))).Status == 201) Interlocked.Increment(ref done);
        }));
        return done / Stopwatch.GetElapsedTime(from).TotalSeconds;
    }

    /// <summary>
    /// Sends at a rate, each connection in its turn; one that still waits for its answer when its turn comes sends
    /// nothing, and what it did not send counts as not offered.
    /// </summary>
    public async Task<Flood> FloodAsync(double perSecond, int connections, TimeSpan duration)
    {
        long from = Stopwatch.GetTimestamp(), sent = 0, done = 0, refused = 0, speechless = 0, broken = 0;
        double turn = connections / perSecond;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async i =>
        {
            using var link = new HttpLink(server);
            for (int n = 0; ; n++)
            {
                var until = TimeSpan.FromSeconds((n + (double)i / connections) * turn) - Stopwatch.GetElapsedTime(from);
                if (until > TimeSpan.Zero) await Task.Delay(until);
                if (Stopwatch.GetElapsedTime(from) > duration) return;
                Interlocked.Increment(ref sent);
                try
                {
                    var (status, _) = await link.SendAsync(Request(i));
                    if (status == 201) Interlocked.Increment(ref done);
                    else if (status is 429 or 503)
                    {
                        Interlocked.Increment(ref refused);
                        if (!link.HadRetryAfter) Interlocked.Increment(ref speechless);
                    }
                    else throw new InvalidOperationException($"A post was answered {status}.");
                }
                catch (IOException)
                {
                    Interlocked.Increment(ref broken);
                    return;
                }
            }
        }));
        double seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        return new Flood(sent / seconds, done / seconds, refused, speechless, broken);
    }

    /// <summary>How long until a second goes as it did before.</summary>
    public async Task<double> RecoveredAsync(double capacity)
    {
        long from = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(from).TotalSeconds < 60)
        {
            double at = Stopwatch.GetElapsedTime(from).TotalSeconds;
            if (await CapacityAsync(TimeSpan.FromSeconds(1)) >= capacity * 0.8) return at;
        }
        return double.PositiveInfinity;
    }

    private ReadOnlyMemory<byte> Request(int i)
    {
        var pair = pairs[i % pairs.Count];
        return HttpLink.Post("/v1/jobs", pair.BuyerKey, $"flood-{Interlocked.Increment(ref s_key):x}",
            "{\"worker_agent_id\":\"" + pair.WorkerId + "\",\"title\":\"Summarise this document\","
            + "\"description\":\"Summarise the document on the quarterly results in one sentence.\",\"amount\":0.10}");
    }
}
