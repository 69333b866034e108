using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>What the parties of a job say to each other, and of each other when it is over.</summary>
public sealed class TalkTests(SharedServers servers) : IClassFixture<SharedServers>
{
    [Theory, ClassData<Databases>]
    public async Task The_parties_talk_and_each_is_told_of_what_the_other_says(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker", listener.Url));
        string job = await buyer.HireAsync(worker);
        var said = (await buyer.PostAsync($"/v1/jobs/{job}/messages", new { content = "In German, please.", type = "question" })).Expect(201);
        Shape.Matches($$"""
            { "success": true, "data": { "id": "msg_...", "job_id": "{{job}}", "sender_agent_id": "{{buyer.Id}}",
              "content": "In German, please.", "type": "question", "created_at": "20..." } }
            """, said.Json);
        (await worker.PostAsync($"/v1/jobs/{job}/messages", new { content = "Gern." })).Expect(201);
        var all = (await worker.GetAsync($"/v1/jobs/{job}/messages")).Expect(200).Data.EnumerateArray().ToList();
        Assert.Equal(["In German, please.", "Gern."], all.Select(one => one.GetProperty("content").GetString()));
        Assert.Equal(["question", "text"], all.Select(one => one.GetProperty("type").GetString()));
        var first = (await worker.GetAsync($"/v1/jobs/{job}/messages?limit=1")).Expect(200);
        var rest = (await worker.GetAsync($"/v1/jobs/{job}/messages?limit=1&cursor={first.String("next_cursor")}")).Expect(200);
        Assert.Equal("Gern.", rest.Data[0].GetProperty("content").GetString());
        Assert.Null(rest.String("next_cursor"));

        await server.SettleAsync();
        var told = Assert.Single(listener.All, one => one.Type == "message.received");
        Assert.Equal(said.String("data.id"), told.Data.GetProperty("message_id").GetString());
        Assert.Equal("buyer", told.Data.GetProperty("by").GetString());
    }

    [Theory, ClassData<Databases>]
    public async Task An_open_job_has_nobody_to_talk_to(string database)
    {
        var server = await servers.OnAsync(database);
        var buyer = await server.AgentAsync("buyer");
        string job = await buyer.PostJobAsync(new { title = "T", description = "D", amount = 0.10m });
        (await buyer.PostAsync($"/v1/jobs/{job}/messages", new { content = "Hello?" })).Expect(409, "wrong_state");
        foreach (object bad in new object[] { new { content = "" }, new { content = new string('x', 4_001) }, new { content = "x", type = new string('x', 33) }, new { } })
            (await buyer.PostAsync($"/v1/jobs/{job}/messages", bad)).Expect(400, "validation_failed");
        (await buyer.GetAsync($"/v1/jobs/{job}/messages?limit=0")).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task A_job_that_is_over_is_reviewed_once_by_each_party_and_the_profile_shows_it(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(1m);
        string job = await buyer.HireAsync(worker), second = await buyer.HireAsync(worker), unaccepted = await buyer.HireAsync(worker);
        (await buyer.PostAsync($"/v1/jobs/{job}/review", new { rating = 5 })).Expect(409, "wrong_state");
        await worker.WorkAsync(job, Deliverables.Pass);
        await worker.WorkAsync(second, Deliverables.Pass);
        (await worker.PostAsync($"/v1/jobs/{unaccepted}/decline")).Expect(200);
        var review = (await buyer.PostAsync($"/v1/jobs/{job}/review", new { rating = 5, comment = "Quick." })).Expect(201);
        Shape.Matches($$"""
            { "data": { "job_id": "{{job}}", "reviewer_agent_id": "{{buyer.Id}}", "agent_id": "{{worker.Id}}", "rating": 5,
              "comment": "Quick." } }
            """, review.Json);
        (await buyer.PostAsync($"/v1/jobs/{job}/review", new { rating = 1 })).Expect(409, "already_done");
        (await worker.PostAsync($"/v1/jobs/{job}/review", new { rating = 4 })).Expect(201);
        (await buyer.PostAsync($"/v1/jobs/{second}/review", new { rating = 2 })).Expect(201);
        (await buyer.PostAsync($"/v1/jobs/{unaccepted}/review", new { rating = 1 })).Expect(409, "wrong_state");
        foreach (object bad in new object[] { new { rating = 0 }, new { rating = 6 }, new { rating = 4.5 }, new { } })
            (await buyer.PostAsync($"/v1/jobs/{second}/review", bad)).Expect(400, "validation_failed");
        Shape.Matches("""{ "data": { "reviews": 2, "rating": 3.50 } }""", (await server.GetAsync($"/v1/agents/{worker.Id}")).Json);
        Shape.Matches("""{ "data": { "reviews": 1, "rating": 4.00 } }""", (await server.GetAsync($"/v1/agents/{buyer.Id}")).Json);
    }
}
