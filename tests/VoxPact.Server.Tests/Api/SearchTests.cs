using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Tests.Ledger;
using VoxPact.Server.Work;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Agents as strangers find them.</summary>
public sealed class SearchTests
{
    [Theory, ClassData<Databases>]
    public async Task Agents_are_found_by_words_and_filters_the_relevant_and_trusted_first(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        string invoices = await MadeAsync(server, "Invoice reader", ["extraction", "pdf"], "Reads bills.", 0.20m);
        string bills = await MadeAsync(server, "Bills and more", ["invoices"], "Größe counts.", 1.00m);
        string other = await MadeAsync(server, "Poet", ["text-extraction"], "Writes about an invoice.", null);
        await TrustAsync(server, other, 45);
        foreach (var (query, expected) in new (string, string[])[]
        {
            // The name's own word is worth 100, a beginning in a capability 60, a word of the description 40 and trust 45.
            ("q=invoice", [invoices, other, bills]), ("q=INVOI", [other, invoices, bills]), ("q=bills+more", [bills]),
            ("q=gr%C3%B6%C3%9Fe", [bills]), ("q=nothing", []), ("q=bill", [bills, invoices]),
            ("capability=extraction", [invoices]), ("capability=text-extraction", [other]), ("capability=Extraction", []),
            ("capabilities=extraction,invoices", [bills, invoices]), ("capability=text", []), ("q=invoice&capability=pdf", [invoices]),
            ("min_trust_score=0.4", [other]), ("min_trust_score=45", [other]), ("min_trust_score=46", []), ("q=invoice&min_trust_score=0.45", [other]),
            ("max_price=0.50", [invoices]), ("max_price=1", [bills, invoices]), ("q=invoice&max_price=0.2", [invoices]),
            ("availability=busy", []), ("availability=available,away", [other, bills, invoices]), ("", [other, bills, invoices]),
            ("limit=1", [other]), ("q=%22%27%29+%2A", [other, bills, invoices]), ("q=level0", [bills, invoices]),
        })
            Assert.Equal($"{query}: {string.Join(' ', expected)}", $"{query}: {string.Join(' ', await FindAsync(server, query))}");
        foreach (string bad in new[] { "min_trust_score=101", "min_trust_score=-1", "min_trust_score=x", "max_price=0.001", "availability=asleep", "limit=0", "query=x" })
            (await server.GetAsync("/v1/agents/search?" + bad)).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task The_profile_follows_its_agent_and_hides_what_is_not_public(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agent = await server.AgentAsync("seen", "http://127.0.0.1:9/hook");
        (await agent.PatchAsync("/v1/agents/me", new
        {
            description = "Walks backwards.",
            capabilities = new[] { "walking" },
            availability = "busy",
            pricing = new { per_job = 0.10m },
        })).Expect(200);
        var answer = (await server.GetAsync($"/v1/agents/{agent.Id}")).Expect(200);
        Shape.Matches($$"""
            { "success": true, "data": { "agent_id": "{{agent.Id}}", "name": "{{agent.Name}}", "capabilities": ["walking"],
              "description": "Walks backwards.", "availability": "busy", "pricing": { "per_job": 0.10 }, "trust_score": 0,
              "level": "bronze", "reviews": 0, "created_at": "20..." } }
            """, answer.Json);
        foreach (string secret in new[] { "example.com", "127.0.0.1", "own_", "email", "webhook" })
            Assert.DoesNotContain(secret, answer.Text);
        Assert.Equal([agent.Id], await FindAsync(server, "q=backwards"));
        (await agent.PatchAsync("/v1/agents/me", new { description = "Stands." })).Expect(200);
        Assert.Empty(await FindAsync(server, "q=backwards"));
        Assert.Equal([agent.Id], await FindAsync(server, "q=stands"));

        var pending = await server.RegisterAsync("unseen");
        (await server.GetAsync($"/v1/agents/{pending.Id}")).Expect(404, "not_found");
        Assert.Empty(await FindAsync(server, "q=unseen"));
        (await server.GetAsync("/v1/agents/ag_nobody")).Expect(404, "not_found");
    }

    [Theory, ClassData<Databases>]
    public async Task However_odd_the_words_they_are_never_more_than_words(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agent = await server.AgentAsync("odd");
        (await agent.PatchAsync("/v1/agents/me", new { description = "日本語 near AND or\" " + new string('x', 5_000) })).Expect(200);
        foreach (string q in new[] { "AND", "OR NOT", "near(", "a:b", "*", "--", "';drop table agents", "日本", new string('x', 200), "\\", "&|!", "<->" })
            (await server.GetAsync("/v1/agents/search?q=" + Uri.EscapeDataString(q))).Expect(200);
        Assert.Equal([agent.Id], await FindAsync(server, "q=" + Uri.EscapeDataString("日本")));
        Assert.Equal([agent.Id], await FindAsync(server, "q=" + new string('x', 200)));
        (await server.GetAsync("/v1/agents/search?q=" + new string('x', 201))).Expect(400, "validation_failed");
    }

    private static async Task<string> MadeAsync(
        TestServer server, string name, string[] capabilities, string description, decimal? price)
    {
        var agent = await server.AgentAsync("made");
        (await agent.PatchAsync("/v1/agents/me", new
        {
            name = TestServer.Name(name),
            capabilities,
            description,
            pricing = price is null ? null : new { per_job = price },
        })).Expect(200);
        return agent.Id;
    }

    private static async Task TrustAsync(TestServer server, string agent, int score)
    {
        Assert.True(Id.TryParse(Id.Agent, agent, out var id));
        await server.Deployment.Engine.RunWorkAsync(new SetTrust(id, score));
    }

    private static async Task<List<string>> FindAsync(TestServer server, string query) =>
        [.. (await server.GetAsync("/v1/agents/search?" + query)).Expect(200).Data.EnumerateArray()
            .Select(agent => agent.GetProperty("agent_id").GetString()!)];

    /// <summary>A score as an assessment will give it.</summary>
    private sealed class SetTrust(Guid agent, int score) : Command
    {
        public override void Need(LoadPlan plan) => plan.AgentsToChange.Add(agent);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var trusted = rows.Agents.Find(agent)! with { TrustScore = score };
            string[] capabilities = JsonElement.Parse(trusted.Capabilities).EnumerateArray().Select(one => one.GetString()!).ToArray();
            return new Ruling(new Decision().Put(trusted).Put(AgentPage.Of(trusted, capabilities)), Reply.None);
        }
    }

    [Theory, ClassData<Databases>]
    public async Task Agents_from_before_there_were_pages_are_given_theirs_at_the_next_start(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agents = new List<TestAgent>();
        for (int i = 0; i < 3; i++) agents.Add(await server.AgentAsync("elder"));
        var pending = await server.RegisterAsync("elder");
        await server.StopAsync();
        await Tampering.RunAsync(server, "delete from agent_pages");
        Assert.Equal(1, await Tampering.RunAsync(server, "delete from schemaversions where scriptname like '%0022%'"));
        await server.RunAsync();
        await server.SettleAsync();
        foreach (var agent in agents)
            Assert.Equal(1, (await server.GetAsync($"/v1/agents/search?q={agent.Name}")).Expect(200).Data.GetArrayLength());
        await pending.ActivateAsync();
        Assert.Equal(4, (await server.GetAsync("/v1/agents/search?q=elder")).Expect(200).Data.GetArrayLength());
        await server.BooksAsync();
    }
}
