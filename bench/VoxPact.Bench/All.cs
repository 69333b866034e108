namespace VoxPact.Bench;

/// <summary><c>all</c>: every measurement, bounded so that the whole takes less than 15 minutes.</summary>
internal static class All
{
    public static IReadOnlyList<Func<Task<Report>>> Of(BenchOptions given, bool full)
    {
        var brief = given with { Seconds = Math.Min(given.Seconds, 2), Rounds = full ? given.Rounds : 3 };
        var life = (full ? given : brief) with { Connections = [1, 16, 64, 128] };
        var reads = full ? given with { Jobs = 1_000_000, Agents = 100_000 } : brief;
        var growth = full ? given with { Sizes = [10_000, 1_000_000, 10_000_000] } : brief with { Sizes = [10_000, 100_000] };
        var timers = full ? given with { Sizes = [1_000_000, 10_000_000] } : brief;
        var start = full ? given with { Requests = 1_000_000 } : brief;
        var soak = full ? given with { Minutes = 30 } : brief with { Minutes = 1 };
        return
        [
            () => Task.FromResult(Micro.Run()), () => Life.RunAsync(life), () => Reads.RunAsync(reads),
            () => Growth.RunAsync(growth), () => Timers.RunAsync(timers), () => Start.RunAsync(start),
            () => Overload.RunAsync(brief), () => Fairness.RunAsync(brief), () => Nodes.RunAsync(brief),
            () => Soak.RunAsync(soak),
        ];
    }
}
