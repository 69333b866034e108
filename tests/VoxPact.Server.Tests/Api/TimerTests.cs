using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>What happens by itself when nobody acts: the clock is moved, so each test has its own server.</summary>
public sealed class TimerTests
{
    [Theory, ClassData<Databases>]
    public async Task Jobs_that_nobody_touches_go_back_to_the_balance(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await PartiesAsync(server);
        string offered = await buyer.HireAsync(worker, 1.00m, deadlineHours: 24);
        string active = await buyer.HireAsync(worker, 1.00m, deadlineHours: 24);
        string stale = await buyer.HireAsync(worker, 1.00m, deadlineHours: null);
        string open = await buyer.PostJobAsync(new { title = "T", description = "D", amount = 1.00m });
        (await worker.PostAsync($"/v1/jobs/{active}/accept")).Expect(200);
        await server.AdvanceAsync(23.9);
        await buyer.ExpectAsync(offered, "offered");
        await buyer.ExpectAsync(active, "active");
        await server.AdvanceAsync(0.2);
        await buyer.ExpectAsync(offered, "cancelled", "expired");
        await buyer.ExpectAsync(active, "cancelled", "expired");
        await buyer.ExpectAsync(stale, "offered");
        await server.AdvanceAsync(48);
        await buyer.ExpectAsync(stale, "cancelled", "stale");
        await buyer.ExpectAsync(open, "cancelled", "stale");
        Assert.Equal((10.00m, 0m), await buyer.MoneyAsync());
    }

    [Theory, ClassData<Databases>]
    public async Task Silence_of_48_hours_on_an_unsure_verdict_pays(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await PartiesAsync(server);
        string job = await buyer.HireAsync(worker, 1.00m);
        await worker.WorkAsync(job, Deliverables.Unsure);
        await server.AdvanceAsync(47.9);
        await buyer.ExpectAsync(job, "review");
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        await server.AdvanceAsync(0.2);
        await buyer.ExpectAsync(job, "completed", "silence");
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
    }

    [Theory, ClassData<Databases>]
    public async Task Silence_on_a_suspect_verdict_never_pays(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await PartiesAsync(server);
        string job = await buyer.HireAsync(worker, 1.00m);
        await worker.WorkAsync(job, Deliverables.Suspect);
        await server.AdvanceAsync(48.1);
        await buyer.ExpectAsync(job, "disputed");
        await server.AdvanceAsync(24 * 14.1);
        await buyer.ExpectAsync(job, "cancelled", "dispute");
        Assert.Equal((10.00m, 0m), ((await buyer.MoneyAsync()).Balance, (await worker.MoneyAsync()).Earnings));
    }

