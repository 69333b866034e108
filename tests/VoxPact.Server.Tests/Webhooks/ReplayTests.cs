using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>A stretch of time is sent again in as many requests as it takes, nothing skipped and nothing twice.</summary>
public sealed class ReplayTests
{
    [Theory, ClassData<Databases>]
    public async Task A_filtered_stretch_goes_on_exactly_where_it_was(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await server.SettleAsync();
        string id = await EndpointTests.AddAsync(worker, listener, "job.created", "job.disputed");
        await EndpointTests.AddAsync(worker, listener, "trust.updated");
        string other = (await worker.GetAsync("/v1/webhook-endpoints")).Data[1].GetProperty("id").GetString()!;
        for (int i = 0; i < 3; i++)
        {
            await buyer.HireAsync(worker);
            // Stored alike, told as different types: one is wanted, the others are not.
            foreach (string type in new[] { "job.disputed", "webhook.ping", "job.approved" })
                (await worker.PostAsync("/v1/events/test", new { type })).Expect(201);
        }
        await server.SettleAsync();
        string[] sent = [.. listener.All.Select(one => one.Id)];
        Assert.Equal(6, sent.Length);

        object? body = new { from = "2020-01-01T00:00:00Z", limit = 2 };
        int requests = 0, queued = 0;
        while (body is not null)
        {
            var answer = (await worker.PostAsync($"/v1/webhook-endpoints/{id}/replay", body)).Expect(200);
            requests++;
            queued += answer.At("data.queued").GetInt32();
            Assert.InRange(answer.At("data.queued").GetInt32(), 0, 2);
            string? cursor = answer.Data.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
            Assert.Equal(cursor is not null, answer.At("data.more").GetBoolean());
            if (requests == 1)
            {
                (await worker.PostAsync($"/v1/webhook-endpoints/{other}/replay", new { cursor }))
                    .Expect(400, "validation_failed");
                // What happens meanwhile is sent once, as it is, and is no part of the stretch.
                await buyer.HireAsync(worker);
                await server.SettleAsync();
            }
            body = cursor is null ? null : new { cursor, limit = 2 };
        }
        await server.SettleAsync();
        Assert.Equal((6, true), (queued, requests is 3 or 4));
        var times = listener.All.CountBy(one => one.Id).ToDictionary();
        Assert.All(sent, one => Assert.Equal(2, times[one]));
        Assert.Equal(7, times.Count);
        Assert.Equal(13, listener.All.Count);
    }

    [Theory, ClassData<Databases>]
    public async Task A_stretch_has_an_end_and_bodies_that_say_two_things_are_refused(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var agent = await server.AgentAsync("agent");
        await server.SettleAsync();
        string path = $"/v1/webhook-endpoints/{await EndpointTests.AddAsync(agent, listener, "webhook.ping")}/replay";
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        var between = DateTimeOffset.UnixEpoch.AddTicks((server.Deployment.Clock.NowUs + 1) * 10);
        await server.AdvanceAsync(1);
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        Shape.Matches("""{ "data": { "queued": 1, "more": false } }""",
            (await agent.PostAsync(path, new { from = "2020-01-01T00:00:00Z", to = between })).Expect(200).Json);
        await server.SettleAsync();
        Assert.Equal(3, listener.All.Count);
        Assert.Equal(listener.All[0].Id, listener.All[2].Id);
        foreach (object body in new object[]
        {
            new { from = "2020-01-01T00:00:00Z", limit = 0 }, new { from = "2020-01-01T00:00:00Z", limit = 1_001 },
            new { from = "2020-01-01T00:00:00Z", failed = true }, new { cursor = "x" }, new { to = between },
        })
            (await agent.PostAsync(path, body)).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task What_an_endpoint_answered_410_to_is_sent_by_a_replay_of_what_failed(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await server.SettleAsync();
        string id = await EndpointTests.AddAsync(worker, listener, "job.created");
        listener.Respond = _ => Task.FromResult(410);
        string gone = await buyer.HireAsync(worker);
        await server.SettleAsync();
        Shape.Matches("""{ "data": { "enabled": false, "disabled_reason": "gone", "failed_count": 1 } }""",
            (await worker.GetAsync($"/v1/webhook-endpoints/{id}")).Json);
        string missed = await buyer.HireAsync(worker);
        listener.Respond = _ => Task.FromResult(204);
        (await worker.PatchAsync($"/v1/webhook-endpoints/{id}", new { enabled = true })).Expect(200);
        await server.SettleAsync();
        // What came while it was off comes by itself; what it answered 410 to was given up.
        Assert.Equal([missed], listener.All.Select(one => one.JobId));
        Shape.Matches("""{ "data": { "queued": 1, "more": false } }""",
            (await worker.PostAsync($"/v1/webhook-endpoints/{id}/replay", new { failed = true })).Expect(200).Json);
        await server.SettleAsync();
        Assert.Equal([missed, gone], listener.All.Select(one => one.JobId));
        Shape.Matches("""{ "data": { "enabled": true, "failed_count": 0 } }""",
            (await worker.GetAsync($"/v1/webhook-endpoints/{id}")).Json);
    }

    [Theory, ClassData<Databases>]
    public async Task A_ping_stands_in_the_log_and_is_told_to_nobody_else(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        await using var elsewhere = await WebhookListener.StartAsync();
        var agent = await server.AgentAsync("agent");
        await server.SettleAsync();
        await EndpointTests.AddAsync(agent, elsewhere);
        string id = await EndpointTests.AddAsync(agent, listener, "job.created");
        (await agent.PostAsync($"/v1/webhook-endpoints/{id}/ping")).Expect(200);
        listener.Respond = _ => Task.FromResult(503);
        (await agent.PostAsync($"/v1/webhook-endpoints/{id}/ping")).Expect(200);
        await server.SettleAsync();
        var log = (await agent.GetAsync($"/v1/webhook-endpoints/{id}/deliveries")).Expect(200).Data;
        Assert.Equal(2, log.GetArrayLength());
        Shape.Matches("""{ "type": "webhook.ping", "outcome": "dead", "status": 503, "attempt": 1 }""", log[0]);
        Shape.Matches($$"""
            { "type": "webhook.ping", "outcome": "delivered", "status": 204, "event_id": "{{listener.All[0].Id}}" }
            """, log[1]);
        Assert.True(listener.All[0].IsSigned);
        Assert.DoesNotContain(elsewhere.All, one => one.Type == "webhook.ping");
        Assert.Empty((await agent.GetAsync("/v1/events?types=webhook.ping")).Expect(200).Data.EnumerateArray());
        Shape.Matches("""{ "data": { "failed_count": 0, "enabled": true } }""",
            (await agent.GetAsync($"/v1/webhook-endpoints/{id}")).Json);
        Assert.Equal(2, elsewhere.Attempts + listener.Attempts - elsewhere.All.Count);
    }
}
