using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>When an endpoint is left alone, for how long, how its owner sees that, and what ends it.</summary>
public sealed class EndpointRestTests
{
    [Theory, ClassData<Databases>]
    public async Task A_wish_to_be_asked_later_holds_every_event_of_the_endpoint(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var busy = new RawEndpoint(RawEndpoint.Status(503, "Retry-After: 7200\r\n"));
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await server.SettleAsync();
        string id = await AddAsync(worker, busy.Url);
        await buyer.HireAsync(worker);
        await server.SettleAsync();
        Assert.Equal(1, busy.Hits);
        Shape.Matches("""{ "data": { "resting_reason": "retry_after", "enabled": true } }""",
            (await worker.GetAsync($"/v1/webhook-endpoints/{id}")).Json);
        // Events of other jobs are held, too.
        for (int i = 0; i < 3; i++) await buyer.HireAsync(worker);
        await server.AdvanceAsync(1.9);
        Assert.Equal(1, busy.Hits);
        await server.AdvanceAsync(0.2);
        Assert.InRange(busy.Hits, 2, 5);
    }

    [Theory, ClassData<Databases>]
    public async Task A_wish_to_be_asked_in_a_year_is_heeded_for_a_day(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var busy = new RawEndpoint(RawEndpoint.Status(429, "Retry-After: 31536000\r\n"));
        var agent = await server.AgentAsync("agent");
        await server.SettleAsync();
        await AddAsync(agent, busy.Url);
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        await server.AdvanceAsync(23.9);
        Assert.Equal(1, busy.Hits);
        await server.AdvanceAsync(0.2);
        Assert.Equal(2, busy.Hits);
    }

    [Theory, ClassData<Databases>]
    public async Task A_failing_endpoint_rests_for_minutes_and_its_owner_sees_until_when(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (buyer, worker, id) = await FailingAsync(server, listener);
        var now = server.Deployment.Clock.NowUs;
        var seen = (await worker.GetAsync($"/v1/webhook-endpoints/{id}")).Expect(200).Data;
        Assert.Equal("failing", seen.GetProperty("resting_reason").GetString());
        long until = (seen.GetProperty("resting_until").GetDateTimeOffset() - DateTimeOffset.UnixEpoch).Ticks / 10;
        Assert.InRange(until - now, 1, 15 * 60_000_000L);
        // New events are tried in between, one at a time and never more than four times an hour once it has failed long.
        for (int i = 0; i < 6; i++) await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        int before = listener.Attempts;
        for (int i = 0; i < 4; i++)
        {
            await buyer.HireAsync(worker);
            await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        }
        Assert.Equal(before + 4, listener.Attempts);
        // Repaired, it is found out within a quarter of an hour, whatever waits for its next attempt in hours.
        listener.Respond = _ => Task.FromResult(200);
        string job = await buyer.HireAsync(worker);
        await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        Assert.Contains("job.created", listener.TypesOf(job));
        Assert.False((await worker.GetAsync($"/v1/webhook-endpoints/{id}")).Data.TryGetProperty("resting_until", out _));
    }

    [Theory, ClassData<Databases>]
    public async Task A_ping_that_is_taken_ends_the_rest_and_brings_what_failed(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (_, worker, id) = await FailingAsync(server, listener);
        (await worker.PostAsync($"/v1/webhook-endpoints/{id}/ping")).Expect(200);
        await server.SettleAsync();
        Assert.Empty(listener.All);
        listener.Respond = _ => Task.FromResult(200);
        (await worker.PostAsync($"/v1/webhook-endpoints/{id}/ping")).Expect(200);
        await IsSentAllAsync(server, worker, id, listener);
    }

    [Theory, ClassData<Databases>]
    public async Task Enabling_it_ends_the_rest_and_brings_what_failed(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (_, worker, id) = await FailingAsync(server, listener);
        listener.Respond = _ => Task.FromResult(200);
        (await worker.PatchAsync($"/v1/webhook-endpoints/{id}", new { enabled = true })).Expect(200);
        await IsSentAllAsync(server, worker, id, listener);
    }

    [Theory, ClassData<Databases>]
    public async Task Another_address_ends_the_rest_and_is_sent_what_failed(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        await using var moved = await WebhookListener.StartAsync();
        var (_, worker, id) = await FailingAsync(server, listener);
        // The same address again changes nothing.
        (await worker.PatchAsync($"/v1/webhook-endpoints/{id}", new { url = listener.Url })).Expect(200);
        Assert.True((await worker.GetAsync($"/v1/webhook-endpoints/{id}")).Data.TryGetProperty("resting_until", out _));
        (await worker.PatchAsync($"/v1/webhook-endpoints/{id}", new { url = moved.Url })).Expect(200);
        await IsSentAllAsync(server, worker, id, moved);
    }

    [Theory, ClassData<Databases>]
    public async Task A_replay_ends_the_rest(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (_, worker, id) = await FailingAsync(server, listener);
        listener.Respond = _ => Task.FromResult(200);
        string attempt = (await worker.GetAsync($"/v1/webhook-endpoints/{id}/deliveries?limit=1"))
            .Data[0].GetProperty("id").GetString()!;
        (await worker.PostAsync($"/v1/webhook-endpoints/{id}/replay", new { delivery_id = attempt })).Expect(200);
        await server.SettleAsync();
        Assert.NotEmpty(listener.All);
        Assert.False((await worker.GetAsync($"/v1/webhook-endpoints/{id}")).Data.TryGetProperty("resting_until", out _));
    }

    /// <summary>An endpoint of the worker's that rests, with the first events of five jobs failed.</summary>
    private static async Task<(TestAgent Buyer, TestAgent Worker, string Endpoint)> FailingAsync(
        TestServer server, WebhookListener listener)
    {
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await server.SettleAsync();
        string id = await EndpointTests.AddAsync(worker, listener, "job.created", "webhook.ping");
        listener.Respond = _ => Task.FromResult(500);
        for (int i = 0; i < 5; i++) await buyer.HireAsync(worker);
        await server.SettleAsync();
        Assert.Equal(5, listener.Attempts);
        return (buyer, worker, id);
    }

    /// <summary>What failed has come, without any time having passed.</summary>
    private static async Task IsSentAllAsync(TestServer server, TestAgent worker, string id, WebhookListener listener)
    {
        await server.SettleAsync();
        Assert.Equal(5, listener.All.Count(one => one.Type == "job.created"));
        Assert.False((await worker.GetAsync($"/v1/webhook-endpoints/{id}")).Data.TryGetProperty("resting_until", out _));
    }

    private static async Task<string> AddAsync(TestAgent agent, string url) =>
        (await agent.PostAsync("/v1/webhook-endpoints", new { url, types = new[] { "job.created", "webhook.ping" } }))
        .Expect(201).String("data.id")!;
}
