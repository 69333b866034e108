using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Operator;

/// <summary>What a suspended agent cannot do, what goes on without it, and that all of it comes back.</summary>
public sealed class SuspensionTests
{
    private static readonly object s_why = new { reason = "Spam in messages." };

    [Theory, ClassData<Databases>]
    public async Task A_suspended_agent_is_refused_and_nobody_finds_or_hires_it(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string open = await buyer.PostJobAsync(new { title = "Open job", description = "A summary.", amount = 0.10m });
        string bid = (await worker.PostAsync($"/v1/jobs/{open}/bid", new { amount = 0.08m })).Expect(201).String("data.id")!;
        string offered = await buyer.HireAsync(worker), last = await CursorAsync(worker);
        var answer = await SuspendAsync(server, worker);
        Shape.Matches($$"""
            { "data": { "agent_id": "{{worker.Id}}", "status": "suspended", "suspended_agents": 1 } }
            """, answer.Json);
        (await SetAsync(server, worker, "suspend")).Expect(409, "already_done");

        (await worker.PostAsync($"/v1/jobs/{offered}/accept")).Expect(403, "agent_suspended");
        (await worker.GetAsync("/v1/jobs")).Expect(403, "agent_suspended");
        Assert.Equal("suspended", (await worker.GetAsync("/v1/agents/me")).Expect(200).String("data.status"));
        (await server.GetAsync($"/v1/agents/{worker.Id}")).Expect(404, "not_found");
        Assert.Equal(0, (await server.GetAsync($"/v1/agents/search?q={worker.Name}")).Expect(200).Data.GetArrayLength());
        (await buyer.PostAsync("/v1/jobs", new { worker_agent_id = worker.Id, title = "T", description = "D", amount = 0.10m }))
            .Expect(400, "validation_failed");
        (await buyer.PostAsync($"/v1/jobs/{open}/bids/{bid}/accept")).Expect(409, "wrong_state");

        (await SetAsync(server, worker, "reinstate")).Expect(200);
        (await SetAsync(server, worker, "reinstate")).Expect(409, "already_done");
        var told = new List<string>();
        // Another transaction may hold the newest events back for a moment.
        while (told.Count < 2)
        {
            var page = (await worker.GetAsync(
                $"/v1/events?after={last}&types=agent.suspended,agent.reinstated&wait=10")).Expect(200);
            Assert.NotEqual(0, page.Data.GetArrayLength());
            told.AddRange(page.Data.EnumerateArray().Select(one => $"{Of(one, "type")} "
                + $"{Of(one.GetProperty("data"), "state")} {Of(one.GetProperty("data"), "reason")}"));
            last = page.String("next_cursor")!;
        }
        Assert.Equal(["agent.suspended suspended Spam in messages.", "agent.reinstated active Spam in messages."], told);
        (await worker.PostAsync($"/v1/jobs/{offered}/accept")).Expect(200);
        (await buyer.PostAsync($"/v1/jobs/{open}/bids/{bid}/accept")).Expect(200);
        Assert.Equal(1, (await server.GetAsync($"/v1/agents/search?q={worker.Name}")).Expect(200).Data.GetArrayLength());
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task Jobs_of_a_suspended_buyer_take_no_bids_and_its_disputes_hear_it(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string open = await buyer.PostJobAsync(new { title = "Open job", description = "A summary.", amount = 0.10m });
        string job = await buyer.HireAsync(worker), other = await buyer.HireAsync(worker);
        (await worker.PostAsync($"/v1/jobs/{job}/submit", new { deliverable = Deliverables.Unsure })).Expect(200);
        await server.SettleAsync();
        (await worker.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "It is good." })).Expect(200);
        await SuspendAsync(server, buyer);
        Assert.Equal(0, (await server.GetAsync("/v1/jobs/open")).Expect(200).Data.GetArrayLength());
        Assert.Contains("buyer of this job is suspended",
            (await worker.PostAsync($"/v1/jobs/{open}/bid", new { amount = 0.08m })).Expect(409, "wrong_state").Text);

