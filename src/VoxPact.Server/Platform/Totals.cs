using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Platform;

/// <summary>Totals taken from the ledger, not from anybody's claim; summed at most every few seconds.</summary>
internal static class Totals
{
    private const long KeepUs = 5_000_000;
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Deployment, Kept> Known = [];

    private sealed record Kept(long AtUs, PlatformTotals Totals);

    public static async Task<PlatformTotals> ReadAsync(Deployment deployment, CancellationToken stop)
    {
        long nowUs = deployment.Clock.RealNowUs;
        if (Known.TryGetValue(deployment, out var kept) && nowUs - kept.AtUs < KeepUs) return kept.Totals;
        var counts = (await deployment.Store.QueryAsync(PlatformQueries.Totals, stop))[0];
        var times = await deployment.Store.QueryAsync(PlatformQueries.ReleaseTimes, stop);
        times.Sort();
        var totals = new PlatformTotals
        {
            FundedOpenJobs = counts.OpenListings,
            CompletedJobs = counts.Releases,
            MedianSecondsToRelease = times.Count == 0 ? null : times[times.Count / 2] / 1_000_000,
        };
        Known.AddOrUpdate(deployment, new Kept(nowUs, totals));
        return totals;
    }
}
