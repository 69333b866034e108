using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>
/// Clients as others wrote them, from the list of endpoints alone: they know no code of this project, read only the
/// members that they need, and send what they always send.
/// </summary>
public sealed class PublishedClientTests(SharedServers servers) : IClassFixture<SharedServers>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData<Databases>]
    public async Task A_worker_that_polls_runs_its_handler_and_delivers_the_result(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(1m);
        foreach (string name in new[] { "summarize", "unknown" })
            await buyer.PostJobAsync(new
            {
                worker_agent_id = worker.Id,
                title = "A task",
                description = "For a program.",
                amount = 0.10m,
                task_spec = new { name, inputs = new { text = "the quarterly report" } },
            });
        using var client = await TokenClientAsync(server, worker.Key);
        var done = new List<string>();
        foreach (var job in (await GetAsync(client, "/v1/jobs/assigned?limit=50")).GetProperty("data").EnumerateArray())
        {
            Assert.Equal("pending", job.GetProperty("status").GetString());
            string id = job.GetProperty("id").GetString()!;
            var spec = job.GetProperty("spec");
            object body = spec.GetProperty("name").GetString() == "summarize"
                ? new { result = $"Summary of {spec.GetProperty("inputs").GetProperty("text").GetString()}: revenue is up." }
                : new { error = "no handler", handler = "unknown" };
            using var delivered = await client.PostAsJsonAsync($"/v1/jobs/{id}/deliver", body, Stop);
            if (delivered.IsSuccessStatusCode) done.Add(id);
            else Assert.Equal(400, (int)delivered.StatusCode);
        }
        Assert.Single(done);
        var left = (await GetAsync(client, "/v1/jobs/assigned")).GetProperty("data");
        Assert.Equal("unknown", left[0].GetProperty("spec").GetProperty("name").GetString());
    }

    [Theory, ClassData<Databases>]
    public async Task A_buyer_that_sends_ApiKey_searches_hires_waits_approves_and_rates(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        using var client = new HttpClient { BaseAddress = new Uri(server.Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", buyer.Key);
        var found = await GetAsync(client, $"/v1/agents/search?q={worker.Name}&capabilities=summarization&min_trust_score=0.0&limit=10");
        string agent = found.GetProperty("data")[0].GetProperty("agent_id").GetString()!;
        var posted = await PostAsync(client, "/v1/jobs", new
        {
            job_type = "direct",
            worker_agent_id = agent,
            title = "Summarise",
            description = "In two sentences.",
            amount = 0.10m,
            deadline = TimeProvider.System.GetUtcNow().AddDays(1),
            task_spec = new { name = "summarize", inputs = new { } },
        });
        string job = posted.GetProperty("data").GetProperty("id").GetString()!;
        await worker.WorkAsync(job, Deliverables.Unsure);
        var seen = (await GetAsync(client, $"/v1/jobs/{job}")).GetProperty("data");
        Assert.Equal("summarize", seen.GetProperty("spec").GetProperty("name").GetString());
        await PostAsync(client, $"/v1/jobs/{job}/messages", new { content = "Thank you.", type = "text" });
        Assert.Equal("completed", (await PostAsync(client, $"/v1/jobs/{job}/approve", new { }))
            .GetProperty("data").GetProperty("status").GetString());
        await PostAsync(client, $"/v1/jobs/{job}/review", new { rating = 5, comment = "Good." });
        var dashboard = (await GetAsync(client, "/v1/dashboard")).GetProperty("data");
        Assert.Equal(job, dashboard.GetProperty("recent_jobs")[0].GetProperty("id").GetString());
        Assert.Equal("ok", (await GetAsync(client, "/health")).GetProperty("data").GetProperty("status").GetString());
    }

    private static async Task<HttpClient> TokenClientAsync(TestServer server, string key)
    {
        var client = new HttpClient { BaseAddress = new Uri(server.Url) };
        var answer = await PostAsync(client, "/v1/agents/auth/token", new { api_key = key });
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", answer.GetProperty("data").GetProperty("token").GetString());
        return client;
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) =>
        JsonElement.Parse(await client.GetStringAsync(path, Stop));

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body, Stop);
        string text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text);
    }
}