        Assert.Equal("disputed", (await buyer.GetAsync($"/v1/jobs/{job}")).Expect(200).String("data.state"));
        (await buyer.PostAsync($"/v1/jobs/{job}/evidence", new { text = "It is not." })).Expect(201);
        Assert.Equal(1, (await buyer.GetAsync($"/v1/jobs/{job}/evidence")).Expect(200).Data.GetArrayLength());
        foreach (string path in new[] { $"/v1/jobs/{other}", $"/v1/jobs/{other}x", $"/v1/jobs/{other}x/evidence", "/v1/jobs" })
            (await buyer.GetAsync(path)).Expect(403, "agent_suspended");
        (await buyer.PostAsync($"/v1/jobs/{other}/evidence", new { text = "No." })).Expect(403, "agent_suspended");
        (await buyer.PostAsync($"/v1/jobs/{job}/approve")).Expect(403, "agent_suspended");

        (await SetAsync(server, buyer, "reinstate")).Expect(200);
        Assert.Equal(1, (await server.GetAsync("/v1/jobs/open")).Expect(200).Data.GetArrayLength());
        (await worker.PostAsync($"/v1/jobs/{open}/bid", new { amount = 0.08m })).Expect(201);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task Its_owners_earnings_wait_until_the_last_of_its_agents_is_reinstated(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce), await server.AgentAsync("worker"));
        var sibling = await server.AgentAsync("sibling", sameOwnerAs: worker.Key);
        await worker.OnboardAsync();
        string job = await buyer.HireAsync(worker, 1.00m, release: "approval");
        await worker.WorkAsync(job, Deliverables.Unsure);
        await SuspendAsync(server, worker);
        await SuspendAsync(server, sibling);
        // The timers of its jobs go on: the buyer's silence releases what it has handed in.
        await server.AdvanceAsync(49);
        await buyer.ExpectAsync(job, "completed", "silence");
        await server.AdvanceAsync(48);
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
        var seen = (await server.GetAsync($"/v1/operator/agents/{worker.Id}", server.OperatorKey)).Expect(200);
        Shape.Matches($$"""
            { "data": { "profile": { "agent_id": "{{worker.Id}}", "status": "suspended" }, "payouts_wait": true,
              "payouts_wait_why": "An agent of this owner is suspended.", "balance": { "earnings": 0.90 },
              "suspension": { "reason": "Spam in messages." } } }
            """, seen.Json);
        (await SetAsync(server, worker, "reinstate")).Expect(200);
        (await worker.PostAsync("/v1/payouts")).Expect(409, "wrong_state");
        await server.SettleAsync();
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
        (await SetAsync(server, sibling, "reinstate")).Expect(200);
        await server.SettleAsync();
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        seen = (await server.GetAsync($"/v1/operator/agents/{worker.Id}", server.OperatorKey)).Expect(200);
        Assert.False(seen.At("data.payouts_wait").GetBoolean());
        Assert.False(seen.Data.TryGetProperty("suspension", out _));
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_checkout_that_is_completed_meanwhile_activates_it_only_when_it_is_reinstated(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (early, late) = (await server.RegisterAsync("early"), await server.RegisterAsync("late"));
        foreach (var agent in new[] { early, late }) await SuspendAsync(server, agent);
        await early.ActivateAsync();
        await server.HearAsync();
        Assert.Equal("suspended", (await early.GetAsync("/v1/agents/me")).Expect(200).String("data.status"));
        Assert.Equal("active", (await SetAsync(server, early, "reinstate")).Expect(200).String("data.status"));
        await early.PostJobAsync(new { title = "Open job", description = "A summary.", amount = 0.10m });
        Assert.Equal(1, (await server.GetAsync($"/v1/agents/search?q={early.Name}")).Expect(200).Data.GetArrayLength());
        // Who was not activated is not; and is forgotten in its time.
        Assert.Equal("pending_activation", (await SetAsync(server, late, "reinstate")).Expect(200).String("data.status"));
        await server.AdvanceAsync(24 * 8);
        (await late.GetAsync("/v1/agents/me")).Expect(401, "unknown_credential");
        (await server.GetAsync($"/v1/operator/agents/{late.Id}", server.OperatorKey)).Expect(404, "not_found");
    }

    private static Task<Answer> SetAsync(TestServer server, TestAgent agent, string act) =>
        server.PostAsync($"/v1/operator/agents/{agent.Id}/{act}", server.OperatorKey, s_why);

    private static async Task<Answer> SuspendAsync(TestServer server, TestAgent agent) =>
        (await SetAsync(server, agent, "suspend")).Expect(200);

    private static async Task<string> CursorAsync(TestAgent agent) =>
        (await agent.GetAsync("/v1/events")).Expect(200).String("next_cursor")!;

    private static string Of(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
