using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>What crash tests may ask of a server exists in sandbox mode only, and only when it is asked for.</summary>
public sealed class SabotageTests
{
    [Theory]
    [InlineData(Mode.Test)]
    [InlineData(Mode.Live)]
    public void Outside_of_sandbox_mode_the_server_does_not_start_with_it(Mode mode)
    {
        var refused = Assert.Throws<BadSettings>(() => Sabotage.Read("fresh-keys", mode));
        Assert.Contains("sandbox mode only", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_the_variable_there_is_none(string? asked)
    {
        foreach (var mode in Enum.GetValues<Mode>()) Assert.Null(Sabotage.Read(asked, mode));
    }

    [Theory]
    [InlineData("crash-at=commit.SendCharge.Settle.before")]
    [InlineData("crash-at=:1")]
    [InlineData("crash-at=somewhere:0")]
    [InlineData("lease-seconds=0")]
    [InlineData("fresh-kees")]
    public void What_it_does_not_understand_is_refused(string asked)
    {
        var refused = Assert.Throws<BadSettings>(() => Sabotage.Read(asked, Mode.Sandbox));
        Assert.Contains(asked, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_is_passed_until_its_turn()
    {
        var sabotage = Sabotage.Read("crash-at=somewhere:3;lease-seconds=6", Mode.Sandbox)!;
        sabotage.Reach("somewhere");
        sabotage.Reach("elsewhere");
        sabotage.Reach("somewhere");
        Assert.Equal(6_000_000, sabotage.LeaseUs);
    }
}
