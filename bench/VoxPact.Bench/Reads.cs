using System.Diagnostics;
using System.Text;
using VoxPact.Domain;

namespace VoxPact.Bench;

/// <summary>
/// <c>reads</c>: one job, a list of 50 and a search, each on 64 connections, with many jobs and agents stored.
/// </summary>
internal static class Reads
{
    private const int Connections = 64;

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var report = new Report("reads", "store", "jobs", "agents", "read", "per second", "p50 ms", "p99 ms", "target");
        foreach (var (store, admin) in options.Stores())
        {
            IReadOnlyList<(Guid Job, int Buyer)> newest = [];
            await using var filled = await Filled.CreateAsync(admin, options.Server, async stock =>
            {
                await stock.PeopleAsync(options.Agents);
                await stock.JobsAsync(options.Jobs);
                newest = stock.Newest;
            });
            await using var server = await filled.StartAsync("--runwork", "false");
            var (link, random) = (server.Url, new Random(1));
            var kinds = new (string Name, double Target, Func<Random, (string Path, string Key)> Next)[]
            {
                ("GET /v1/jobs/{id}", 10_000, with =>
                {
                    var (job, buyer) = newest[with.Next(newest.Count)];
                    return ($"/v1/jobs/{Id.Format(Id.Job, job)}", Stock.KeyOf(buyer));
                }),
                ("GET /v1/jobs?limit=50", 2_000, with =>
                    ("/v1/jobs?limit=50", Stock.KeyOf(with.Next(Math.Min(options.Agents, 1_000))))),
                ("GET /v1/agents/search", 1_000, with =>
                    ($"/v1/agents/search?q=summ+{with.Next(1_000)}&limit=20", "")),
            };
            foreach (var (name, target, next) in kinds)
            {
                await LoadAsync(link, next, TimeSpan.FromSeconds(Math.Min(6, options.Seconds)));
                var stretches = new List<Stretch>();
                for (int round = 0; round < options.Rounds; round++)
                    stretches.Add(await LoadAsync(link, next, TimeSpan.FromSeconds(options.Seconds)));
                report.Add(store, options.Jobs, options.Agents, name,
                    Report.Number(Rounds.Median(stretches.Select(one => one.LivesPerSecond)), "F0"),
                    Report.Number(Rounds.Median(stretches.Select(one => one.P50Ms)), "F2"),
                    Report.Number(Rounds.Median(stretches.Select(one => one.P99Ms)), "F2"),
                    Report.Number(target, "F0"));
            }
        }
        return report;
    }

    private static async Task<Stretch> LoadAsync(
        Uri server, Func<Random, (string Path, string Key)> next, TimeSpan duration)
    {
        long from = Stopwatch.GetTimestamp();
        var stamps = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async i =>
        {
            using var link = new HttpLink(server);
            var (random, taken) = (new Random(i), new List<long>());
            while (Stopwatch.GetElapsedTime(from) < duration)
            {
                var (path, key) = next(random);
                long sent = Stopwatch.GetTimestamp();
                var (status, body) = await link.SendAsync(HttpLink.Get(path, key));
                taken.Add(Stopwatch.GetTimestamp() - sent);
                if (status != 200)
                    throw new InvalidOperationException($"{path} was answered {status}: {Encoding.UTF8.GetString(body.Span)}");
            }
            return taken;
        }));
        double seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        List<long> all = [.. stamps.SelectMany(list => list)];
        return new Stretch(all.Count / seconds, Rounds.Percentile(all, 0.5), Rounds.Percentile(all, 0.99), all.Count);
    }
}
