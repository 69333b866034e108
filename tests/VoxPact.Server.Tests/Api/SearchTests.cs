using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
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
            ("capability=extraction", [invoices]), ("capability=text-extraction", [other]), ("capability=Extraction", [invoices]),
            ("capabilities=extraction,invoices", [bills, invoices]), ("capability=text", []), ("q=invoice&capability=pdf", [invoices]),
            ("min_trust_score=0.4", [other]), ("min_trust_score=45", [other]), ("min_trust_score=46", []), ("q=invoice&min_trust_score=0.45", [other]),
            ("max_price=0.50", [invoices]), ("max_price=1", [bills, invoices]), ("q=invoice&max_price=0.2", [invoices]),
            ("availability=busy", []), ("availability=available,away", [other, bills, invoices]), ("", [other, bills, invoices]),
            ("limit=1", [other]), ("q=%22%27%29+%2A", [other, bills, invoices]), ("q=level0", []),
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

    /// <summary>Agents in plenty: of two in three, of one in thirty, and of very few each word is said.</summary>
    private sealed class Crowd(int first, int count) : Command
    {
        public string Word { get; init; } = "";
        public int? Trust { get; init; }

        public override void Need(LoadPlan plan)
        {
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            for (int i = first; i < first + count; i++)
            {
                var agent = new Agent
                {
                    Id = Id.New(context.NowUs),
                    OwnerId = Id.New(context.NowUs),
                    Name = $"crowd {i}",
                    Status = AgentStatus.Active,
                    KeyHash = BitConverter.GetBytes(i),
                    KeyGeneration = 1,
                    Description = (i % 3 == 0 ? "Plain." : "Common.") + (i % 30 == 7 ? " Seldom." : "") + (i % 800 == 3 ? " Rarest. " : " ") + Word,
                    Capabilities = i % 400 == 5 ? "[\"rare skill\"]" : "[\"skill\"]",
                    PerJobMinor = i,
                    TrustScore = Trust ?? i % 7,
                    CreatedUs = context.NowUs,
                    ActivatedUs = context.NowUs,
                };
                decision.Add(agent);
                decision.Add(AgentPage.Of(agent, JsonElement.Parse(agent.Capabilities).EnumerateArray().Select(one => one.GetString()!).ToArray()));
            }
            return new Ruling(decision, Reply.None);
        }
    }

    [Theory, ClassData<Databases>]
    public async Task Among_many_every_agent_that_answers_is_found_once_page_by_page(string database)
    {
        const int Many = 2_400;
        await using var server = await TestServer.StartAsync(database);
        for (int i = 0; i < Many; i += 200) await server.Deployment.Engine.RunWorkAsync(new Crowd(i, 200));
        foreach (var (query, expected, limit) in new (string, Func<int, bool>, int)[]
        {
            ("q=common", i => i % 3 != 0, 100), ("q=plai", i => i % 3 == 0, 70), ("q=seldom", i => i % 30 == 7, 33),
            ("q=rarest", i => i % 800 == 3, 1), ("q=rares+plain", i => i % 800 == 3 && i % 3 == 0, 50),
            ("q=common+rarest", i => i % 800 == 3 && i % 3 != 0, 50), ("q=nobody", _ => false, 50), ("", _ => true, 99),
            ("capability=rare+skill", i => i % 400 == 5, 4), ("capability=skill&q=seldom", i => i % 30 == 7 && i % 400 != 5, 50),
            ("capabilities=skill,rare+skill&q=rarest", i => i % 800 == 3, 50), ("max_price=0.20", i => i <= 20, 50),
            ("q=seldom&max_price=1.00", i => i % 30 == 7 && i <= 100, 2), ("q=common&min_trust_score=6", i => i % 3 != 0 && i % 7 == 6, 90),
            ("q=rarest&min_trust_score=3", i => i % 800 == 3 && i % 7 >= 3, 50), ("availability=busy&q=rarest", _ => false, 50),
        })
        {
            var found = new List<string>();
            string? cursor = null;
            do
            {
                var page = (await server.GetAsync($"/v1/agents/search?{query}&limit={limit}"
                    + (cursor is null ? "" : $"&cursor={cursor}"))).Expect(200);
                Assert.InRange(page.Data.GetArrayLength(), 0, limit);
                found.AddRange(page.Data.EnumerateArray().Select(agent => agent.GetProperty("name").GetString()!));
                cursor = page.Json.GetProperty("next_cursor").GetString();
            }
            while (cursor is not null);
            Assert.Equal($"{query}: {found.Count}", $"{query}: {found.Distinct().Count()}");
            Assert.Equal(
                Enumerable.Range(0, Many).Where(expected).Select(i => $"crowd {i}").Order(StringComparer.Ordinal),
                found.Order(StringComparer.Ordinal));
        }
    }

    [Theory, ClassData<Databases>]
    public async Task However_little_one_look_may_see_the_blocks_together_have_every_agent_by_trust(string database)
    {
        const int Many = 1_000;
        await using var server = await TestServer.StartAsync(database);
        for (int i = 0; i < Many; i += 200) await server.Deployment.Engine.RunWorkAsync(new Crowd(i, 200));
        var store = server.Deployment.Store;
        AgentFilter For(string word, long? most = null) => new([word], [], 0, most, []);
        foreach (var bounds in new SearchBounds[] { new(7, 60, 50, 100, 200), new(20, 60, 50, 5, 40), new(20, 60, 50, 0, 0), new() })
            foreach (var (filter, expected) in new (AgentFilter, Func<int, bool>)[]
            {
                (For("common"), i => i % 3 != 0), (For("seldom"), i => i % 30 == 7), (For("rarest"), i => i % 800 == 3),
                (For("plain", 50), i => i % 3 == 0 && i <= 50), (For("seldom", 500), i => i % 30 == 7 && i <= 500),
            })
            {
                var found = new List<Agent>();
                TrustPlace? below = TrustPlace.Top;
                while (below is { } place)
                {
                    var block = await AgentBlock.FindAsync(store, filter, place, bounds, TestContext.Current.CancellationToken);
                    Assert.InRange(block.Agents.Count, 0, bounds.Block);
                    found.AddRange(block.Agents);
                    below = block.Next;
                }
                Assert.Equal(found.OrderByDescending(agent => agent.TrustScore).ThenByDescending(agent => agent.Id), found);
                Assert.Equal(Enumerable.Range(0, Many).Where(expected),
                    found.Select(agent => (int)agent.PerJobMinor!.Value).Order());
            }

        // Whom the walk would not meet soon is had from the index at once.
        await server.Deployment.Engine.RunWorkAsync(new Crowd(Many, 1) { Word = "newcomer", Trust = 0 });
        Assert.Single((await AgentBlock.FindAsync(store,
            For("newcomer"), TrustPlace.Top, new(20, 60, 50, 0, 200), TestContext.Current.CancellationToken)).Agents);
        Assert.Empty((await AgentBlock.FindAsync(store,
            For("newcomer"), TrustPlace.Top, new(20, 60, 50, 0, 0), TestContext.Current.CancellationToken)).Agents);
    }

    [Theory, ClassData<Databases>]
    public async Task A_cursor_is_good_for_its_own_search_only(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await server.Deployment.Engine.RunWorkAsync(new Crowd(0, 5));
        string cursor = (await server.GetAsync("/v1/agents/search?q=crowd&limit=2")).Expect(200).Json.GetProperty("next_cursor").GetString()!;
        (await server.GetAsync($"/v1/agents/search?q=crowd&limit=1&cursor={cursor}")).Expect(200);
        foreach (string other in new[] { "q=common", "q=crowd&max_price=1", "q=crowd&min_trust_score=1", "q=crowd&capability=skill", "" })
            (await server.GetAsync($"/v1/agents/search?{other}&cursor={cursor}")).Expect(400, "validation_failed");
        (await server.GetAsync($"/v1/agents/search?q=crowd&cursor={cursor[..^2]}AA")).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task Pages_from_before_lose_the_word_of_their_level_at_the_next_start(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        string agent = await MadeAsync(server, "Elder", ["level"], "Knows level10.", null);
        await server.StopAsync();
        Assert.Equal(1, await Tampering.RunAsync(server, "update agent_pages set words = words || ' level0'"));
        Assert.Equal(1, await Tampering.RunAsync(server, "delete from schemaversions where scriptname like '%0027%'"));
        await server.RunAsync();
        Assert.Empty(await FindAsync(server, "q=level0"));
        Assert.Equal([agent], await FindAsync(server, "q=level10"));
        Assert.Equal([agent], await FindAsync(server, "q=level"));
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
