using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>A job's states, reached over HTTP, and where its money is in each. The clock stands still here.</summary>
public sealed class LifeTests(SharedServers servers) : IClassFixture<SharedServers>
{
    [Theory, ClassData<Databases>]
    public async Task A_bid_below_the_amount_releases_and_refunds_exactly(string database)
    {
        var (buyer, worker) = await PartiesAsync(database);
        string job = await buyer.PostJobAsync(new { title = "T", description = "The quarterly report.", amount = 1.00m });
        await buyer.ExpectAsync(job, "open");
        (await worker.PostAsync($"/v1/jobs/{job}/bid", new { amount = 1.01m })).Expect(400, "validation_failed");
        string bid = (await worker.PostAsync($"/v1/jobs/{job}/bid", new { amount = 0.73m, message = "I can." })).Expect(201)
            .String("data.id")!;
        Assert.Equal(9.00m, (await buyer.MoneyAsync()).Balance);
        (await buyer.PostAsync($"/v1/jobs/{job}/bids/{bid}/accept")).Expect(200);
        Assert.Equal(9.27m, (await buyer.MoneyAsync()).Balance);
        await worker.SubmitAsync(job, Deliverables.Pass);
        await buyer.ExpectAsync(job, "completed", "validated");
        Assert.Equal((9.27m, 0m), await buyer.MoneyAsync());
        // floor(73 × 10 %) = 7 cents stay with the platform.
        Assert.Equal((0m, 0.66m), await worker.MoneyAsync());
    }

