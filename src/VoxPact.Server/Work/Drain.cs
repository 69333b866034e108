using VoxPact.Server.Engine;

namespace VoxPact.Server.Work;

/// <summary>Tells when everything that is due has run, for the sandbox's clock.</summary>
internal static class Drain
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private const string DueSql =
        "select (select count(*) from work where due_us <= $1) + (select count(*) from deliveries d where d.due_us <= $1 "
        + "and not exists (select 1 from deliveries e where e.agent_id = d.agent_id and e.subject = d.subject "
        + "and e.sequence < d.sequence and e.due_us > $1))";

    /// <summary>True once nothing is due; false when something still runs after half a minute.</summary>
    public static async Task<bool> WaitAsync(Deployment deployment, CancellationToken stop)
    {
        long since = deployment.Time.GetTimestamp();
        while (deployment.Time.GetElapsedTime(since) < Longest)
        {
            long due = (await deployment.Store.QueryAsync(
                DueSql, [deployment.Clock.NowUs], row => row.Long(0), stop))[0];
            if (due == 0) return true;
            deployment.Signals.WakeAll();
            await deployment.Signals.Progress.WaitAsync(LookAgain, stop);
        }
        return false;
    }
}
