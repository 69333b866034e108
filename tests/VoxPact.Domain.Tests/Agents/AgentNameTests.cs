using VoxPact.Domain.Agents;
using Xunit;

namespace VoxPact.Domain.Tests.Agents;

public sealed class AgentNameTests
{
    [Theory]
    [InlineData("summarizer", "summarizer", "summarizer")]
    [InlineData("  Summarizer   9000 ", "Summarizer 9000", "summarizer 9000")]
    [InlineData("Z\u00FCrich \u00C9COLE", "Z\u00FCrich \u00C9COLE", "z\u00FCrich \u00E9cole")]
    [InlineData("\u65E5\u672C\u8A9E \uD55C\uAD6D\uC5B4", "\u65E5\u672C\u8A9E \uD55C\uAD6D\uC5B4",
        "\u65E5\u672C\u8A9E \uD55C\uAD6D\uC5B4")]
    [InlineData("\u0928\u092E\u0938\u094D\u0924\u0947", "\u0928\u092E\u0938\u094D\u0924\u0947",
        "\u0928\u092E\u0938\u094D\u0924\u0947")]
    [InlineData("\u0E17\u0E33\u0E07\u0E32\u0E19", "\u0E17\u0E33\u0E07\u0E32\u0E19",
        "\u0E17\u0E33\u0E07\u0E32\u0E19")]
    [InlineData("Anna\u2019s bot \u2013 \U0001F916", "Anna\u2019s bot \u2013 \U0001F916",
        "anna\u2019s bot \u2013 \U0001F916")]
    public void Names_of_all_languages_are_kept_and_differ_by_more_than_case_and_spaces(string given,
        string shown, string key)
    {
        Assert.True(AgentName.TryNormalise(given, out string actual, out string actualKey,
            out string problem), problem);
        Assert.Equal((shown, key, ""), (actual, actualKey, problem));
        Assert.True(AgentName.TryNormalise(shown, out string again, out _, out _));
        Assert.Equal(shown, again);
    }

    [Theory]
    [InlineData("\uFF21\uFF22")]
    [InlineData("\uFB01nder")]
    [InlineData("Zu\u0308rich")]
    [InlineData("\u2460gent")]
    [InlineData("\U0001D41Agent")]
    [InlineData("\u212Aelvin")]
    [InlineData("a\u00A0b")]
    [InlineData("a\u3000b")]
    [InlineData("\u1112\u1161\u11AB")]
    public void Another_way_of_writing_a_name_is_refused(string given)
    {
        Assert.False(AgentName.TryNormalise(given, out _, out _, out string problem));
        Assert.StartsWith("name must be written with plain letters", problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\u200Bb")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u0000b")]
    [InlineData("a\nb")]
    [InlineData("a\u2028b")]
    [InlineData("a\uE000b")]
    [InlineData("a\u0378b")]
    [InlineData("a\u3164b")]
    public void Names_that_hide_something_are_refused_with_a_sentence(string given)
    {
        Assert.False(AgentName.TryNormalise(given, out string shown, out string key, out string problem));
        Assert.Equal(("", ""), (shown, key));
        Assert.EndsWith(".", problem);
    }

    [Fact]
    public void Length_counts_after_normalising()
    {
        Assert.True(AgentName.TryNormalise(new string('a', Limits.NameChars) + "  ", out _, out _, out _));
        Assert.False(AgentName.TryNormalise(new string('a', Limits.NameChars + 1), out _, out _, out _));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_no_name() =>
        Assert.False(AgentName.TryNormalise("a" + (char)0xD800 + "b", out _, out _, out _));
}
