using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Trust as it grows out of settled jobs, and what it changes.</summary>
public sealed class TrustTests
{
    [Theory, ClassData<Databases>]
    public async Task Jobs_of_unrelated_payers_earn_trust_with_reasons_an_event_and_a_place_in_searches(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var worker = await server.AgentAsync("worker", listener.Url);
        for (int i = 0; i < 3; i++)
        {
            var buyer = await server.AgentAsync("buyer");
            await worker.WorkAsync(await buyer.HireAsync(worker), Deliverables.Pass);
        }
        Assert.Equal(0, (await worker.GetAsync("/v1/agents/me")).At("data.trust_score").GetInt32());
        await server.AdvanceAsync(1);
        // 3 jobs, less a third since three payers may still be few: 100 × 2 / (2 + 15).
        Assert.Equal(11, (await worker.GetAsync("/v1/agents/me")).At("data.trust_score").GetInt32());
        Assert.Equal(11, (await server.GetAsync($"/v1/agents/{worker.Id}")).At("data.trust_score").GetInt32());
        var dashboard = (await worker.GetAsync("/v1/dashboard")).Expect(200);
        Shape.Matches("""
            { "data": { "trust_history": [ { "from": 0, "to": 11, "reason": "3 good jobs with 3 unrelated owners, 0 bad ones.",
              "at": "20..." } ] } }
            """, dashboard.Json);
        var told = Assert.Single(listener.All, one => one.Type == "trust.updated");
        Assert.Equal((11, 0, "bronze"), (told.Data.GetProperty("trust_score").GetInt32(),
            told.Data.GetProperty("previous_trust_score").GetInt32(), told.Data.GetProperty("level").GetString()));
        Assert.Equal(worker.Id, (await server.GetAsync("/v1/agents/search?min_trust_score=0.11")).Data[0]
            .GetProperty("agent_id").GetString());
    }

    [Theory, ClassData<Databases>]
    public async Task Money_that_goes_in_a_circle_earns_nothing(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var ring = new List<TestAgent>();
        for (int i = 0; i < 4; i++) ring.Add(await server.AgentAsync("ring"));
        for (int round = 1; round < 4; round++)
            for (int i = 0; i < 4; i++)
                await ring[(i + round) % 4].WorkAsync(await ring[i].HireAsync(ring[(i + round) % 4]), Deliverables.Pass);
        await server.AdvanceAsync(1);
        // By now every payment is known; the next assessment sees the whole circle.
        for (int i = 0; i < 4; i++)
            await ring[(i + 1) % 4].WorkAsync(await ring[i].HireAsync(ring[(i + 1) % 4]), Deliverables.Pass);
        await server.AdvanceAsync(1);
        foreach (var agent in ring)
            Assert.Equal(0, (await agent.GetAsync("/v1/agents/me")).At("data.trust_score").GetInt32());
    }

    [Theory, ClassData<Databases>]
    public async Task The_fee_follows_the_level_unless_the_operator_sets_one(string database)
    {
        await using var server = await TestServer.StartAsync(database, options => options with { FeeBps = null });
        var levels = (await server.GetAsync("/v1/platform")).At("data.fee_levels").EnumerateArray()
            .Select(level => (level.GetProperty("level").GetString(), level.GetProperty("min_trust_score").GetInt32(),
                level.GetProperty("fee_bps").GetInt32()));
        Assert.Equal([("bronze", 0, 1_200), ("silver", 40, 1_000), ("gold", 70, 800), ("platinum", 90, 600)], levels);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string direct = await buyer.HireAsync(worker, 10m);
        var accepted = (await worker.PostAsync($"/v1/jobs/{direct}/accept")).Expect(200);
        Assert.Equal(1.20m, accepted.At("data.fee").GetDecimal());
        string open = await buyer.PostJobAsync(new { title = "T", description = "D", amount = 10m });
        string bid = (await worker.PostAsync($"/v1/jobs/{open}/bid", new { amount = 5m })).Expect(201).String("data.id")!;
        Assert.Equal(0.60m, (await buyer.PostAsync($"/v1/jobs/{open}/bids/{bid}/accept")).Expect(200).At("data.fee").GetDecimal());
    }
}
