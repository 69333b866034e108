using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>A job in parts over HTTP: each part a job of its own, held, judged and paid when its turn comes.</summary>
public sealed class PartsTests(SharedServers servers) : IClassFixture<SharedServers>
{
    [Theory, ClassData<Databases>]
    public async Task Three_parts_are_held_judged_and_paid_one_after_the_other(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(10.00m);
        string first = await PostAsync(buyer, worker);
        Shape.Matches($$"""
            { "title": "Chapter 1", "amount": 1.00, "state": "offered", "description": "Translate the book.",
              "series": { "id": "{{first}}", "title": "The book", "number": 1, "of": 3, "parts": [
                { "number": 1, "title": "Chapter 1", "amount": 1.00, "status": "pending", "job_id": "{{first}}" },
                { "number": 2, "title": "Chapter 2", "amount": 2.00, "status": "waiting",
                  "description": "Mind the verses.", "deadline_hours": 48 },
                { "number": 3, "title": "Chapter 3", "amount": 3.00, "status": "waiting", "deadline_hours": 24 }] } }
            """, await worker.JobAsync(first));
        Assert.Equal(9.00m, (await buyer.MoneyAsync()).Balance);
        (await worker.PostAsync($"/v1/jobs/{first}/counter-offer", new { amount = 1.50m })).Expect(409, "wrong_state");
        await worker.WorkAsync(first, Deliverables.Pass);
        await buyer.ExpectAsync(first, "completed", "validated");

        string second = (await NextAsync(buyer, first, 2))!;
        Shape.Matches($$"""
            { "title": "Chapter 2", "amount": 2.00, "fee": 0.20, "state": "active", "description": "Mind the verses.",
              "required_capabilities": ["translation"], "series": { "id": "{{first}}", "number": 2 } }
            """, await worker.JobAsync(second));
        Assert.Equal(7.00m, (await buyer.MoneyAsync()).Balance);
        Assert.Equal(["job.created"], await worker.EventsAsync(second, 1));
        Assert.Equal(["job.accepted"], await buyer.EventsAsync(second, 1));
        await worker.SubmitAsync(second, Deliverables.Pass);
        string third = (await NextAsync(buyer, first, 3))!;
        await worker.SubmitAsync(third, Deliverables.Unsure);
        (await buyer.PostAsync($"/v1/jobs/{third}/approve")).Expect(200);
        await server.SettleAsync();
        Assert.Equal(["completed", "completed", "completed"], await StatusesAsync(worker, third));
        Assert.Equal(4.00m, (await buyer.MoneyAsync()).Balance);
        Assert.Equal(5.40m, (await worker.MoneyAsync()).Earnings);
        foreach (string job in new[] { first, second, third })
            (await buyer.GetAsync($"/v1/jobs/{job}/receipt")).Expect(200);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_part_that_does_not_pay_in_full_ends_the_series(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(20.00m);
        string declined = await PostAsync(buyer, worker);
        (await worker.PostAsync($"/v1/jobs/{declined}/decline")).Expect(200);
        string cancelled = await PostAsync(buyer, worker);
        await worker.WorkAsync(cancelled, Deliverables.Pass);
        string second = (await NextAsync(buyer, cancelled, 2))!;
        (await worker.PostAsync($"/v1/jobs/{second}/cancel")).Expect(200);
        string divided = await PostAsync(buyer, worker);
        await worker.WorkAsync(divided, Deliverables.Fail);
        (await worker.PostAsync($"/v1/jobs/{divided}/dispute", new { reason = "It is all there." })).Expect(200);
        (await server.PostAsync($"/v1/operator/jobs/{divided}/resolve", server.OperatorKey,
            new { outcome = "split", amount = 0.50m, reason = "Half." })).Expect(200);
        await server.AdvanceAsync(24 * 15);
        Assert.Equal(["cancelled", "dropped", "dropped"], await StatusesAsync(buyer, declined));
        Assert.Equal(["completed", "cancelled", "dropped"], await StatusesAsync(buyer, cancelled));
        Assert.Equal(["completed", "dropped", "dropped"], await StatusesAsync(worker, divided));
        Assert.Equal(20.00m - 1.00m - 0.50m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_part_without_money_waits_and_goes_on_with_the_next_top_up(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(1.50m);
        await buyer.RemoveCardsAsync();
        string first = await PostAsync(buyer, worker);
        await worker.WorkAsync(first, Deliverables.Pass);
        string second = (await NextAsync(buyer, first, 2))!;
        Shape.Matches("""{ "state": "funding", "amount": 2.00, "next_action": { "who": "buyer" } }""",
            await worker.JobAsync(second));
        Assert.Equal(["payment.failed"], await buyer.EventsAsync(second, 1));
        Assert.Equal(["payment.failed"], await worker.EventsAsync(second, 1));
        Assert.Equal(["completed", "pending", "waiting"], await StatusesAsync(buyer, first));

        // A card alone moves nothing; one that is declined, and is told of, does not end it either.
        await server.AdvanceAsync(30);
        await buyer.SaveCardAsync(TestCards.DeclinesCharges);
        (await buyer.PostAsync("/v1/balance/top-up", new { amount = 0.50m })).Expect(202);
        await server.SettleAsync();
        await buyer.ExpectAsync(second, "funding");
        await buyer.RemoveCardsAsync();
        await buyer.SaveCardAsync(TestCards.Good);
        await buyer.ExpectAsync(second, "funding");
        (await buyer.PostAsync("/v1/balance/top-up", new { amount = 0.50m })).Expect(202);
        await server.SettleAsync();
        var part = await worker.JobAsync(second);
        Assert.Equal("active", part.GetProperty("state").GetString());
        // Its 48 hours began with its money, not with the wait for it.
        Assert.True(part.GetProperty("deadline").GetDateTimeOffset()
            - part.GetProperty("accepted_at").GetDateTimeOffset() == TimeSpan.FromHours(48), part.ToString());
        await worker.SubmitAsync(second, Deliverables.Pass);

        // The third is charged to the card.
        string third = (await NextAsync(buyer, first, 3))!;
        await buyer.ExpectAsync(third, "active");
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_part_that_nobody_pays_is_cancelled_after_72_hours_and_ends_the_series(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(1.00m);
        await buyer.RemoveCardsAsync();
        await buyer.SaveCardAsync(TestCards.DeclinesCharges);
        string first = await PostAsync(buyer, worker);
        await worker.WorkAsync(first, Deliverables.Pass);
        string second = (await NextAsync(buyer, first, 2))!;
        await server.SettleAsync();
        await worker.ExpectAsync(second, "funding");
        await server.AdvanceAsync(71.9);
        await worker.ExpectAsync(second, "funding");
        await server.AdvanceAsync(0.2);
        await worker.ExpectAsync(second, "cancelled", "payment_failed");
        Assert.Equal(["payment.failed", "job.cancelled"], await worker.EventsAsync(second, 2));
        Assert.Equal(["completed", "cancelled", "dropped"], await StatusesAsync(worker, first));
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task However_often_and_by_how_many_its_item_is_run_a_part_is_posted_once(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(10.00m);
        string first = await PostAsync(buyer, worker);
        await server.StopAsync();
        await server.RunAsync(options => options with { RunWork = false });
        (await worker.PostAsync($"/v1/jobs/{first}/submit", new { deliverable = Deliverables.Good })).Expect(200);
        (await buyer.PostAsync($"/v1/jobs/{first}/approve")).Expect(200);
        Assert.Equal(["completed", "waiting", "waiting"], await StatusesAsync(buyer, first));
        Assert.True(Id.TryParse(Id.Job, first, out var job));
        long nowUs = server.Deployment.Clock.NowUs;
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostPart.RunAsync(server.Deployment, new StoredWork
        {
            Id = Id.New(nowUs),
            Item = new WorkItem(WorkKind.PostPart, job, nowUs),
        }, TestContext.Current.CancellationToken)));
        Assert.Equal(["completed", "active", "waiting"], await StatusesAsync(buyer, first));
        string? second = await NextAsync(buyer, first, 2);

        // The item that the release wrote is still there: with workers it is run as well.
        await server.StopAsync();
        await server.RunAsync();
        await server.SettleAsync();
        Assert.Equal(second, await NextAsync(buyer, first, 2));
        Assert.Equal(3, (await buyer.GetAsync("/v1/jobs")).Data.GetArrayLength());
        Assert.Equal(7.00m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task No_part_is_held_for_a_worker_who_is_suspended_meanwhile(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(10.00m);
        string first = await PostAsync(buyer, worker);
        await worker.WorkAsync(first, Deliverables.Unsure);
        (await server.PostAsync($"/v1/operator/agents/{worker.Id}/suspend", server.OperatorKey, new { reason = "Spam." }))
            .Expect(200);
        (await buyer.PostAsync($"/v1/jobs/{first}/approve")).Expect(200);
        await server.SettleAsync();
        Assert.Equal(["completed", "cancelled", "dropped"], await StatusesAsync(buyer, first));
        Assert.Equal(9.00m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task All_parts_count_against_limits_with_the_post(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(10.00m);
        (await buyer.PatchAsync("/v1/agents/me", new { monthly_limit = 15.99m })).Expect(200);
        (await buyer.PostAsync("/v1/jobs", Series(worker))).Expect(402, "monthly_limit_exceeded");
        (await buyer.PatchAsync("/v1/agents/me", new { monthly_limit = 16.00m })).Expect(200);
        string first = await PostAsync(buyer, worker);
        (await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.01m }))
            .Expect(402, "monthly_limit_exceeded");
        await worker.WorkAsync(first, Deliverables.Pass);
        await buyer.ExpectAsync((await NextAsync(buyer, first, 2))!, "active");

        // What was posted before there was a limit counts the same.
        (await buyer.PatchAsync("/v1/agents/me", new Dictionary<string, object?> { ["monthly_limit"] = null })).Expect(200);
        (await buyer.PatchAsync("/v1/agents/me", new { monthly_limit = 16.00m })).Expect(200);
        (await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.01m }))
            .Expect(402, "monthly_limit_exceeded");
    }

    [Theory, ClassData<Databases>]
    public async Task A_first_part_that_is_not_paid_leaves_nothing_behind(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer", card: TestCards.DeclinesCharges), await server.AgentAsync("worker"));
        (await buyer.PatchAsync("/v1/agents/me", new { monthly_limit = 6.00m })).Expect(200);
        (await buyer.PostAsync("/v1/jobs", Series(worker), "a series")).Expect(402, "payment_declined");
        Assert.Equal(0, (await buyer.GetAsync("/v1/jobs")).Data.GetArrayLength());
        await buyer.RemoveCardsAsync();
        await buyer.SaveCardAsync(TestCards.Good);
        // The whole of the limit is there again.
        await buyer.ExpectAsync(await PostAsync(buyer, worker), "offered");
    }

    [Theory]
    [InlineData("""{ "worker_agent_id": null }""", "milestones")]
    [InlineData("""{ "amount": 5.99 }""", "amount")]
    [InlineData("""{ "fallback": "open" }""", "fallback")]
    [InlineData("""{ "deadline": "2999-01-01T00:00:00Z" }""", "deadline")]
    [InlineData("""{ "milestones": [{ "title": "One", "amount": 1.00 }] }""", "milestones")]
    [InlineData("""{ "milestones": [{ "title": "One", "amount": 1.00 }, null] }""", "milestones")]
    [InlineData("""{ "milestones": [{ "title": " ", "amount": 1.00 }, { "title": "Two", "amount": 1.00 }] }""", "milestones[0].title")]
    [InlineData("""{ "milestones": [{ "title": "One", "amount": 1.00 }, { "title": "Two", "amount": 0 }] }""", "milestones[1].amount")]
    [InlineData("""{ "milestones": null }""", "amount")]
    public async Task A_series_that_makes_no_sense_is_refused_field_by_field(string change, string field)
    {
        var server = await servers.OnAsync(Databases.Sqlite);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        var body = JsonSerializer.SerializeToNode(Series(worker))!.AsObject();
        foreach (var (name, value) in JsonDocument.Parse(change).RootElement.EnumerateObject()
            .Select(property => (property.Name, property.Value)))
            body[name] = System.Text.Json.Nodes.JsonNode.Parse(value.GetRawText());
        if (body["deadline"] is not null) body.Remove("deadline_hours");
        var answer = (await buyer.PostRawAsync("/v1/jobs", body.ToJsonString())).Expect(400, "validation_failed");
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
        Assert.Equal(0, (await buyer.GetAsync("/v1/jobs")).Data.GetArrayLength());
    }

    private static object Series(TestAgent worker) => new
    {
        worker_agent_id = worker.Id,
        title = "The book",
        description = "Translate the book.",
        deadline_hours = 24,
        required_capabilities = new[] { "translation" },
        milestones = new object[]
        {
            new { title = "Chapter 1", amount = 1.00m },
            new { title = "Chapter 2", amount = 2.00m, description = "Mind the verses.", deadline_hours = 48 },
            new { title = "Chapter 3", amount = 3.00m },
        },
    };

    private static Task<string> PostAsync(TestAgent buyer, TestAgent worker) => buyer.PostJobAsync(Series(worker));

    private static async Task<string?> NextAsync(TestAgent agent, string job, int number) =>
        (await agent.JobAsync(job)).GetProperty("series").GetProperty("parts")[number - 1]
            .GetProperty("job_id").GetString();

    private static async Task<List<string?>> StatusesAsync(TestAgent agent, string job) =>
    [
        .. (await agent.JobAsync(job)).GetProperty("series").GetProperty("parts").EnumerateArray()
            .Select(part => part.GetProperty("status").GetString()),
    ];
}
