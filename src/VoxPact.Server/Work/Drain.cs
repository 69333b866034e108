using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Work;

/// <summary>Tells when everything that is due has run, for the sandbox's clock.</summary>
internal static class Drain
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>True once nothing is due; false when something still runs after half a minute.</summary>
    public static async Task<bool> WaitAsync(Deployment deployment, CancellationToken stop)
    {
        long since = deployment.Time.GetTimestamp();
        while (deployment.Time.GetElapsedTime(since) < Longest)
        {
            // Compared with the time after the look: whatever it saw was due by its own commit's time at the latest.
            var next = await deployment.Store.QueryAsync(PlatformQueries.NextDue, stop);
            if (next.Count == 0 || next[0] > deployment.Clock.NowUs) return true;
            deployment.Signals.WakeAll();
            await deployment.Signals.Progress.WaitAsync(LookAgain, stop);
        }
        return false;
    }
}
