using VoxPact.CrashTests.Load;

namespace VoxPact.CrashTests;

/// <summary>Moves business time, the server's and the simulator's together, as anybody may in a sandbox.</summary>
internal static class Clock
{
    public static async Task MoveAsync(Link link, int seconds, CancellationToken stop)
    {
        var asked = new Asked("", "/v1/sandbox/clock", $$"""{"advance_seconds":{{seconds}}}""", "");
        // No answer does not mean that time stands still: everything due may just not have run within half a minute.
        await link.TryAsync(asked, stop);
        link.Moved(seconds);
    }
}
