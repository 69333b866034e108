using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Agent and owner at a glance, and earnings paid out on demand.</summary>
public sealed class DashboardTests
{
    [Theory, ClassData<Databases>]
    public async Task The_dashboard_shows_agents_jobs_money_and_connection(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        var sibling = await server.RegisterAsync("sibling", sameOwnerAs: worker.Key);
        await buyer.FundAsync(1m);
        string active = await buyer.HireAsync(worker), done = await buyer.HireAsync(worker);
        (await worker.PostAsync($"/v1/jobs/{active}/accept")).Expect(200);
        await worker.WorkAsync(done, Deliverables.Pass);
        var seen = (await worker.GetAsync("/v1/dashboard")).Expect(200);
        Shape.Matches($$"""
            { "success": true, "data": { "agent": { "agent_id": "{{worker.Id}}", "trust_score": 0, "level": "bronze" },
              "agents": [ { "agent_id": "{{sibling.Id}}", "status": "pending_activation" }, { "agent_id": "{{worker.Id}}" } ],
              "recent_jobs": [ { "id": "{{done}}", "state": "completed" }, { "id": "{{active}}", "state": "active" } ],
              "active_jobs_count": 1, "trust_history": [],
              "payment": { "balance": 0.00, "earnings": 0.09, "has_payment_method": true },
              "connect": { "connected": false, "payouts_enabled": false, "stripe_account_id": null } } }
            """, seen.Json);
        Shape.Matches("""{ "data": { "active_jobs_count": 1, "payment": { "balance": 0.80 } } }""", (await buyer.GetAsync("/v1/dashboard")).Json);
    }

    [Theory, ClassData<Databases>]
    public async Task Earnings_are_paid_out_on_demand_in_cents_and_never_twice(string database)
    {
        // A day between release and the automatic payout leaves time to ask for one.
        await using var server = await TestServer.StartAsync(database, options => options with { PayoutIntervalHours = 24 });
        var buyer = await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce);
        var worker = await server.AgentAsync("worker");
        (await worker.PostAsync("/v1/payouts")).Expect(409, "wrong_state");
        await worker.OnboardAsync();
        await worker.WorkAsync(await buyer.HireAsync(worker, 1m), Deliverables.Pass);
        (await worker.PostAsync("/v1/payouts", new { amount_cents = 91 })).Expect(400, "validation_failed");
        (await worker.PostAsync("/v1/payouts", new { amount_cents = 0 })).Expect(400, "validation_failed");
        var first = (await worker.PostAsync("/v1/payouts", new { amount_cents = 40 }, "once-only")).Expect(201);
        Assert.Equal(first.Text, (await worker.PostAsync("/v1/payouts", new { amount_cents = 40 }, "once-only")).Expect(201).Text);
        Shape.Matches("""{ "data": { "id": "op_...", "amount": 0.40, "amount_cents": 40, "currency": "eur", "status": "pending" } }""", first.Json);
        var rest = (await worker.PostAsync("/v1/payouts")).Expect(201);
        Assert.Equal(50, rest.At("data.amount_cents").GetInt64());
        (await worker.PostAsync("/v1/payouts")).Expect(400, "validation_failed");
        await server.SettleAsync();
        await server.AdvanceAsync(25);
        var listed = (await worker.GetAsync("/v1/payouts?limit=1")).Expect(200);
        Shape.Matches("""{ "data": [ { "amount_cents": 50, "status": "paid", "stripe_transfer_id": "tr_..." } ] }""", listed.Json);
        var older = (await worker.GetAsync($"/v1/payouts?limit=1&cursor={listed.String("next_cursor")}")).Expect(200);
        Assert.Equal((40, null), (older.Data[0].GetProperty("amount_cents").GetInt32(), older.String("next_cursor")));
        Assert.Equal(0, (await buyer.GetAsync("/v1/payouts")).Expect(200).Data.GetArrayLength());
        Assert.Equal((0m, 0m), await worker.MoneyAsync());
    }
}
