using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Storage.Queries;

/// <summary>What the platform knows of itself: its settings, its totals, and what is due.</summary>
internal static class PlatformQueries
{
    private static readonly string CountsSql =
        "select (select count(*) from open_listings), "
        + $"(select count(*) from entries where movement = {(int)MovementKind.Release} and leg = 0)";

    // The newest releases only: the median of all of them would cost more with every job there ever was.
    private static readonly string ReleaseTimesSql =
        "select r.at_us - h.at_us from entries r join entries h on h.subject = r.subject "
        + $"and h.slot = {(int)Slot.Hold} and h.leg = 0 where r.slot = {(int)Slot.Close} and r.leg = 0 "
        + $"and r.movement = {(int)MovementKind.Release} order by r.subject desc limit 1000";

    // One look into each queue's index, and what endpoints are to be sent.
    private static readonly string NextDueSql =
        "select due from (select (select min(due_us) from work where queue = 1) as due "
        + "union all select (select min(due_us) from work where queue = 2) "
        + "union all select (select min(due_us) from work where queue = 3) "
        + "union all select (select min(due_us) from work where queue = 4) "
        + "union all select (select min(due_us) from work where queue = 5) "
        + $"union all {EndpointQueries.NextDueSql}) as next "
        + "where due is not null order by due limit 1";

    public sealed record Counts(long OpenListings, long Releases);

    /// <summary>No rows: for a read that only asks who the caller is.</summary>
    public static readonly Statement<long> Nothing = new("select 1 where 1 = 0", [], row => row.Long(0));

    /// <summary>One row, as long as the database answers at all.</summary>
    public static readonly Statement<long> Ping = new("select 1", [], row => row.Long(0));

    public static readonly Statement<Counts> Totals = new(CountsSql, [], row => new Counts(row.Long(0), row.Long(1)));

    /// <summary>From hold to release, in microseconds.</summary>
    public static readonly Statement<long> ReleaseTimes = new(ReleaseTimesSql, [], row => row.Long(0));

    public static Statement<string> Setting(string key) =>
        new("select value from platform where key = $1", [key], row => row.Text(0));

    /// <summary>What raised an alarm at the provider, with the reason of each, the oldest key first.</summary>
    public static Statement<string> Alarms(string prefix) => new(
        $"select key, value from platform where substr(key, 1, {prefix.Length}) = $1 order by key limit 100",
        [prefix], row => $"{row.Text(0)[prefix.Length..]}: {row.Text(1)}");

    /// <summary>The business time at which the next item or delivery that may run is due; no row without any.</summary>
    public static readonly Statement<long> NextDue = new(NextDueSql, [], row => row.Long(0));
}
