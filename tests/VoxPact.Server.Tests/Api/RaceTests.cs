using VoxPact.Server.Tests.Harness;
using VoxPact.StripeSimulator;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Many at once: one winner each, and not a cent too much.</summary>
public sealed class RaceTests(SharedServers servers) : IClassFixture<SharedServers>
{
    [Theory, ClassData<Databases>]
    public async Task Of_200_parallel_posts_on_money_for_10_and_no_chargeable_card_exactly_10_succeed(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(1.00m);
        await buyer.RemoveCardsAsync();
        await buyer.SaveCardAsync(TestCards.DeclinesCharges);
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ =>
            buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.10m })));
        Assert.Equal(10, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.Expect(402, "payment_declined"));
        Assert.Equal((0m, 0m), await buyer.MoneyAsync());
        Assert.Equal(10, (await buyer.GetAsync("/v1/jobs?state=open&limit=100")).Data.GetArrayLength());
        // The eleventh is the one whose funding made the balance.
        Assert.Equal(11, (await buyer.GetAsync("/v1/jobs?limit=100")).Data.GetArrayLength());
    }

    [Theory, ClassData<Databases>]
    public async Task Parallel_posts_with_a_card_wait_for_one_top_up_at_a_time(string database)
    {
        var (stripe, server) = await HeldStripe.StartAsync(database);
        await using var _ = stripe;
        await using var __ = server;
        var buyer = await server.AgentAsync("buyer");
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ =>
            buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.10m })));
        Assert.All(answers, answer => answer.Expect(201));

        int underWay = 0, most = 0, charges = 0;
        foreach (var (stage, path) in stripe.Seen)
        {
            if (path == "/v1/payment_intents" && stage is RequestStage.Admitted) most = Math.Max(most, ++underWay);
            if (path.EndsWith("/confirm") && stage is RequestStage.Committed) (underWay, charges) = (underWay - 1, charges + 1);
        }
        Assert.Equal((0, 1), (underWay, most));
        // The second charge covers everything that waited for the first; few more are needed for late comers.
        Assert.InRange(charges, 2, 40);
        var made = (await server.StripeAsync("/v1/payment_intents?limit=100")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(charges, made.Count);
        Assert.Equal(20.00m + (await buyer.MoneyAsync()).Balance,
            made.Sum(charge => charge.GetProperty("amount_received").GetInt64()) / 100m);
    }

    [Theory, ClassData<Databases>]
    public async Task Of_two_submissions_at_once_one_counts(string database)
    {
        var (buyer, worker) = await PartiesAsync(database);
        for (int round = 0; round < 5; round++)
        {
            string job = await buyer.HireAsync(worker);
            (await worker.PostAsync($"/v1/jobs/{job}/accept")).Expect(200);
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
                worker.PostAsync($"/v1/jobs/{job}/submit", new { deliverable = $"{Deliverables.Unjudged} Version {i}." })));
            Assert.Single(answers, answer => answer.Status == 200);
            Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.Expect(409, "wrong_state"));
            Assert.Equal(1, (await buyer.JobAsync(job)).GetProperty("submissions_used").GetInt32());
        }
    }

    [Theory, ClassData<Databases>]
    public async Task Accept_decline_cancel_and_expiry_at_once_have_one_winner(string database)
    {
        var (buyer, worker) = await PartiesAsync(database);
        for (int round = 0; round < 10; round++)
        {
            string job = await buyer.HireAsync(worker);
            decimal held = (await buyer.MoneyAsync()).Balance;
            var answers = await Task.WhenAll(
                worker.PostAsync($"/v1/jobs/{job}/decline"), buyer.PostAsync($"/v1/jobs/{job}/cancel"),
                worker.PostAsync($"/v1/jobs/{job}/decline"), buyer.PostAsync($"/v1/jobs/{job}/cancel"));
            Assert.Single(answers, answer => answer.Status == 200);
            Assert.Equal(held + 0.10m, (await buyer.MoneyAsync()).Balance);
        }
    }

    [Theory, ClassData<Databases>]
    public async Task Approval_against_the_timer_pays_once(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(10.00m);
        var jobs = new List<string>();
        for (int i = 0; i < 20; i++) jobs.Add(await buyer.HireAsync(worker));
        foreach (string job in jobs)
        {
            (await worker.PostAsync($"/v1/jobs/{job}/accept")).Expect(200);
            (await worker.PostAsync($"/v1/jobs/{job}/submit", new { deliverable = Deliverables.Unsure })).Expect(200);
        }
        await server.SettleAsync();
        var clock = server.AdvanceAsync(48.1);
        var approvals = await Task.WhenAll(jobs.Select(job => buyer.PostAsync($"/v1/jobs/{job}/approve")));
        await clock;
        foreach (var (job, approval) in jobs.Zip(approvals))
        {
            Assert.Contains(approval.Status, new[] { 200, 409 });
            await buyer.ExpectAsync(job, "completed", approval.Status == 200 ? "approved" : "silence");
        }
        Assert.Equal(20 * 0.09m, (await worker.MoneyAsync()).Earnings);
        Assert.Equal(8.00m, (await buyer.MoneyAsync()).Balance);
    }

    [Theory, ClassData<Databases>]
    public async Task Of_50_parallel_rotations_exactly_one_key_lives(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => agent.PostAsync("/v1/agents/rotate-key")));
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.Expect(401, "unknown_credential"));
        string[] keys = [agent.Key, .. answers.Where(answer => answer.Status == 200).Select(answer => answer.String("data.api_key")!)];
        var alive = await Task.WhenAll(keys.Select(key => server.GetAsync("/v1/agents/me", key)));
        Assert.Single(alive, answer => answer.Status == 200);
    }

    [Theory, ClassData<Databases>]
    public async Task A_key_rotated_on_one_node_is_refused_by_the_next_request_to_another(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var other = await server.SecondNodeAsync();
        var agent = await server.AgentAsync();
        for (int round = 0; round < 10; round++)
        {
            string old = agent.Key;
            (await other.GetAsync("/v1/agents/me", old)).Expect(200);
            await agent.RotateAsync();
            (await other.GetAsync("/v1/agents/me", old)).Expect(401, "unknown_credential");
            (await other.PostAsync("/v1/payment-methods/setup", old)).Expect(401, "unknown_credential");
            (await other.GetAsync("/v1/agents/me", agent.Key)).Expect(200);
        }
    }

    [Theory, ClassData<Databases>]
    public async Task Two_nodes_spend_one_balance_once_and_time_is_the_same_on_both(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var other = await server.SecondNodeAsync();
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(1.00m);
        await buyer.RemoveCardsAsync();
        var job = new { title = "T", description = "D", amount = 0.10m };
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
            (i % 2 == 0 ? server : other).PostAsync("/v1/jobs", buyer.Key, job)));
        Assert.Equal(10, answers.Count(answer => answer.Status == 201));
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.Expect(402, "payment_method_required"));
        Assert.Equal((0m, 0m), await buyer.MoneyAsync());

        await server.AdvanceAsync(72.1);
        Assert.Equal(1.00m, (await buyer.MoneyAsync()).Balance);
        var late = (await other.PostAsync("/v1/jobs", buyer.Key, job)).Expect(201);
        Assert.True(late.At("data.created_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddHours(71));
    }

    private async Task<(TestAgent Buyer, TestAgent Worker)> PartiesAsync(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(10.00m);
        return (buyer, worker);
    }
}
