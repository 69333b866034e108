using System.Security.Cryptography;
using System.Text;
using VoxPact.Domain.Agents;
using Xunit;

namespace VoxPact.Domain.Tests.Agents;

public sealed class ApiKeyTests
{
    private static readonly byte[] Counting = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Fact]
    public void The_form_of_a_key_never_changes() => Assert.Equal(
        "vxp_live_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf37XjtU",
        ApiKey.Create(ApiKey.AgentPrefix, Counting));

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void The_smallest_and_the_largest_secret_have_the_same_length(byte value)
    {
        byte[] random = new byte[ApiKey.RandomBytes];
        Array.Fill(random, value);
        string key = ApiKey.Create(ApiKey.AgentPrefix, random);
        Assert.Equal(58, key.Length);
        Assert.True(ApiKey.IsWellFormed(key, ApiKey.AgentPrefix));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void A_key_has_exactly_32_random_bytes(int bytes) =>
        Assert.Throws<ArgumentException>(() => ApiKey.Create(ApiKey.AgentPrefix, new byte[bytes]));

    [Fact]
    public void An_agents_key_is_not_an_operators()
    {
        string agent = ApiKey.Create(ApiKey.AgentPrefix, Counting);
        string operators = ApiKey.Create(ApiKey.OperatorPrefix, Counting);
        Assert.False(ApiKey.IsWellFormed(agent, ApiKey.OperatorPrefix));
        Assert.False(ApiKey.IsWellFormed(operators, ApiKey.AgentPrefix));
        // The checksum covers the prefix, so that swapping it is noticed too.
        string swapped = ApiKey.OperatorPrefix + agent[ApiKey.AgentPrefix.Length..];
        Assert.False(ApiKey.IsWellFormed(swapped, ApiKey.OperatorPrefix));
    }

    [Fact]
    public void Every_mistyped_character_is_noticed()
    {
        string key = ApiKey.Create(ApiKey.AgentPrefix, Counting);
        for (int i = 0; i < key.Length; i++)
        {
            foreach (char other in "0aZ-\0é")
            {
                if (other == key[i]) continue;
                string wrong = key[..i] + other + key[(i + 1)..];
                Assert.False(ApiKey.IsWellFormed(wrong, ApiKey.AgentPrefix), wrong);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("vxp_live_")]
    [InlineData("vxp_live_xxxxxxxxxxxx")]
    [InlineData("VXP_LIVE_0000000000000000000000000000000000000000000000000")]
    public void Other_text_is_no_key(string text) =>
        Assert.False(ApiKey.IsWellFormed(text, ApiKey.AgentPrefix));

    [Fact]
    public void A_longer_or_shorter_key_is_no_key()
    {
        string key = ApiKey.Create(ApiKey.AgentPrefix, Counting);
        Assert.False(ApiKey.IsWellFormed(key + "0", ApiKey.AgentPrefix));
        Assert.False(ApiKey.IsWellFormed(key[..^1], ApiKey.AgentPrefix));
    }

    [Fact]
    public void The_hash_needs_the_pepper()
    {
        byte[] expected = HMACSHA256.HashData("pepper"u8.ToArray(), Encoding.UTF8.GetBytes("a key"));
        Assert.Equal(expected, ApiKey.Hash("a key", "pepper"u8));
        Assert.NotEqual(expected, ApiKey.Hash("a key", "salt"u8));
        Assert.NotEqual(expected, ApiKey.Hash("a kex", "pepper"u8));
    }
}