    [Theory, ClassData<Databases>]
    public async Task A_silent_arbiter_pays_work_that_was_not_failed(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await PartiesAsync(server);
        string job = await buyer.HireAsync(worker, 1.00m);
        await worker.WorkAsync(job, Deliverables.Unsure);
        (await buyer.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "Hm." })).Expect(200);
        await server.AdvanceAsync(24 * 13.9);
        await buyer.ExpectAsync(job, "disputed");
        await server.AdvanceAsync(24 * 0.2);
        await buyer.ExpectAsync(job, "completed", "dispute");
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
    }

    [Theory, ClassData<Databases>]
    public async Task A_revision_at_hour_47_does_not_let_the_first_review_s_timer_pay(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await PartiesAsync(server);
        string job = await buyer.HireAsync(worker, 1.00m, deadlineHours: 100);
        await worker.WorkAsync(job, Deliverables.Unsure);
        await server.AdvanceAsync(47);
        (await buyer.PostAsync($"/v1/jobs/{job}/request-revision", new { reason = "Mention the costs." })).Expect(200);
        await worker.SubmitAsync(job, Deliverables.Unsure + " Costs fell.");
        await server.AdvanceAsync(2);
        await buyer.ExpectAsync(job, "review");
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        await server.AdvanceAsync(45.9);
        await buyer.ExpectAsync(job, "review");
        await server.AdvanceAsync(0.2);
        await buyer.ExpectAsync(job, "completed", "silence");
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
    }

    [Theory, ClassData<Databases>]
    public async Task A_deadline_that_passes_during_review_neither_strands_nor_steals(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await PartiesAsync(server);
        string job = await buyer.HireAsync(worker, 1.00m, deadlineHours: 10);
        await worker.WorkAsync(job, Deliverables.Unsure);
        await server.AdvanceAsync(30);
        await buyer.ExpectAsync(job, "review");
        // Twenty hours late by the first deadline, the worker still gets a day for the revision.
        (await buyer.PostAsync($"/v1/jobs/{job}/request-revision", new { reason = "Mention the costs." })).Expect(200);
        await server.AdvanceAsync(23.9);
        await worker.ExpectAsync(job, "active");
        await worker.SubmitAsync(job, Deliverables.Pass);
        await buyer.ExpectAsync(job, "completed", "validated");
    }

    [Theory, ClassData<Databases>]
    public async Task A_deadline_that_passes_while_judges_are_out_neither_strands_nor_steals(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await PartiesAsync(server);
        string job = await buyer.HireAsync(worker, 1.00m, deadlineHours: 10);
        await worker.WorkAsync(job, Deliverables.Unjudged);
        await server.AdvanceAsync(72);
        await buyer.ExpectAsync(job, "validating");
        Assert.Equal((9.00m, 0m), ((await buyer.MoneyAsync()).Balance, (await worker.MoneyAsync()).Earnings));
        await server.AdvanceAsync(24 * 4.1);
        await buyer.ExpectAsync(job, "disputed");
        await server.AdvanceAsync(24 * 14.1);
        await buyer.ExpectAsync(job, "completed", "dispute");
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
    }

    [Theory, ClassData<Databases>]
    public async Task A_deadline_after_a_failed_work_leaves_the_worker_a_day_to_dispute(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await PartiesAsync(server);
        string silent = await buyer.HireAsync(worker, 1.00m), disputed = await buyer.HireAsync(worker, 1.00m);
        foreach (string job in new[] { silent, disputed }) await worker.WorkAsync(job, Deliverables.Fail);
        await server.AdvanceAsync(24.1);
        await buyer.ExpectAsync(silent, "failed");
        (await worker.PostAsync($"/v1/jobs/{disputed}/dispute", new { reason = "It was good." })).Expect(200);
        await server.AdvanceAsync(24.1);
        await buyer.ExpectAsync(silent, "cancelled", "failed");
        await buyer.ExpectAsync(disputed, "disputed");
        await server.AdvanceAsync(24 * 14.1);
        await buyer.ExpectAsync(disputed, "cancelled", "dispute");
        Assert.Equal((10.00m, 0m), await buyer.MoneyAsync());
    }

    [Theory, ClassData<Databases>]
    public async Task Earnings_become_a_transfer_only_once_Connect_is_ready(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await PartiesAsync(server);
        foreach (decimal amount in new[] { 1.00m, 2.00m })
            await worker.WorkAsync(await buyer.HireAsync(worker, amount), Deliverables.Pass);
        await server.AdvanceAsync(24);
        Assert.Equal(2.70m, (await worker.MoneyAsync()).Earnings);
        Assert.Empty((await server.StripeAsync("/v1/transfers")).GetProperty("data").EnumerateArray());

        await worker.OnboardAsync();
        await server.SettleAsync();
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        await worker.WorkAsync(await buyer.HireAsync(worker, 0.10m), Deliverables.Pass);
        var transfers = (await server.StripeAsync("/v1/transfers")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal([9, 270], transfers.Select(transfer => transfer.GetProperty("amount").GetInt64()).Order());
        string account = (await worker.GetAsync("/v1/connect/status")).String("stripe_account_id")!;
        Assert.All(transfers, transfer => Assert.Equal(account, transfer.GetProperty("destination").GetString()));
    }

    [Theory, ClassData<Databases>]
    public async Task A_registration_that_is_never_activated_is_forgotten_after_a_week(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (pending, active) = (await server.RegisterAsync(), await server.AgentAsync());
        await server.AdvanceAsync(24 * 6.9);
        (await pending.GetAsync("/v1/agents/me")).Expect(200);
        await server.AdvanceAsync(24 * 0.2);
        (await pending.GetAsync("/v1/agents/me")).Expect(401, "unknown_credential");
        (await active.GetAsync("/v1/agents/me")).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task The_clock_moves_forward_only(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        foreach (string body in new[] { """{"advance_seconds":-1}""", """{"advance_seconds":1.5}""", """{"advance_seconds":"1"}""", "{}" })
            (await server.PostRawAsync("/v1/sandbox/clock", null, body)).Expect(400);
        var moved = (await server.PostAsync("/v1/sandbox/clock", null, new { advance_seconds = 3600 })).Expect(200);
        Assert.Equal(3600, moved.At("data.offset_seconds").GetInt64());
    }

    private static async Task<(TestAgent Buyer, TestAgent Worker)> PartiesAsync(TestServer server)
    {
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(10.00m);
        return (buyer, worker);
    }
}
