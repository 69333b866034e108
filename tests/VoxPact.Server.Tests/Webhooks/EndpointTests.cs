using System.Text;
using System.Text.Json;
using VoxPact.Client;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>Several endpoints for one agent: what each is sent, how it is signed, what is kept of it.</summary>
public sealed class EndpointTests
{
    /// <summary>A little longer than the documented waits between attempts.</summary>
    private static readonly int[] s_waits = [1, 5, 30, 120, 300, 600, 840, 1_200, 1_440];

    [Theory, ClassData<Databases>]
    public async Task Each_endpoint_gets_the_types_it_asked_for_from_then_on(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var first = await WebhookListener.StartAsync();
        await using var second = await WebhookListener.StartAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker", first.Url));
        await server.SettleAsync();
        await AddAsync(worker, second, "job.created");
        string job = await buyer.HireAsync(worker);
        await worker.WorkAsync(job, Deliverables.Pass);
        Assert.Equal(["agent.activated", "job.created", "job.validated", "job.completed", "payment.received"],
            first.All.Select(one => one.Type));
        Assert.Equal(["job.created"], second.All.Select(one => one.Type));
        Assert.True(second.All[0].IsSigned);
        // The same event under the same id, wherever it goes.
        Assert.Equal(first.All[1].Id, second.All[0].Id);
    }

    [Theory, ClassData<Databases>]
    public async Task For_a_day_after_a_rotation_both_secrets_verify(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var agent = await server.AgentAsync("agent");
        await server.SettleAsync();
        string id = await AddAsync(agent, listener);
        string old = listener.Secret!;
        string fresh = (await agent.PostAsync($"/v1/webhook-endpoints/{id}/rotate-secret")).Expect(200)
            .String("data.secret")!;
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        listener.Secret = fresh;
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        Assert.All(listener.All, one => Assert.True(one.IsSigned));
        await server.AdvanceAsync(25);
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        Assert.True(listener.All[^1].IsSigned);
        listener.Secret = old;
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        Assert.False(listener.All[^1].IsSigned);
    }