    [Theory, ClassData<Databases>]
    public async Task The_public_sees_an_open_job_without_its_task_spec(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, stranger) = await PartiesAsync(database);
        string job = await buyer.PostJobAsync(
            new { title = "Open", description = "Public words.", amount = 1.00m, task_spec = new { secret = "x" } });
        var listed = (await server.GetAsync("/v1/jobs/open")).Expect(200).Data.EnumerateArray()
            .Single(one => one.GetProperty("id").GetString() == job);
        Assert.False(listed.TryGetProperty("task_spec", out _));
        Assert.DoesNotContain("secret", (await stranger.GetAsync($"/v1/jobs/{job}")).Expect(200).Text);
        Shape.Matches("""{ "data": { "task_spec": { "secret": "x" }, "spec": { "secret": "x" } } }""",
            (await buyer.GetAsync($"/v1/jobs/{job}")).Json);
        (await buyer.PostAsync($"/v1/jobs/{job}/cancel")).Expect(200);
        (await stranger.GetAsync($"/v1/jobs/{job}")).Expect(404, "not_found");
    }

    [Theory, ClassData<Databases>]
    public async Task A_declined_job_and_a_cancelled_one_go_back_to_the_balance(string database)
    {
        var (buyer, worker) = await PartiesAsync(database);
        string declined = await buyer.HireAsync(worker, 4.00m), cancelled = await buyer.HireAsync(worker, 5.00m);
        Assert.Equal(1.00m, (await buyer.MoneyAsync()).Balance);
        (await worker.PostAsync($"/v1/jobs/{declined}/decline", new { reason = "No time." })).Expect(200);
        Assert.Equal(5.00m, (await buyer.MoneyAsync()).Balance);
        (await buyer.PostAsync($"/v1/jobs/{cancelled}/cancel")).Expect(200);
        Assert.Equal(10.00m, (await buyer.MoneyAsync()).Balance);
        await buyer.ExpectAsync(declined, "cancelled", "declined");
        await buyer.ExpectAsync(cancelled, "cancelled", "cancelled");
        (await buyer.PostAsync($"/v1/jobs/{cancelled}/cancel")).Expect(409, "wrong_state");
        Assert.Equal(10.00m, (await buyer.MoneyAsync()).Balance);
    }

    [Theory, ClassData<Databases>]
    public async Task An_active_job_ends_by_both_or_by_the_worker_alone_before_anything_was_submitted(string database)
    {
        var (buyer, worker) = await PartiesAsync(database);
        string both = await buyer.HireAsync(worker, 1.00m), alone = await buyer.HireAsync(worker, 1.00m);
        foreach (string job in new[] { both, alone }) (await worker.PostAsync($"/v1/jobs/{job}/accept")).Expect(200);
        Shape.Matches("""{ "data": { "state": "active", "cancel_requested_by": "buyer" } }""",
            (await buyer.PostAsync($"/v1/jobs/{both}/cancel")).Expect(200).Json);
        (await buyer.PostAsync($"/v1/jobs/{both}/cancel")).Expect(409, "already_done");
        (await worker.PostAsync($"/v1/jobs/{both}/cancel")).Expect(200);
        await buyer.ExpectAsync(both, "cancelled", "cancelled");
        (await worker.PostAsync($"/v1/jobs/{alone}/cancel")).Expect(200);
        await buyer.ExpectAsync(alone, "cancelled", "cancelled");
        Assert.Equal(10.00m, (await buyer.MoneyAsync()).Balance);
    }

    [Theory, ClassData<Databases>]
    public async Task A_pass_pays_at_once_or_waits_for_approval_when_posted_so(string database)
    {
        var (buyer, worker) = await PartiesAsync(database);
        string job = await buyer.HireAsync(worker, 1.00m, release: "approval");
        await worker.WorkAsync(job, Deliverables.Pass);
        await buyer.ExpectAsync(job, "review");
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        (await buyer.PostAsync($"/v1/jobs/{job}/approve")).Expect(200);
        await worker.ExpectAsync(job, "completed", "approved");
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
        (await buyer.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "Too late." })).Expect(409, "wrong_state");
    }

    [Theory, ClassData<Databases>]
    public async Task A_failed_work_goes_back_with_reasons_until_no_submission_is_left(string database)
    {
        var (buyer, worker) = await PartiesAsync(database);
        string job = await buyer.HireAsync(worker, 1.00m, maxRevisions: 1);
        await worker.WorkAsync(job, Deliverables.Fail);
        await worker.ExpectAsync(job, "active");
        Shape.Matches("""{ "outcome": "fail", "submission": 1 }""", (await worker.JobAsync(job)).GetProperty("last_verdict"));
        await worker.SubmitAsync(job, Deliverables.Fail + " Again.");
        await worker.ExpectAsync(job, "failed");
        (await worker.PostAsync($"/v1/jobs/{job}/submit", new { deliverable = Deliverables.Pass })).Expect(409);
        Assert.Equal((9.00m, 0m), await buyer.MoneyAsync());
        (await buyer.PostAsync($"/v1/jobs/{job}/approve")).Expect(200);
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
        var submissions = (await buyer.GetAsync($"/v1/jobs/{job}/submissions")).Expect(200).Data;
        Assert.Equal([1, 2], submissions.EnumerateArray().Select(one => one.GetProperty("number").GetInt32()).Order());
    }

    [Theory, ClassData<Databases>]
    public async Task Work_that_is_worth_nothing_is_refused_before_a_judge_is_asked_and_not_counted(string database)
    {
        var (buyer, worker) = await PartiesAsync(database);
        string job = await buyer.PostJobAsync(new
        {
            worker_agent_id = worker.Id,
            title = "T",
            description = "The quarterly report.",
            amount = 1.00m,
            acceptance = new { must_include = new[] { "revenue" }, min_length = 20 },
        });
        (await worker.PostAsync($"/v1/jobs/{job}/accept")).Expect(200);
        foreach (object work in new object[] { "", "   ", new { }, new { error = "boom", handler = "h" }, "no such word in these words" })
            (await worker.PostAsync($"/v1/jobs/{job}/submit", new { deliverable = work })).Expect(400, "validation_failed");
        Assert.Equal(0, (await worker.JobAsync(job)).GetProperty("submissions_used").GetInt32());
        await worker.SubmitAsync(job, Deliverables.Good);
        await buyer.ExpectAsync(job, "completed", "validated");
    }

    [Theory, ClassData<Databases>]
    public async Task The_operator_ends_a_dispute_for_one_side_and_only_once(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = await PartiesAsync(database);
        foreach (var (outcome, state, balance, earnings) in new[]
            { ("release", "completed", 9.00m, 0.90m), ("refund", "cancelled", 9.00m, 0.90m) })
        {
            string job = await buyer.HireAsync(worker, 1.00m);
            await worker.WorkAsync(job, Deliverables.Suspect);
            (await buyer.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "Look at this." })).Expect(200);
            string path = $"/v1/operator/jobs/{job}/resolve";
            (await server.PostAsync(path, buyer.Key, new { outcome, reason = "I say so." })).Expect(403, "operator_only");
            (await server.PostAsync(path, server.OperatorKey, new { outcome, reason = "I have looked." })).Expect(200);
            (await server.PostAsync(path, server.OperatorKey, new { outcome, reason = "Again." })).Expect(409, "wrong_state");
            await buyer.ExpectAsync(job, state, "dispute");
            Assert.Equal((balance, earnings), ((await buyer.MoneyAsync()).Balance, (await worker.MoneyAsync()).Earnings));
        }
    }

    [Theory, ClassData<Databases>]
    public async Task In_a_dispute_the_worker_may_concede_and_the_buyer_may_approve(string database)
    {
        var (buyer, worker) = await PartiesAsync(database);
        string conceded = await buyer.HireAsync(worker, 1.00m), approved = await buyer.HireAsync(worker, 1.00m);
        foreach (string job in new[] { conceded, approved })
        {
            await worker.WorkAsync(job, Deliverables.Unsure);
            (await worker.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "The buyer is silent." })).Expect(200);
            await buyer.ExpectAsync(job, "disputed");
        }
        (await worker.PostAsync($"/v1/jobs/{conceded}/concede")).Expect(200);
        (await buyer.PostAsync($"/v1/jobs/{approved}/approve")).Expect(200);
        await buyer.ExpectAsync(conceded, "cancelled", "dispute");
        await buyer.ExpectAsync(approved, "completed", "approved");
        Assert.Equal(9.00m, (await buyer.MoneyAsync()).Balance);
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
    }

    [Theory, ClassData<Databases>]
    public async Task A_revision_counts_as_a_submission_and_says_why(string database)
    {
        var (buyer, worker) = await PartiesAsync(database);
        string job = await buyer.HireAsync(worker, 1.00m, maxRevisions: 1);
        await worker.WorkAsync(job, Deliverables.Unsure);
        (await buyer.PostAsync($"/v1/jobs/{job}/request-revision", new { })).Expect(400, "validation_failed");
        (await buyer.PostAsync($"/v1/jobs/{job}/request-revision", new { reason = "Mention the costs." })).Expect(200);
        Shape.Matches("""{ "state": "active", "reason": "Mention the costs." }""", await worker.JobAsync(job));
        await worker.SubmitAsync(job, Deliverables.Unsure + " Costs fell.");
        (await buyer.PostAsync($"/v1/jobs/{job}/request-revision", new { reason = "More." })).Expect(409, "no_submissions_left");
        (await buyer.PostAsync($"/v1/jobs/{job}/approve")).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task An_offered_job_can_be_delivered_in_one_step_and_approved_while_judges_are_out(string database)
    {
        var (buyer, worker) = await PartiesAsync(database);
        string job = await buyer.HireAsync(worker, 1.00m);
        await worker.SubmitAsync(job, Deliverables.Unjudged);
        await buyer.ExpectAsync(job, "validating");
        (await buyer.PostAsync($"/v1/jobs/{job}/approve")).Expect(200);
        await buyer.ExpectAsync(job, "completed", "approved");
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
    }

    [Theory, ClassData<Databases>]
    public async Task Hiring_oneself_or_nobody_is_400(string database)
    {
        var server = await servers.OnAsync(database);
        var buyer = await server.AgentAsync("buyer");
        var pending = await server.RegisterAsync("pending");
        foreach (string worker in new[] { buyer.Id, pending.Id, "ag_00000000000000000000000000" })
            Shape.Matches("""{ "errors": { "worker_agent_id": ["..."] } }""", (await buyer.PostAsync("/v1/jobs",
                new { worker_agent_id = worker, title = "T", description = "D", amount = 0.10m })).Expect(400).Json);
    }

    /// <summary>A buyer with 10.00 and a worker who is not connected, so that earnings stay where they can be seen.</summary>
    private async Task<(TestAgent Buyer, TestAgent Worker)> PartiesAsync(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(10.00m);
        return (buyer, worker);
    }

    [Theory, ClassData<Databases>]
    public async Task Criteria_that_take_long_to_evaluate_hold_nobody_else_up(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string[] slow = [.. Enumerable.Range(0, 20).Select(i => $"(?:a|b|aa|ab|ba|[a-z ]{{1,40}}[0-9]x?y){{1,20}}Q{i}$")];
        string job = (await buyer.PostAsync("/v1/jobs", new
        {
            title = "T",
            description = "D",
            amount = 0.10m,
            worker_agent_id = worker.Id,
            acceptance = new { must_match = slow },
        })).Expect(201).String("data.id")!;
        (await worker.PostAsync($"/v1/jobs/{job}/accept")).Expect(200);
        var random = new Random(7);
        string letters = string.Concat(Enumerable.Range(0, 900_000).Select(_ => (char)('a' + random.Next(26))));
        var refused = worker.PostAsync($"/v1/jobs/{job}/submit", new { deliverable = letters });
        int others = 0;
        for (; !refused.IsCompleted; others++)
            (await buyer.PatchAsync("/v1/agents/me", new { description = $"Number {others}." })).Expect(200);
        (await refused).Expect(400);
        Assert.True(others > 2, $"Only {others} others were served meanwhile.");
    }
}
