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
            long due = (await deployment.Store.QueryAsync(PlatformQueries.Due(deployment.Clock.NowUs), stop))[0];
            if (due == 0) return true;
            deployment.Signals.WakeAll();
            await deployment.Signals.Progress.WaitAsync(LookAgain, stop);
        }
        return false;
    }
}
