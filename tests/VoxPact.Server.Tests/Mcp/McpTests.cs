using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Mcp;

/// <summary>The Model Context Protocol as its own client library speaks it.</summary>
public sealed class McpTests
{
    private static readonly string[] s_tools =
    [
        "approve_job", "create_job", "deliver_job", "get_agent_profile", "get_job_status", "get_open_jobs",
        "platform_info", "register_agent", "search_agents", "send_message", "submit_bid",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData<Databases>]
    public async Task A_model_hires_bids_delivers_and_approves_with_tools_alone(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await using var hiring = await ConnectAsync(server, buyer.Key);
        await using var working = await ConnectAsync(server, worker.Key);
        Assert.Equal(s_tools, (await hiring.ListToolsAsync(cancellationToken: Stop)).Select(tool => tool.Name).Order());

        var found = await CallAsync(hiring, "search_agents", ("q", worker.Name));
        Assert.Equal(worker.Id, found.GetProperty("data")[0].GetProperty("agent_id").GetString());
        var posted = await CallAsync(hiring, "create_job", ("title", "Summarise"), ("description", "In two sentences."), ("amount", 0.10m));
        string job = posted.GetProperty("id").GetString()!;
        var open = await CallAsync(working, "get_open_jobs", ("limit", 5));
        Assert.Equal(job, open.GetProperty("data")[0].GetProperty("id").GetString());
        var bid = await CallAsync(working, "submit_bid", ("job_id", job), ("amount", 0.08m), ("message", "At once."));
        (await buyer.PostAsync($"/v1/jobs/{job}/bids/{bid.GetProperty("id").GetString()}/accept")).Expect(200);
        await CallAsync(hiring, "send_message", ("job_id", job), ("content", "Take your time."));
        await CallAsync(working, "deliver_job", ("job_id", job), ("deliverable", Deliverables.Unsure));
        await server.SettleAsync();
        Assert.Equal("review", (await CallAsync(hiring, "get_job_status", ("job_id", job))).GetProperty("state").GetString());
        Assert.Equal("completed", (await CallAsync(hiring, "approve_job", ("job_id", job))).GetProperty("state").GetString());
        Assert.Equal("sandbox", (await CallAsync(hiring, "platform_info")).GetProperty("mode").GetString());
        Assert.Equal(buyer.Id, (await CallAsync(hiring, "get_agent_profile")).GetProperty("agent_id").GetString());
    }

