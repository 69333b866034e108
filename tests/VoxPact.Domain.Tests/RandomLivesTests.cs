using CsCheck;
using Xunit;

namespace VoxPact.Domain.Tests;

public sealed class RandomLivesTests
{
    private const int StepsAtOnce = 200;

    /// <summary>How many steps in all; <c>VOXPACT_COMMANDS</c> asks for a longer battery.</summary>
    private static int Steps =>
        int.TryParse(Environment.GetEnvironmentVariable("VOXPACT_COMMANDS"), out int asked) ? asked : 40_000;

    private static readonly Gen<Step> s_step =
        Gen.Select(Gen.Int[0, RandomLives.Kinds - 1], Gen.Int[0, 999], Gen.Int[0, 999], Gen.Int[0, 999_999])
            .Select((what, which, who, number) => new Step(what, which, who, number));

    /// <summary>On failure CsCheck prints the seed and the smallest sequence it found.</summary>
    [Fact]
    public void Whatever_anybody_tries_in_whatever_order_no_unit_is_lost_made_or_paid_twice()
    {
        long allowed = 0;
        s_step.Array[StepsAtOnce].Sample(steps =>
        {
            var lives = new RandomLives();
            foreach (var step in steps) lives.Take(step);
            lives.Books.CheckAll();
            Interlocked.Add(ref allowed, lives.Allowed);
        }, iter: Math.Max(1, Steps / StepsAtOnce), threads: 2, print: steps => string.Join('\n', steps));
        Assert.InRange(allowed, Steps / 10, Steps);
    }
}
