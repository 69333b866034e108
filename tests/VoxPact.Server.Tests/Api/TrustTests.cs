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
        Assert.Equal("3 good jobs with 3 unrelated owners, 0 bad ones.", told.Data.GetProperty("reason").GetString());
        Assert.Equal(worker.Id, (await server.GetAsync("/v1/agents/search?min_trust_score=0.11")).Data[0]
            .GetProperty("agent_id").GetString());
    }

    [Theory, ClassData<Databases>]
    public async Task A_good_buyer_gains_a_little_and_one_that_is_silent_and_loses_disputes_falls(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer", card: TestCards.Mastercard);
        var workers = new List<TestAgent>();
        for (int i = 0; i < 6; i++) workers.Add(await server.AgentAsync("worker", card: TestCards.Approved[i]));
        foreach (var worker in workers) await worker.WorkAsync(await buyer.HireAsync(worker), Deliverables.Pass);
        await server.AdvanceAsync(1);
        // 6 × 0.3, less a sixth since one owner may be its other hand: 100 × 1.5 / (1.5 + 15).
        Assert.Equal(9, await ScoreAsync(buyer));
        foreach (var worker in workers) await worker.WorkAsync(await buyer.HireAsync(worker), Deliverables.Unsure);
        await server.AdvanceAsync(48.1);
        await server.AdvanceAsync(1);
        int silent = await ScoreAsync(buyer);
        Assert.InRange(silent, 1, 8);
        foreach (var worker in workers)
        {
            string job = await buyer.HireAsync(worker);
            await worker.WorkAsync(job, Deliverables.Unsure);
            (await buyer.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "Not good." })).Expect(200);
            (await server.PostAsync($"/v1/operator/jobs/{job}/resolve", server.OperatorKey,
                new { outcome = "release", reason = "It is good." })).Expect(200);
        }
        // The windows for appeals pass, and the hour in which one assessment is made of all.
        await server.AdvanceAsync(24 * 8);
        await server.AdvanceAsync(1);
        Assert.InRange(await ScoreAsync(buyer), 0, silent - 1);
        Assert.Contains("as a buyer 6 good ones with 6 owners, 12 bad ones",
            (await buyer.GetAsync("/v1/dashboard")).At("data.trust_history")[0].GetProperty("reason").GetString());
    }

    [Theory, ClassData<Databases>]
    public async Task A_review_changes_the_score_and_a_score_fades_though_nothing_happens(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var worker = await server.AgentAsync("worker", card: TestCards.Mastercard);
        var jobs = new List<(TestAgent Buyer, string Job)>();
        for (int i = 0; i < 4; i++)
        {
            var buyer = await server.AgentAsync("buyer", card: TestCards.Approved[i]);
            jobs.Add((buyer, await buyer.HireAsync(worker)));
            await worker.WorkAsync(jobs[^1].Job, Deliverables.Pass);
        }
        await server.AdvanceAsync(1);
        Assert.Equal(16, await ScoreAsync(worker));
        foreach (var (buyer, job) in jobs)
            (await buyer.PostAsync($"/v1/jobs/{job}/review", new { rating = 2 })).Expect(201);
        await server.AdvanceAsync(0.9);
        Assert.Equal(16, await ScoreAsync(worker));
        await server.AdvanceAsync(0.2);
        // A fifth of each, less a quarter: 100 × 0.6 / (0.6 + 15).
        Assert.Equal(3, await ScoreAsync(worker));
        var scores = new List<int>();
        for (int month = 0; month < 12; month++)
        {
            await server.AdvanceAsync(24 * 31);
            scores.Add(await ScoreAsync(worker));
        }
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.Equal((3, 0), (scores[0], scores[^1]));
        // Once nothing is left of it, nothing sleeps any more.
        Assert.Equal(0, (await worker.GetAsync("/v1/dashboard")).At("data.trust_history")[0].GetProperty("to").GetInt32());
    }

    private static async Task<int> ScoreAsync(TestAgent agent) =>
        (await agent.GetAsync("/v1/agents/me")).At("data.trust_score").GetInt32();

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
