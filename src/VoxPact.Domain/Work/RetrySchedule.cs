using System.Buffers.Binary;

namespace VoxPact.Domain.Work;

/// <summary>
/// When a failed webhook delivery is tried again: ten attempts over about three days, then it is dead.
/// </summary>
public static class RetrySchedule
{
    private const long SecondUs = 1_000_000;
    private const long MinuteUs = 60 * SecondUs;
    private const long HourUs = 60 * MinuteUs;

    /// <summary>The jitter moves a wait by at most this share of it, either way.</summary>
    public static readonly BasisPoints JitterMax = new(1_000);

    private static readonly long[] WaitsUs =
    [
        5 * SecondUs, 5 * MinuteUs, 30 * MinuteUs, 2 * HourUs, 5 * HourUs,
        10 * HourUs, 14 * HourUs, 20 * HourUs, 24 * HourUs,
    ];

    public static int AttemptsMax => WaitsUs.Length + 1;

    /// <summary>
    /// The wait in microseconds after attempt number <paramref name="attempt"/> (the first is 1) failed, or
    /// null when it
    /// was the last. The jitter follows from the delivery's id, so that a decision made twice comes out the same while
    /// the deliveries of one outage do not return all at once.
    /// </summary>
    public static long? WaitUs(int attempt, Guid delivery)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        if (attempt > WaitsUs.Length) return null;
        int span = 2 * JitterMax.Value + 1;
        long share = 10_000 - JitterMax.Value + (long)(Mix(delivery, attempt) % (ulong)span);
        return WaitsUs[attempt - 1] / 10_000 * share;
    }

    // SplitMix64's finalizer: every bit of the id and of the attempt moves every bit of the result.
    private static ulong Mix(Guid delivery, int attempt)
    {
        Span<byte> bytes = stackalloc byte[16];
        delivery.TryWriteBytes(bytes, bigEndian: true, out _);
        ulong x = BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        unchecked
        {
            x += 0x9E3779B97F4A7C15UL * (ulong)attempt;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
            return x ^ (x >> 31);
        }
    }
}
