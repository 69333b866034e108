using System.Diagnostics;
using System.Net;

namespace VoxPact.Bench;

/// <summary>
/// <c>fairness</c>: what an agent that sends far more than its limit does to the latency of another that does not.
/// </summary>
internal static class Fairness
{
    private const int Flooders = 16, CalmPerSecond = 50;

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var report = new Report("fairness", "store", "calm p50 ms", "calm p99 ms", "beside a flood p50", "p99", "p99 ratio",
            "flood answered 429/s", "target");
        foreach (var (store, admin) in options.Stores())
        {
            await using var database = await Database.CreateAsync(admin);
            await using var server = await ServerProcess.StartAsync(
                database.ConnectionString, options.Server, "--limitloopback", "true");
            var pairs = await Pair.RegisterAsync(server.Url, 2);
            await CalmAsync(server.Url, pairs[0], TimeSpan.FromSeconds(8));
            var (alone, beside) = (new List<List<long>>(), new List<List<long>>());
            var refused = new List<double>();
            for (int round = 0; round < options.Rounds; round++)
            {
                var duration = TimeSpan.FromSeconds(options.Seconds);
                alone.Add(await CalmAsync(server.Url, pairs[0], duration));
                using var stop = new CancellationTokenSource();
                var flood = FloodAsync(server.Url, pairs[1], stop.Token);
                beside.Add(await CalmAsync(server.Url, pairs[0], duration));
                await stop.CancelAsync();
                refused.Add(await flood / duration.TotalSeconds);
            }
            double Of(List<List<long>> rounds, double share) =>
                Rounds.Median(rounds.Select(stamps => Rounds.Percentile(stamps, share)));
            report.Add(store, Report.Number(Of(alone, 0.5), "F2"), Report.Number(Of(alone, 0.99), "F2"),
                Report.Number(Of(beside, 0.5), "F2"), Report.Number(Of(beside, 0.99), "F2"),
                Report.Number(Of(beside, 0.99) / Of(alone, 0.99), "F2"), Report.Number(Rounds.Median(refused), "F0"), "1.2");
        }
        return report;
    }

    /// <summary>A client within its limit: so many reads a second, each sent at its time.</summary>
    private static async Task<List<long>> CalmAsync(Uri server, Pair pair, TimeSpan duration)
    {
        using var link = new HttpLink(server);
        var stamps = new List<long>();
        long from = Stopwatch.GetTimestamp();
        for (int n = 0; Stopwatch.GetElapsedTime(from) < duration; n++)
        {
            var until = TimeSpan.FromSeconds((double)n / CalmPerSecond) - Stopwatch.GetElapsedTime(from);
            if (until > TimeSpan.Zero) await Task.Delay(until);
            long sent = Stopwatch.GetTimestamp();
            var (status, _) = await link.SendAsync(HttpLink.Get("/v1/agents/me", pair.BuyerKey));
            if (status != 200) throw new InvalidOperationException($"A client within its limit was answered {status}.");
            stamps.Add(Stopwatch.GetTimestamp() - sent);
        }
        return stamps;
    }

    private static async Task<long> FloodAsync(Uri server, Pair pair, CancellationToken stop)
    {
        long refused = 0;
        await Task.WhenAll(Enumerable.Range(0, Flooders).Select(async _ =>
        {
            using var link = new HttpLink(server, IPAddress.Parse("127.0.0.2"));
            while (!stop.IsCancellationRequested)
                if ((await link.SendAsync(HttpLink.Get("/v1/agents/me", pair.WorkerKey))).Status == 429)
                    Interlocked.Increment(ref refused);
        }));
        return refused;
    }
}
