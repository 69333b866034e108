using System.Diagnostics;

namespace VoxPact.Bench;

/// <summary><c>soak</c>: whole lives on and on; throughput, latency and memory of each tenth of the time.</summary>
internal static class Soak
{
    private const int Parts = 10;

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var report = new Report("soak", "store", "minute", "lives/s", "p99 ms", "resident MB", "requests so far");
        foreach (var (store, admin) in options.Stores())
        {
            await using var database = await Database.CreateAsync(admin);
            await using var server = await ServerProcess.StartAsync(database.ConnectionString, options.Server);
            var load = new LifeLoad([server.Url], await Pair.RegisterAsync(server.Url, 8));
            long requests = 0, from = Stopwatch.GetTimestamp();
            for (int part = 0; part < Parts; part++)
            {
                var stretch = await load.RunAsync(64, TimeSpan.FromMinutes((double)options.Minutes / Parts));
                requests += stretch.Lives * 4;
                report.Add(store, Report.Number(Stopwatch.GetElapsedTime(from).TotalMinutes, "F1"),
                    Report.Number(stretch.LivesPerSecond, "F0"), Report.Number(stretch.P99Ms, "F2"),
                    server.Usage.Resident / 1_000_000, requests);
            }
        }
        return report;
    }
}
