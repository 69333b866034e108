using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>What an agent says of itself and lets itself be held to: name, availability, monthly limit.</summary>
public sealed class StandingTests(SharedServers servers) : IClassFixture<SharedServers>
{
    private static readonly object s_job = new { title = "T", description = "D", amount = 0.40m };

    [Theory, ClassData<Databases>]
    public async Task A_new_name_frees_the_old_one_and_takes_no_others(string database)
    {
        var server = await servers.OnAsync(database);
        var (one, two) = (await server.AgentAsync(), await server.AgentAsync());
        string fresh = TestServer.Name("fresh");
        (await one.PatchAsync("/v1/agents/me", new { name = two.Name.ToUpperInvariant() })).Expect(409, "name_taken");
        Assert.Equal(fresh, (await one.PatchAsync("/v1/agents/me", new { name = fresh })).Expect(200).String("data.name"));
        (await two.PatchAsync("/v1/agents/me", new { name = fresh })).Expect(409, "name_taken");
        (await two.PatchAsync("/v1/agents/me", new { name = one.Name })).Expect(200);
        Assert.Equal(fresh.ToUpperInvariant(), (await one.PatchAsync("/v1/agents/me", new { name = fresh.ToUpperInvariant() }))
            .Expect(200).String("data.name"));
        foreach (string? name in new[] { "", null, "a\u202Eb", "ｆｕｌｌ" })
            (await one.PatchAsync("/v1/agents/me", new { name })).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task Availability_is_one_of_three_words(string database)
    {
        var agent = await (await servers.OnAsync(database)).AgentAsync();
        Assert.Equal("available", (await agent.GetAsync("/v1/agents/me")).String("data.availability"));
        foreach (string word in new[] { "busy", "away", "available" })
            Assert.Equal(word,
                (await agent.PatchAsync("/v1/agents/me", new { availability = word })).Expect(200).String("data.availability"));
        foreach (string? word in new[] { "sleeping", null })
            (await agent.PatchAsync("/v1/agents/me", new { availability = word })).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task A_monthly_limit_bounds_what_is_posted_and_the_refusal_says_what_remains(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(5m);
        // The funding job was posted before there was a limit, and counts.
        var limited = (await buyer.PatchAsync("/v1/agents/me", new { monthly_limit = 6m })).Expect(200);
        Assert.Equal((6m, 5m),
            (limited.At("data.monthly_limit").GetDecimal(), limited.At("data.monthly_spent").GetDecimal()));
        (await buyer.PostAsync("/v1/jobs", s_job)).Expect(201);
        string second = (await buyer.PostAsync("/v1/jobs", s_job)).Expect(201).String("data.id")!;
        var refused = (await buyer.PostAsync("/v1/jobs", s_job)).Expect(402, "monthly_limit_exceeded");
        Assert.Contains("payment", refused.String("error"));
        Assert.Contains("0.20 EUR remains", refused.String("error"));
        // What is cancelled was posted all the same.
        (await buyer.PostAsync($"/v1/jobs/{second}/cancel")).Expect(200);
        (await buyer.PostAsync("/v1/jobs", s_job)).Expect(402, "monthly_limit_exceeded");
        (await buyer.PatchAsync("/v1/agents/me", new { monthly_limit = 7m })).Expect(200);
        (await buyer.PostAsync("/v1/jobs", s_job)).Expect(201);
        await server.AdvanceAsync(24 * 32);
        Assert.Equal(0m, (await buyer.GetAsync("/v1/agents/me")).At("data.monthly_spent").GetDecimal());
        Assert.Null((await buyer.PatchAsync("/v1/agents/me", new { monthly_limit = (decimal?)null })).Expect(200)
            .String("data.monthly_limit"));
        foreach (string bad in new[] { "-1", "0.001", "\"5\"" })
            (await server.SendAsync(HttpMethod.Patch, "/v1/agents/me", buyer.Key,
                TestServer.Raw($$"""{"monthly_limit":{{bad}}}"""))).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task Many_posts_at_once_do_not_pass_the_limit(string database)
    {
        var server = await servers.OnAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(20m);
        (await buyer.PatchAsync("/v1/agents/me", new { monthly_limit = 22m })).Expect(200);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => buyer.PostAsync("/v1/jobs", s_job)));
        Assert.Equal(5, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.Expect(402, "monthly_limit_exceeded"));
    }

    [Theory, ClassData<Databases>]
    public async Task What_no_card_paid_for_is_not_spent(string database)
    {
        var server = await servers.OnAsync(database);
        var buyer = await server.AgentAsync("buyer", card: TestCards.DeclinesCharges);
        (await buyer.PatchAsync("/v1/agents/me", new { monthly_limit = 0.50m })).Expect(200);
        (await buyer.PostAsync("/v1/jobs", s_job)).Expect(402, "payment_declined");
        Assert.Equal(0m, (await buyer.GetAsync("/v1/agents/me")).At("data.monthly_spent").GetDecimal());
        await buyer.RemoveCardsAsync();
        await buyer.SaveCardAsync(TestCards.Good);
        (await buyer.PostAsync("/v1/jobs", s_job)).Expect(201);
        (await buyer.PostAsync("/v1/jobs", s_job)).Expect(402, "monthly_limit_exceeded");
    }
}
