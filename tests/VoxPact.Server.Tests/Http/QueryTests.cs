using Microsoft.AspNetCore.Http;
using VoxPact.Server.Http;
using Xunit;

namespace VoxPact.Server.Tests.Http;

public sealed class QueryTests
{
    private static readonly string[] Statuses = ["pending", "active", "completed"];
    private static readonly Guid Agent = new("019a0000-0000-7000-8000-000000000001");
    private static readonly Guid Last = new("019a0000-0000-7000-8000-0000000000ff");
    private readonly Cursor _cursors = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private static Query Of(string query)
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString(query);
        return new Query(http.Request);
    }

    [Theory]
    [InlineData("", 50)]
    [InlineData("?limit=1", 1)]
    [InlineData("?limit=100&utm_source=x", 100)]
    public void A_limit_is_read_and_unknown_names_are_ignored(string text, int limit)
    {
        Query query = Of(text);
        Assert.Equal(limit, query.Limit());
        Assert.Null(query.Refusal);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=101")]
    [InlineData("?limit=-1")]
    [InlineData("?limit=+5")]
    [InlineData("?limit=5.0")]
    [InlineData("?limit=")]
    [InlineData("?limit=%00")]
    [InlineData("?limit=99999999999999999999")]
    [InlineData("?limit=5&limit=5")]
    public void A_bad_limit_is_refused(string text)
    {
        Query query = Of(text);
        query.Limit();
        Assert.Equal(["limit"], query.Refusal?.Errors?.Keys);
    }

    [Fact]
    public void Words_are_read_once_each()
    {
        Query query = Of("?status=pending,active,pending");
        Assert.Equal(["pending", "active"], query.Words("status", Statuses));
        Assert.Empty(query.Words("state", Statuses));
        Assert.Null(query.Refusal);
    }

    [Theory]
    [InlineData("?status=paid")]
    [InlineData("?status=Pending")]
    [InlineData("?status=pending,")]
    [InlineData("?status=pending,%20active")]
    [InlineData("?status=")]
    public void An_unknown_word_is_refused_with_the_known_ones(string text)
    {
        Query query = Of(text);
        Assert.Empty(query.Words("status", Statuses));
        Assert.Contains("pending, active, completed", query.Refusal?.Sentence);
    }

    [Fact]
    public void All_faults_are_told_together()
    {
        Query query = Of("?limit=x&min_budget=1e3&q=abc&capabilities=a,,b&cursor=zzz");
        query.Limit();
        Assert.Null(query.Amount("min_budget"));
        Assert.Null(query.Text("q", 2));
        Assert.Empty(query.List("capabilities", 64));
        Assert.Null(query.After(_cursors, Agent, ""));
        Assert.Equal(["limit", "min_budget", "q", "capabilities", "cursor"], query.Refusal?.Errors?.Keys);
    }

    [Fact]
    public void Amounts_texts_and_lists_are_read()
    {
        Query query = Of("?max_budget=12.50&q=caf%C3%A9&capabilities=a,%20b,a");
        Assert.Equal(12.50m, query.Amount("max_budget"));
        Assert.Equal("café", query.Text("q", 10));
        Assert.Equal(["a", "b"], query.List("capabilities", 64));
        Assert.Null(query.Refusal);
    }

    [Fact]
    public void A_cursor_continues_the_same_list_of_the_same_agent_only()
    {
        string text = _cursors.Encode(Agent, "status=active", Last);
        Assert.Equal(Last, Of("?cursor=" + text).After(_cursors, Agent, "status=active"));
        Assert.False(_cursors.TryDecode(Last, "status=active", text, out _));
        Assert.False(_cursors.TryDecode(Agent, "status=pending", text, out _));
        Assert.False(new Cursor(new byte[32]).TryDecode(Agent, "status=active", text, out _));
    }

    [Fact]
    public void No_changed_character_of_a_cursor_goes_unnoticed()
    {
        const string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ \0é";
        string text = _cursors.Encode(Agent, "", Last);
        for (int i = 0; i < text.Length; i++)
        {
            foreach (char other in digits)
            {
                if (other == text[i]) continue;
                string changed = text[..i] + other + text[(i + 1)..];
                Assert.False(_cursors.TryDecode(Agent, "", changed, out _), changed);
            }
        }
        foreach (string other in new[] { "", text[..^1], text + "A", text + "=", " " + text })
            Assert.False(_cursors.TryDecode(Agent, "", other, out _), other);
    }
}
