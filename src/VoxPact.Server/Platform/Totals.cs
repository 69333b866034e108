using VoxPact.Client;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Platform;

/// <summary>Totals taken from the ledger, not from anybody's claim; summed at most every few seconds.</summary>
internal static class Totals
{
    private const long KeepUs = 5_000_000;
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Deployment, Kept> Known = [];

    private sealed record Kept(long AtUs, PlatformTotals Totals);

    private static readonly string Sql =
        $"select (select count(*) from open_listings), "
        + $"(select count(*) from entries where movement = {(int)MovementKind.Release} and leg = 0)";

    // The newest releases only: the median of all of them would cost more with every job there ever was.
    private static readonly string RecentSql =
        "select r.at_us - h.at_us from entries r join entries h on h.subject = r.subject "
        + $"and h.slot = {(int)Slot.Hold} and h.leg = 0 where r.slot = {(int)Slot.Close} and r.leg = 0 "
        + $"and r.movement = {(int)MovementKind.Release} order by r.subject desc limit 1000";

    public static async Task<PlatformTotals> ReadAsync(Deployment deployment, CancellationToken stop)
    {
        long nowUs = deployment.Clock.RealNowUs;
        if (Known.TryGetValue(deployment, out var kept) && nowUs - kept.AtUs < KeepUs) return kept.Totals;
        var counts = (await deployment.Store.QueryAsync(Sql, [], row => (row.Long(0), row.Long(1)), stop))[0];
        var times = await deployment.Store.QueryAsync(RecentSql, [], row => row.Long(0), stop);
        times.Sort();
        var totals = new PlatformTotals
        {
            FundedOpenJobs = counts.Item1,
            CompletedJobs = counts.Item2,
            MedianSecondsToRelease = times.Count == 0 ? null : times[times.Count / 2] / 1_000_000,
        };
        Known.AddOrUpdate(deployment, new Kept(nowUs, totals));
        return totals;
    }
}
