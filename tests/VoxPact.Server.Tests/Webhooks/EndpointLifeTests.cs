using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>An endpoint's life as its owner sees it: tried out with every type, switched off, repaired, removed.</summary>
public sealed class EndpointLifeTests
{
    // Without these, what was told shortly before an endpoint was made may be sent to it too.
    private static readonly string[] s_types = ["webhook.ping", "webhook.disabled"];

    [Theory, ClassData<Databases>]
    public async Task Every_type_can_be_tried_out_and_those_not_asked_for_stay_away(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var agent = await server.AgentAsync("agent");
        await server.SettleAsync();
        string id = await EndpointTests.AddAsync(agent, listener, "job.disputed");
        await TryAllAsync();
        Assert.Equal(["job.disputed"], listener.All.Select(one => one.Type));
        (await agent.PatchAsync($"/v1/webhook-endpoints/{id}", new { types = (string[]?)null })).Expect(200);
        await TryAllAsync();
        var all = listener.All.Skip(1).ToList();
        Assert.Equal(EventFilter.TypeNames, all.Select(one => one.Type));
        Assert.All(all, one => Assert.True(one.IsSigned));
        Assert.Equal(all.Select(one => one.Sequence).Order(), all.Select(one => one.Sequence));
        var logged = await agent.GetAsync($"/v1/webhook-endpoints/{id}/deliveries?outcome=delivered&limit=100");
        Assert.Equal(1 + all.Count, logged.Expect(200).Data.GetArrayLength());

        async Task TryAllAsync()
        {
            foreach (string type in EventFilter.TypeNames)
                (await agent.PostAsync("/v1/events/test", new { type })).Expect(201);
            await server.SettleAsync();
        }
    }

    [Theory, ClassData<Databases>]
    public async Task What_is_switched_off_stands_in_the_dashboard_with_what_to_do(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var gone = await WebhookListener.StartAsync();
        await using var alive = await WebhookListener.StartAsync();
        var agent = await server.AgentAsync("agent");
        await server.SettleAsync();
        string id = await EndpointTests.AddAsync(agent, gone, s_types);
        await EndpointTests.AddAsync(agent, alive);
        Assert.Equal(0, (await agent.GetAsync("/v1/dashboard")).At("data.disabled_webhook_endpoints").GetArrayLength());
        gone.Respond = _ => Task.FromResult(410);
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        Shape.Matches($$"""{ "webhook_endpoint_id": "{{id}}", "code": "gone" }""",
            alive.All.Single(one => one.Type == "webhook.disabled").Data);
        var entry = Assert.Single(
            (await agent.GetAsync("/v1/dashboard")).Expect(200).At("data.disabled_webhook_endpoints").EnumerateArray());
        Shape.Matches($$"""
            { "id": "{{id}}", "url": "{{gone.Url}}", "disabled_reason": "gone", "disabled_at": "...", "failed_count": 1 }
            """, entry);
        string what = entry.GetProperty("what_to_do").GetString()!;
        Assert.Contains("It answered 410", what);
        Assert.Contains($"PATCH /v1/webhook-endpoints/{id} with {{\"enabled\": true}}", what);

        // Its owner does what the sentence says: nothing is missing afterwards.
        gone.Respond = _ => Task.FromResult(200);
        (await agent.PatchAsync($"/v1/webhook-endpoints/{id}", new { enabled = true })).Expect(200);
        (await agent.PostAsync($"/v1/webhook-endpoints/{id}/replay", new { failed = true })).Expect(200);
        await server.SettleAsync();
        Assert.Equal(["webhook.disabled", "webhook.ping"], gone.All.Select(one => one.Type).Order());
        Assert.Equal(0, (await agent.GetAsync("/v1/dashboard")).At("data.disabled_webhook_endpoints").GetArrayLength());
    }

    [Theory, ClassData<Databases>]
    public async Task A_wish_to_be_asked_later_is_heeded(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var busy = new RawEndpoint(RawEndpoint.Status(503, "Retry-After: 7200\r\n"));
        var agent = await server.AgentAsync("agent");
        await server.SettleAsync();
        (await agent.PostAsync("/v1/webhook-endpoints", new { url = busy.Url })).Expect(201);
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        Assert.Equal(1, busy.Hits);
        await server.AdvanceAsync(1.9);
        Assert.Equal(1, busy.Hits);
        await server.AdvanceAsync(0.2);
        Assert.Equal(2, busy.Hits);
    }

    [Theory, ClassData<Databases>]
    public async Task A_removed_endpoint_leaves_nothing_behind_and_others_keep_what_is_theirs(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var agent = await server.AgentAsync("agent");
        await server.SettleAsync();
        string[] ids =
        [
            await EndpointTests.AddAsync(agent, listener, s_types), await EndpointTests.AddAsync(agent, listener, s_types),
        ];
        // One event is dead, one failed, one waits behind it; at each endpoint.
        listener.Respond = _ => Task.FromResult(410);
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        listener.Respond = _ => Task.FromResult(500);
        foreach (string id in ids)
            (await agent.PatchAsync($"/v1/webhook-endpoints/{id}", new { enabled = true })).Expect(200);
        await server.SettleAsync();
        var both = await LeftAsync(server);
        Assert.Equal((2, 2), (both.Dead, both.Waiting / 2));
        Assert.InRange(both.Attempts, 4, 100);
        (await agent.DeleteAsync($"/v1/webhook-endpoints/{ids[0]}")).Expect(200);
        await server.SettleAsync();
        var one = await LeftAsync(server);
        Assert.Equal((1, both.Waiting / 2), (one.Dead, one.Waiting));
        (await agent.DeleteAsync($"/v1/webhook-endpoints/{ids[1]}")).Expect(200);
        await server.SettleAsync();
        Assert.Equal((0, 0, 0), await LeftAsync(server));
        // The events themselves can still be read.
        Assert.NotEqual(0, (await agent.GetAsync("/v1/events?types=webhook.disabled")).Expect(200).Data.GetArrayLength());
    }

    private static async Task<(long Waiting, long Dead, long Attempts)> LeftAsync(TestServer server)
    {
        async Task<long> CountAsync(string table) => (await server.Deployment.Store.QueryAsync(
            $"select count(*) from {table}", [], row => row.Long(0), TestContext.Current.CancellationToken))[0];
        return (await CountAsync("deliveries"), await CountAsync("dead_deliveries"), await CountAsync("webhook_attempts"));
    }
}
