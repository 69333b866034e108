using VoxPact.Domain.Jobs;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

public sealed class PatternTests
{
    [Theory]
    [InlineData("b+", "abbc", true)]
    [InlineData("^b+$", "abbc", false)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("^.$", "\n", false)]
    [InlineData("^\\d$", "५", false)]
    [InlineData("^\\w$", "é", false)]
    [InlineData("^\\W$", "💩", true)]
    [InlineData("^\\s$", "\uFEFF", true)]
    [InlineData("^\\S+$", "héllo💩", true)]
    [InlineData("^[^a]$", "💩", true)]
    [InlineData("^[^a]$", "a", false)]
    [InlineData("^[😀-😎]$", "😅", true)]
    [InlineData("^[😀-😎]$", "💩", false)]
    [InlineData("^[a-z\\-_.]+$", "a-b_c.d", true)]
    [InlineData("^[a\\]]$", "]", true)]
    [InlineData("^[a-]$", "-", true)]
    [InlineData("^(?<year>\\d{4})-(\\d{2})$", "2025-07", true)]
    [InlineData("^\\p{Lu}\\p{Letter}*$", "Été", true)]
    [InlineData("^[^\\p{L}]$", "💩", true)]
    [InlineData("^\\u{1F4A9}$", "💩", true)]
    [InlineData("^\\ud83d\\udca9{2}$", "💩💩", true)]
    [InlineData("^\\x41\\cJ$", "A\n", true)]
    [InlineData("a|^b$", "xa", true)]
    [InlineData("^a*?b{1,2}$", "aabb", true)]
    [InlineData("^a{2,}$", "a", false)]
    [InlineData("^$", "", true)]
    [InlineData("\\bcat\\b", "a cat sat", true)]
    [InlineData("^[]$", "a", false)]
    [InlineData("^https:\\/\\/", "https://x", true)]
    public void A_pattern_means_what_it_means_in_json_schema(string source, string text, bool matches)
    {
        Assert.True(Pattern.TryParse(source, out Pattern? pattern, out string? error), error);
        Assert.Equal(matches, pattern.Matches(text));
    }

    [Theory]
    [InlineData("(?=a)")]
    [InlineData("(?<!a)b")]
    [InlineData("(?i)a")]
    [InlineData("(?>a)")]
    [InlineData("(a)\\1")]
    [InlineData("\\k<a>")]
    [InlineData("\\A")]
    [InlineData("\\Z")]
    [InlineData("a**")]
    [InlineData("*a")]
    [InlineData("a{2,1}")]
    [InlineData("a{,3}")]
    [InlineData("{")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("[z-a]")]
    [InlineData("\\p{Script=Greek}")]
    [InlineData("\\u{110000}")]
    [InlineData("\\u12")]
    [InlineData("a\\")]
    [InlineData("((a{50}){50}){50}")]
    [InlineData("(?<")]
    [InlineData("[a-z-[aeiou]]")]
    public void A_pattern_that_cannot_run_safely_is_refused_with_a_sentence(string source)
    {
        Assert.False(Pattern.TryParse(source, out _, out string? error));
        Assert.EndsWith(".", error, StringComparison.Ordinal);
    }
}