    [Theory, ClassData<Databases>]
    public async Task A_model_posts_a_job_in_parts(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await using var hiring = await ConnectAsync(server, buyer.Key);
        object[] parts =
        [
            new { title = "Chapter 1", amount = 1.00m, deadline_hours = 24 },
            new { title = "Chapter 2", amount = 2.00m, description = "Mind the verses." },
        ];
        var posted = await CallAsync(hiring, "create_job", ("title", "The book"), ("description", "Translate it."),
            ("worker_agent_id", worker.Id), ("milestones", parts));
        Shape.Matches("""
            { "title": "Chapter 1", "amount": 1.00, "state": "offered", "series": { "title": "The book", "of": 2, "parts": [
                { "number": 1, "title": "Chapter 1", "deadline_hours": 24 },
                { "number": 2, "title": "Chapter 2", "amount": 2.00, "description": "Mind the verses.", "status": "waiting" }] } }
            """, await CallAsync(hiring, "get_job_status", ("job_id", posted.GetProperty("id").GetString())));
        foreach (var (amount, milestones, said) in new (decimal?, object[]?, string)[]
        {
            (2.99m, parts, "the sum of the milestones"), (null, [parts[0]], "milestones must have 2 to"), (null, null, "amount is required"),
        })
            Assert.Contains(said, await RefusedAsync(hiring, "create_job", ("title", "The book"), ("description", "D"),
                ("worker_agent_id", worker.Id), ("amount", amount), ("milestones", milestones)));
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task Without_a_key_only_what_is_public_works_and_refusals_say_why(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agent = await server.AgentAsync();
        await using var client = await ConnectAsync(server, null);
        var made = await CallAsync(client, "register_agent", ("name", TestServer.Name("made")), ("owner_email", "a@example.com"),
            ("capabilities", new[] { "x" }), ("accept_terms", true));
        Assert.StartsWith("vxp_live_", made.GetProperty("api_key").GetString());
        Assert.Equal(agent.Id, (await CallAsync(client, "get_agent_profile", ("agent_id", agent.Id))).GetProperty("agent_id").GetString());
        Assert.Contains("malformed_credential", await RefusedAsync(client, "get_job_status", ("job_id", "job_1")));
        await using var keyed = await ConnectAsync(server, agent.Key);
        Assert.Contains("not_found", await RefusedAsync(keyed, "get_job_status", ("job_id", "job_1")));
        Assert.Contains("validation_failed", await RefusedAsync(keyed, "create_job", ("title", ""), ("description", "D"), ("amount", 0.10m)));
    }

    [Theory, ClassData<Databases>]
    public async Task A_model_reads_which_argument_is_wrong_and_says_all_that_a_buyer_may(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await using var client = await ConnectAsync(server, buyer.Key);
        foreach (var (tool, name, value, said) in new (string, string, object?, string)[]
        {
            ("search_agents", "limit", "many", "limit must be"), ("search_agents", "limit", 2.5, "limit must be a whole number"),
            ("search_agents", "limit", 0, "limit is a whole number from 1 to 100"), ("search_agents", "min_trust_score", 101, "min_trust_score is a number"),
            ("search_agents", "min_trust_score", -1e20, "min_trust_score is a number"), ("search_agents", "querry", "x", "search_agents has no argument querry; it takes q, "),
            ("search_agents", "q", new[] { "x" }, "q must be a text"), ("get_job_status", "id", "job_1", "get_job_status has no argument id; it takes job_id."),
            ("create_job", "title", "T", "description is required"),
            ("create_job", "milestones", new[] { new { title = "T", amount = 1, colour = "red" } }, "has no argument milestones[0].colour"),
        })
            Assert.Contains(said, await RefusedAsync(client, tool, (name, value)));
        Assert.Equal(0, (await CallAsync(client, "search_agents", ("q", buyer.Name), ("min_trust_score", 0.8))).GetProperty("data").GetArrayLength());
        Assert.Equal(1, (await CallAsync(client, "search_agents", ("q", buyer.Name), ("min_trust_score", 0))).GetProperty("data").GetArrayLength());

        var posted = await CallAsync(client, "create_job", ("title", "T"), ("description", "D"), ("amount", 0.10m),
            ("task_spec", new { pages = new[] { 1, 2 } }), ("required_capabilities", new[] { "Reading" }), ("max_revisions", 1),
            ("review_hours", 12), ("acceptance", new { min_length = 3 }), ("deadline", server.Deployment.Time.GetUtcNow().AddDays(2)));
        Shape.Matches("""
            { "task_spec": { "pages": [1, 2] }, "required_capabilities": ["Reading"], "max_revisions": 1, "review_hours": 12,
              "acceptance": { "min_length": 3 }, "state": "open" }
            """, await CallAsync(client, "get_job_status", ("job_id", posted.GetProperty("id").GetString())));
    }

    [Theory]
    [InlineData("evil.example", null, 403)]
    [InlineData(null, "https://evil.example", 403)]
    [InlineData(null, "null", 403)]
    [InlineData(null, "http://localhost:3000", 200)]
    [InlineData("localhost", null, 200)]
    [InlineData(null, null, 200)]
    public async Task Pages_and_names_of_strangers_do_not_reach_it(string? host, string? origin, int status)
    {
        await using var server = await TestServer.StartAsync(Databases.Sqlite);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (host is not null) request.Headers.Host = host;
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        using var answer = await server.Http.SendAsync(request, Stop);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    private static Task<McpClient> ConnectAsync(TestServer server, string? key) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(server.Url + "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = key is null ? null : new Dictionary<string, string> { ["Authorization"] = "Bearer " + key },
        }), cancellationToken: Stop);

    private static async Task<JsonElement> CallAsync(
        McpClient client, string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await client.CallToolAsync(
            tool, arguments.ToDictionary(one => one.Name, one => one.Value), cancellationToken: Stop);
        string text = Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
        Assert.False(result.IsError is true, text);
        return JsonElement.Parse(text);
    }

    private static async Task<string> RefusedAsync(
        McpClient client, string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await client.CallToolAsync(
            tool, arguments.ToDictionary(one => one.Name, one => one.Value), cancellationToken: Stop);
        Assert.True(result.IsError is true);
        return Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
    }
}
