namespace VoxPact.Server.Tests.Harness;

/// <summary>A time in which every wait is so many times shorter, for code that waits for seconds.</summary>
internal sealed class HurriedTime(int factor) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : dueTime / factor,
            period == Timeout.InfiniteTimeSpan ? period : period / factor);
}