    [Theory, ClassData<Databases>]
    public async Task Every_attempt_is_logged_and_what_was_given_up_can_be_sent_again(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await server.SettleAsync();
        string id = await AddAsync(worker, listener, "job.created");
        listener.Respond = _ => Task.FromResult(500);
        string job = await buyer.HireAsync(worker);
        await server.SettleAsync();
        foreach (int minutes in s_waits) await server.AdvanceAsync(TimeSpan.FromMinutes(minutes * 1.11));
        var page = (await worker.GetAsync($"/v1/webhook-endpoints/{id}/deliveries?outcome=dead")).Expect(200);
        var dead = Assert.Single(page.Data.EnumerateArray());
        Shape.Matches($$"""
            { "type": "job.created", "job_id": "{{job}}", "attempt": 10, "outcome": "dead", "status": 500 }
            """, dead);
        Shape.Matches("""{ "data": { "failed_count": 1, "enabled": true } }""",
            (await worker.GetAsync($"/v1/webhook-endpoints/{id}")).Json);
        Assert.Equal(10, (await worker.GetAsync($"/v1/webhook-endpoints/{id}/deliveries")).Data.GetArrayLength());
        listener.Respond = _ => Task.FromResult(200);
        Shape.Matches("""{ "data": { "queued": 1, "more": false } }""",
            (await worker.PostAsync($"/v1/webhook-endpoints/{id}/replay", new { failed = true })).Expect(200).Json);
        await server.AdvanceAsync(1);
        Assert.Equal("job.created", Assert.Single(listener.All).Type);
        Shape.Matches("""{ "data": { "failed_count": 0 } }""",
            (await worker.GetAsync($"/v1/webhook-endpoints/{id}")).Json);
        // One that was delivered can be sent again too, and so can a stretch of time.
        string whd = (await worker.GetAsync($"/v1/webhook-endpoints/{id}/deliveries?outcome=delivered&limit=1"))
            .Data[0].GetProperty("id").GetString()!;
        (await worker.PostAsync($"/v1/webhook-endpoints/{id}/replay", new { delivery_id = whd })).Expect(200);
        await server.SettleAsync();
        (await worker.PostAsync($"/v1/webhook-endpoints/{id}/replay", new { from = "2020-01-01T00:00:00Z" })).Expect(200);
        await server.SettleAsync();
        Assert.Equal(3, listener.All.Count);
        Assert.Single(listener.All.Select(one => one.Id).Distinct());
        (await worker.PostAsync($"/v1/webhook-endpoints/{id}/replay", new { })).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task An_endpoint_that_nothing_was_sent_to_for_long_has_not_failed_meanwhile(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var agent = await server.AgentAsync("agent");
        await server.SettleAsync();
        string id = await AddAsync(agent, listener, "webhook.ping");
        listener.Respond = _ => Task.FromResult(503);
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        foreach (double hours in new[] { 0.1, 0.1, 0.6, 2.3, 5.6, 11.1, 15.5, 22.1, 26.5 }) await server.AdvanceAsync(hours);
        await server.AdvanceAsync(24 * 10);
        Shape.Matches("""{ "data": { "enabled": true, "failed_count": 1 } }""",
            (await agent.GetAsync($"/v1/webhook-endpoints/{id}")).Json);
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        // One hiccup of one that works again by now.
        listener.Respond = _ => Task.FromResult(200);
        await server.AdvanceAsync(0.2);
        Shape.Matches("""{ "data": { "enabled": true } }""", (await agent.GetAsync($"/v1/webhook-endpoints/{id}")).Json);
        Assert.Single(listener.All);
    }

    [Theory, ClassData<Databases>]
    public async Task An_endpoint_that_fails_for_five_days_is_switched_off_and_its_owner_told(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var dead = await WebhookListener.StartAsync();
        await using var alive = await WebhookListener.StartAsync();
        var agent = await server.AgentAsync("agent");
        await server.SettleAsync();
        string id = await AddAsync(agent, dead, "webhook.ping");
        await AddAsync(agent, alive);
        dead.Respond = _ => Task.FromResult(503);
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        for (int i = 0; i < 12; i++) await server.AdvanceAsync(13);
        Shape.Matches("""{ "data": { "enabled": false, "disabled_reason": "failing" } }""",
            (await agent.GetAsync($"/v1/webhook-endpoints/{id}")).Json);
        var told = alive.All.Single(one => one.Type == "webhook.disabled");
        Shape.Matches($$"""{ "webhook_endpoint_id": "{{id}}", "code": "failing" }""", told.Data);
        int before = dead.Attempts;
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.AdvanceAsync(24);
        Assert.Equal(before, dead.Attempts);
        // Switched on again, it is sent what it missed.
        dead.Respond = _ => Task.FromResult(200);
        (await agent.PatchAsync($"/v1/webhook-endpoints/{id}", new { enabled = true })).Expect(200);
        await server.AdvanceAsync(1);
        Assert.NotEmpty(dead.All);
    }

    [Theory, ClassData<Databases>]
    public async Task A_test_event_looks_like_the_real_one_and_says_that_it_is_none(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var agent = await server.AgentAsync("agent", listener.Url);
        listener.Secret = agent.WebhookSecret;
        await server.SettleAsync();
        (await agent.PostAsync("/v1/events/test", new { type = "job.created" })).Expect(201);
        (await agent.PostAsync("/v1/events/test", new { type = "no.such" })).Expect(400, "validation_failed");
        await server.SettleAsync();
        var told = listener.All[^1];
        Assert.Equal(("job.created", true), (told.Type, told.IsSigned));
        Shape.Matches("""{ "test": true, "amount": 0.10, "title": "Summarise this document" }""", told.Data);
        Assert.Equal(told.Id, (await agent.GetAsync("/v1/events?types=job.created")).Data[0].GetProperty("id").GetString());
    }

    [Theory, ClassData<Databases>]
    public async Task A_ping_says_at_once_what_came_of_it(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var agent = await server.AgentAsync("agent");
        await server.SettleAsync();
        string id = await AddAsync(agent, listener);
        Shape.Matches("""{ "data": { "delivered": true, "status": 204 } }""",
            (await agent.PostAsync($"/v1/webhook-endpoints/{id}/ping")).Expect(200).Json);
        listener.Respond = _ => Task.FromResult(302);
        var failed = (await agent.PostAsync($"/v1/webhook-endpoints/{id}/ping")).Expect(200);
        Shape.Matches("""{ "data": { "delivered": false, "status": 302 } }""", failed.Json);
        Assert.Contains("redirects are not followed", failed.Text);
        Assert.Equal(["webhook.ping"], listener.All.Select(one => one.Type));
    }

    [Fact]
    public async Task An_address_that_may_not_be_reached_is_refused_when_it_is_saved()
    {
        await using var server = await TestServer.StartAsync(Databases.Sqlite);
        var agent = await server.AgentAsync("agent");
        foreach (string url in new[] { "https://10.0.0.1/hook", "http://example.com/hook", "https://[::ffff:10.0.0.1]/" })
            (await agent.PostAsync("/v1/webhook-endpoints", new { url })).Expect(400, "validation_failed");
        string id = (await agent.PostAsync("/v1/webhook-endpoints", new { url = "http://127.0.0.1:9/" })).Expect(201)
            .String("data.id")!;
        (await agent.PatchAsync($"/v1/webhook-endpoints/{id}", new { url = "https://169.254.169.254/" }))
            .Expect(400, "validation_failed");
        for (int i = 1; i < 20; i++)
            (await agent.PostAsync("/v1/webhook-endpoints", new { url = "http://127.0.0.1:9/" })).Expect(201);
        (await agent.PostAsync("/v1/webhook-endpoints", new { url = "http://127.0.0.1:9/" }))
            .Expect(400, "validation_failed");
    }

    /// <summary>Adds an endpoint for a listener, which from then on expects its signatures; gives its id.</summary>
    internal static async Task<string> AddAsync(TestAgent agent, WebhookListener listener, params string[] types)
    {
        var made = (await agent.PostAsync("/v1/webhook-endpoints",
            new { url = listener.Url, types = types.Length == 0 ? null : types })).Expect(201);
        listener.Secret = made.String("data.secret");
        return made.String("data.id")!;
    }
}
