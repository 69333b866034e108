using VoxPact.Client;

namespace VoxPact.Server.Ledger;

/// <summary>
/// Checks the ledger again and again, on real time: what was committed since the last check, and everything once a
/// day. What it finds is logged and shows on <c>/health</c>.
/// </summary>
internal sealed class WatchLedger(Deployment deployment, ILogger<WatchLedger> log) : BackgroundService
{
    private const long DayUs = 24 * 3_600_000_000L;

    private long _fullUs;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(
            TimeSpan.FromMinutes(deployment.Options.CheckIntervalMinutes), deployment.Time);
        while (await NextAsync(timer, stopping))
        {
            try
            {
                bool full = deployment.Clock.RealNowUs - _fullUs > DayUs;
                var report = await deployment.Checks.RunAsync(full, stopping);
                _fullUs = (report.FullCheckAt - DateTimeOffset.UnixEpoch).Ticks / 10;
                Tell(report);
                await ActOnCheck.RunAsync(deployment, report);
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                log.LogError(failure, "The ledger could not be checked; it is tried again at the next interval");
            }
            catch (OperationCanceledException)
            {
                // Being told to stop is no finding.
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Tell(CheckReport report)
    {
        foreach (var invariant in report.Invariants)
        {
            if (invariant.Status is CheckFindings.Broken)
                log.LogError("{Invariant} ({Title}) does not hold, {Findings} found: {First}",
                    invariant.Id, invariant.Title, invariant.Findings, string.Join(" ", invariant.First));
            else if (invariant.Status is not CheckFindings.Holds)
                log.LogWarning("{Invariant} ({Title}): {Status}. {First}{Note}", invariant.Id, invariant.Title,
                    invariant.Status, string.Join(" ", invariant.First), invariant.Note);
        }
    }
}
