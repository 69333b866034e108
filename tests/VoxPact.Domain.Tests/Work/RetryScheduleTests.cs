using VoxPact.Domain.Work;
using Xunit;

namespace VoxPact.Domain.Tests.Work;

public sealed class RetryScheduleTests
{
    private const long SecondUs = 1_000_000;

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 5 * 60)]
    [InlineData(3, 30 * 60)]
    [InlineData(4, 2 * 3600)]
    [InlineData(5, 5 * 3600)]
    [InlineData(6, 10 * 3600)]
    [InlineData(7, 14 * 3600)]
    [InlineData(8, 20 * 3600)]
    [InlineData(9, 24 * 3600)]
    public void Each_wait_is_the_documented_one_within_a_tenth(int attempt, long seconds)
    {
        for (ulong n = 0; n < 1_000; n++)
        {
            long wait = RetrySchedule.WaitUs(attempt, Delivery(n))!.Value;
            Assert.InRange(wait, seconds * SecondUs * 9 / 10, seconds * SecondUs * 11 / 10);
        }
    }

    [Fact]
    public void The_tenth_failure_is_the_last()
    {
        Assert.Equal(10, RetrySchedule.AttemptsMax);
        Assert.NotNull(RetrySchedule.WaitUs(9, Delivery(1)));
        Assert.Null(RetrySchedule.WaitUs(10, Delivery(1)));
        Assert.Null(RetrySchedule.WaitUs(int.MaxValue, Delivery(1)));
    }

    [Fact]
    public void The_same_delivery_and_attempt_always_wait_the_same() =>
        Assert.Equal(RetrySchedule.WaitUs(3, Delivery(7)), RetrySchedule.WaitUs(3, Delivery(7)));

    [Fact]
    public void Deliveries_that_fail_together_are_spread_over_the_whole_band()
    {
        long[] waits = [.. Enumerable.Range(0, 1_000).Select(n => RetrySchedule.WaitUs(2, Delivery((ulong)n))!.Value)];
        long band = 60 * SecondUs, low = 270 * SecondUs;
        Assert.All(Enumerable.Range(0, 10), tenth => Assert.InRange(
            waits.Count(w => w >= low + band * tenth / 10 && w < low + band * (tenth + 1) / 10), 50, 150));
    }

    [Fact]
    public void There_is_no_attempt_before_the_first() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RetrySchedule.WaitUs(0, Delivery(1)));

    private static Guid Delivery(ulong n) => new((uint)n, 2, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1);
}
