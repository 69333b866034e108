using VoxPact.CrashTests.Processes;

namespace VoxPact.Bench;

/// <summary>
/// <c>nodes</c>: so many server processes on one PostgreSQL, each connection on one of them in turn; and through HAProxy
/// as <c>docs/haproxy.cfg</c> sets it up, where that is installed. PostgreSQL only: SQLite has one node.
/// </summary>
internal static class Nodes
{
    private const int Connections = 64;

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var report = new Report(
            "nodes", "nodes", "through", "lives/s", "p50 ms", "p99 ms", "server cpu ms/life", "of one node");
        if (options.Database is not { } admin)
        {
            Console.WriteLine("nodes needs a PostgreSQL: --database \"Host=…\".");
            return report;
        }
        double one = 0;
        foreach (int count in options.Nodes)
        {
            await using var database = await Database.CreateAsync(admin);
            var servers = new List<ServerProcess>();
            string pepper = Convert.ToBase64String(new byte[32]);
            for (int i = 0; i < count; i++)
                servers.Add(await ServerProcess.StartAsync(database.ConnectionString, options.Server, "--pepper", pepper));
            var urls = servers.Select(server => server.Url).ToList();
            var pairs = await Pair.RegisterAsync(urls[0], 8);
            double direct = await MeasureAsync("directly", servers, new LifeLoad(urls, pairs));
            if (one == 0) one = direct;
            if (HasBalancer())
            {
                string folder = Directory.CreateTempSubdirectory("voxpact-bench-").FullName;
                await using (var balancer = await Balancer.StartAsync(folder, ServerProcess.FreePort(), urls))
                    await MeasureAsync("HAProxy", servers, new LifeLoad([balancer.Url], pairs));
                Directory.Delete(folder, recursive: true);
            }
            foreach (var server in servers) await server.DisposeAsync();
        }
        if (!HasBalancer()) Console.WriteLine("HAProxy is not installed; every connection went to a node directly.");
        return report;

        async Task<double> MeasureAsync(string through, IReadOnlyList<ServerProcess> servers, LifeLoad load)
        {
            await load.RunAsync(Connections, TimeSpan.FromSeconds(12));
            var (stretches, cpu) = (new List<Stretch>(), TimeSpan.Zero);
            for (int round = 0; round < options.Rounds; round++)
            {
                var before = Cpu(servers);
                stretches.Add(await load.RunAsync(Connections, TimeSpan.FromSeconds(options.Seconds)));
                cpu += Cpu(servers) - before;
            }
            double lives = Rounds.Median(stretches.Select(stretch => stretch.LivesPerSecond));
            report.Add(servers.Count, through, Report.Number(lives, "F0"),
                Report.Number(Rounds.Median(stretches.Select(stretch => stretch.P50Ms)), "F2"),
                Report.Number(Rounds.Median(stretches.Select(stretch => stretch.P99Ms)), "F2"),
                Report.Number(cpu.TotalMilliseconds / stretches.Sum(stretch => stretch.Lives), "F2"),
                Report.Number(lives / (one == 0 ? lives : one), "F2"));
            return lives;
        }
    }

    private static TimeSpan Cpu(IEnumerable<ServerProcess> servers) =>
        servers.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.Usage.Cpu);

    private static bool HasBalancer() => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "haproxy")));
}
