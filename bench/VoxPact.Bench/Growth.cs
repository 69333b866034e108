namespace VoxPact.Bench;

/// <summary>
/// <c>growth</c>: what a life cycle costs with many jobs stored, beside one with 10,000, alternating in one run; and
/// what a job that is over takes on disk once answers and events were forgotten.
/// </summary>
internal static class Growth
{
    private const int Few = 10_000, People = 1_000, Connections = 64, Forgotten = 40 * 24 * 3600;

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var report = new Report("growth", "store", "jobs stored", "lives/s", "with 10,000", "cost ratio", "cpu ratio",
            "bytes/job", "target");
        foreach (var (store, admin) in options.Stores())
        {
            await using var few = await Filled.CreateAsync(admin, options.Server, stock => FillAsync(stock, Few));
            foreach (int jobs in options.Sizes)
            {
                await using var many = await Filled.CreateAsync(admin, options.Server, stock => FillAsync(stock, jobs));
                long before = await many.SizeAsync();
                var (fewLives, manyLives, cpuRatio) = await MeasureAsync(few, many, options);
                report.Add(store, jobs, Report.Number(manyLives, "F0"), Report.Number(fewLives, "F0"),
                    Report.Number(fewLives / manyLives, "F2"), Report.Number(cpuRatio, "F2"),
                    Report.Number((double)before / jobs, "F0"), "1.2");
            }
        }
        return report;
    }

    private static async Task FillAsync(Stock stock, int jobs)
    {
        await stock.PeopleAsync(People);
        await stock.JobsAsync(jobs);
    }

    private static async Task<(double Few, double Many, double CpuRatio)> MeasureAsync(
        Filled few, Filled many, BenchOptions options)
    {
        await using var small = await Side.StartAsync(few);
        await using var large = await Side.StartAsync(many);
        var (smalls, larges) = (new List<double>(), new List<double>());
        var duration = TimeSpan.FromSeconds(options.Seconds);
        for (int round = 0; round < options.Rounds; round++)
        {
            smalls.Add(await small.RunAsync(duration));
            larges.Add(await large.RunAsync(duration));
        }
        return (Rounds.Median(smalls), Rounds.Median(larges), large.CpuPerLife / small.CpuPerLife);
    }

    /// <summary>One of the two servers under its own load.</summary>
    private sealed class Side(ServerProcess server, LifeLoad load) : IAsyncDisposable
    {
        private TimeSpan _cpu;
        private long _lives;

        public double CpuPerLife => _cpu.TotalMilliseconds / _lives;

        public static async Task<Side> StartAsync(Filled filled)
        {
            var server = await filled.StartAsync();
            var load = new LifeLoad([server.Url], await Pair.RegisterAsync(server.Url, 8));
            await load.RunAsync(Connections, TimeSpan.FromSeconds(8));
            return new Side(server, load);
        }

        public async Task<double> RunAsync(TimeSpan duration)
        {
            var before = server.Usage.Cpu;
            var stretch = await load.RunAsync(Connections, duration);
            _cpu += server.Usage.Cpu - before;
            _lives += stretch.Lives;
            return stretch.LivesPerSecond;
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
