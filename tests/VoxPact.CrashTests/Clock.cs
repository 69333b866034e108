using System.Diagnostics;
using VoxPact.CrashTests.Load;
using VoxPact.CrashTests.Processes;
using VoxPact.CrashTests.Truth;

namespace VoxPact.CrashTests;

/// <summary>Moves business time, the server's and the simulator's together, as anybody may in a sandbox.</summary>
internal static class Clock
{
    /// <summary>Time moves at once; the answer only comes when everything that became due has run.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(3);

    /// <summary>Until the server has moved, nobody may kill it: the simulator's clock would be ahead of its own.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1), LookAgain = TimeSpan.FromMilliseconds(20);

    public static async Task MoveAsync(Link link, ServerProcess server, int seconds, CancellationToken stop)
    {
        long wanted = await Books.OffsetUsAsync(server, stop) + seconds * 1_000_000L;
        var asked = new Asked("", "/v1/sandbox/clock", $$"""{"advance_seconds":{{seconds}}}""", "");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(LongEnough);
        bool isRefused = false;
        try
        {
            isRefused = await link.TryAsync(asked, patience.Token) is null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Under load there is always something due.
        }
        long since = Stopwatch.GetTimestamp();
        while (await Books.OffsetUsAsync(server, stop) < wanted)
        {
            // A server whose database is away says so before it moves anything.
            if (isRefused && Stopwatch.GetElapsedTime(since) > LongEnough) return;
            if (Stopwatch.GetElapsedTime(since) > Longest)
                throw new InvalidOperationException("Time was to be moved and has not moved; see server.log.");
            await Task.Delay(LookAgain, stop);
        }
        link.Moved(seconds);
    }

    /// <summary>Time goes on while the server is down: what is due then is done when it comes back.</summary>
    public static async Task PassAsync(
        Link link, ServerProcess server, Simulator simulator, int seconds, CancellationToken stop)
    {
        await simulator.ControlAsync("clock", new { advance_seconds = seconds }, stop);
        await Books.AddToOffsetAsync(server, seconds * 1_000_000L, stop);
        link.Moved(seconds);
    }
}
