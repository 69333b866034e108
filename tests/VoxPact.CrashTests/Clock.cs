using VoxPact.CrashTests.Load;

namespace VoxPact.CrashTests;

/// <summary>Moves business time, the server's and the simulator's together, as anybody may in a sandbox.</summary>
internal static class Clock
{
    /// <summary>Time moves at once; the answer only comes when everything that became due has run.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(1.5);

    public static async Task MoveAsync(Link link, int seconds, CancellationToken stop)
    {
        var asked = new Asked("", "/v1/sandbox/clock", $$"""{"advance_seconds":{{seconds}}}""", "");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(LongEnough);
        try
        {
            await link.TryAsync(asked, patience.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // It has moved; under load there is always something due.
        }
        link.Moved(seconds);
    }
}
