using System.Diagnostics;

namespace VoxPact.Bench;

/// <summary>
/// <c>nodes</c>: so many server processes on one PostgreSQL, each connection on one of them in turn, as a balancer
/// would spread them. PostgreSQL only: SQLite has one node.
/// </summary>
internal static class Nodes
{
    private const int Connections = 64;

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var report = new Report("nodes", "nodes", "lives/s", "p50 ms", "p99 ms", "server cpu ms/life", "of one node");
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
            var pairs = await Pair.RegisterAsync(servers[0].Url, 8);
            var load = new LifeLoad([.. servers.Select(server => server.Url)], pairs);
            await load.RunAsync(Connections, TimeSpan.FromSeconds(12));
            var (stretches, cpu) = (new List<Stretch>(), TimeSpan.Zero);
            for (int round = 0; round < options.Rounds; round++)
            {
                var before = Cpu(servers);
                stretches.Add(await load.RunAsync(Connections, TimeSpan.FromSeconds(options.Seconds)));
                cpu += Cpu(servers) - before;
            }
            double lives = Rounds.Median(stretches.Select(stretch => stretch.LivesPerSecond));
            if (one == 0) one = lives;
            report.Add(count, Report.Number(lives, "F0"),
                Report.Number(Rounds.Median(stretches.Select(stretch => stretch.P50Ms)), "F2"),
                Report.Number(Rounds.Median(stretches.Select(stretch => stretch.P99Ms)), "F2"),
                Report.Number(cpu.TotalMilliseconds / stretches.Sum(stretch => stretch.Lives), "F2"),
                Report.Number(lives / one, "F2"));
            foreach (var server in servers) await server.DisposeAsync();
        }
        return report;
    }

    private static TimeSpan Cpu(IEnumerable<ServerProcess> servers) =>
        servers.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.Usage.Cpu);
}
