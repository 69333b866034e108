using System.Diagnostics;

namespace VoxPact.Bench;

/// <summary>
/// <c>start</c>: from exec to the first answer on a database that is there already, and the memory of a server that
/// nobody asks and of one that was asked a million times.
/// </summary>
internal static class Start
{
    private const int Starts = 7;

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var report = new Report("start", "store", "jobs stored", "first answer ms", "idle MB", "requests", "MB after them");
        foreach (var (store, admin) in options.Stores())
        {
            await using var filled = await Filled.CreateAsync(admin, options.Server, async stock =>
            {
                await stock.PeopleAsync(1_000);
                await stock.JobsAsync(options.Jobs);
            });
            var times = new List<double>();
            for (int i = 0; i <= Starts; i++)
            {
                long from = Stopwatch.GetTimestamp();
                await using var server = await filled.StartAsync();
                using var link = new HttpLink(server.Url);
                var (status, _) = await link.SendAsync(HttpLink.Get("/health", ""));
                if (status != 200) throw new InvalidOperationException($"/health was answered {status}.");
                // The very first finds the files cold.
                if (i > 0) times.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            }
            await using var busy = await filled.StartAsync();
            await Task.Delay(TimeSpan.FromSeconds(5));
            long idle = busy.Usage.Resident;
            var load = new LifeLoad([busy.Url], await Pair.RegisterAsync(busy.Url, 8));
            long lives = 0;
            while (lives * 4 < options.Requests) lives += (await load.RunAsync(64, TimeSpan.FromSeconds(5))).Lives;
            report.Add(store, options.Jobs, Report.Number(Rounds.Median(times), "F0"), idle / 1_000_000, lives * 4,
                busy.Usage.Resident / 1_000_000);
        }
        return report;
    }
}
