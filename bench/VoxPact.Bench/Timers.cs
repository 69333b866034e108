using System.Diagnostics;

namespace VoxPact.Bench;

/// <summary>
/// <c>timers</c>: how many due items a second one node claims, runs and ends, with so many asleep beside them.
/// </summary>
internal static class Timers
{
    private const long YearUs = 365L * 24 * 3_600_000_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5), s_look = TimeSpan.FromMilliseconds(50);

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var report = new Report("timers", "store", "asleep", "due", "items/s", "idle cpu ms/s", "bytes asleep", "target");
        foreach (var (store, admin) in options.Stores())
            foreach (int asleep in options.Sizes)
            {
                long nowUs = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
                await using var filled = await Filled.CreateAsync(admin, options.Server, _ => Task.CompletedTask);
                long empty = await filled.SizeAsync();
                await filled.AddAsync(stock => stock.TimersAsync(asleep, i => nowUs + YearUs + i));
                double bytes = (double)(await filled.SizeAsync() - empty) / asleep;
                double idle = await IdleAsync(filled);
                await filled.AddAsync(stock => stock.TimersAsync(options.Due, i => nowUs - 1_000_000 + i % 1_000));
                report.Add(store, asleep, options.Due, Report.Number(await DrainAsync(filled, asleep), "F0"),
                    Report.Number(idle, "F1"), Report.Number(bytes, "F0"), "10000");
            }
        return report;
    }

    /// <summary>CPU of a server that has nothing to do but to know what sleeps.</summary>
    private static async Task<double> IdleAsync(Filled filled)
    {
        await using var server = await filled.StartAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        var before = server.Usage.Cpu;
        await Task.Delay(TimeSpan.FromSeconds(5));
        return (server.Usage.Cpu - before).TotalMilliseconds / 5;
    }

    /// <summary>The rate between the first tenth, which compiles the server's code, and the end.</summary>
    private static async Task<double> DrainAsync(Filled filled, long asleep)
    {
        await using var server = await filled.StartAsync();
        await using var store = filled.Open();
        long whole = await DueAsync();
        long start = 0, first = 0, left = whole, since = Stopwatch.GetTimestamp();
        while (left > 0 && Stopwatch.GetElapsedTime(since) < s_patience)
        {
            await Task.Delay(s_look);
            left = await DueAsync();
            if (start == 0 && left < whole * 9 / 10) (start, first) = (Stopwatch.GetTimestamp(), left);
        }
        if (left > 0) throw new InvalidOperationException($"After {s_patience} there are still {left} of {asleep} items due.");
        return first / Stopwatch.GetElapsedTime(start).TotalSeconds;

        async Task<long> DueAsync() => (await store.QueryAsync(
            "select count(*) from work where queue = 1 and kind = 101 and due_us < $1",
            [(TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10], row => row.Long(0), default))[0];
    }
}
