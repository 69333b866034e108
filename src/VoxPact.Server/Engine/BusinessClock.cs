namespace VoxPact.Server.Engine;

/// <summary>
/// Two times. Business time rules deadlines, reviews and retry schedules, and can be moved forward in sandbox mode;
/// real time rules leases, signatures, HTTP timeouts and rate limits. The offset is the database's; every batch
/// that is loaded brings the newest.
/// </summary>
internal sealed class BusinessClock(TimeProvider time)
{
    private long _offsetUs;

    public long RealNowUs => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
    public long NowUs => RealNowUs + Volatile.Read(ref _offsetUs);

    public long OffsetUs
    {
        get => Volatile.Read(ref _offsetUs);
        set
        {
            // Business time only moves forward, whichever order answers come back in.
            if (value > Volatile.Read(ref _offsetUs)) Volatile.Write(ref _offsetUs, value);
        }
    }
}
