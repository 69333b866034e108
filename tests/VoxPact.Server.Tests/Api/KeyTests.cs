using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Named keys: what each may do and spend, and how it dies.</summary>
public sealed class KeyTests(SharedServers servers) : IClassFixture<SharedServers>
{
    private const string Night = "night shift";

    [Theory, ClassData<Databases>]
    public async Task A_key_is_shown_once_and_is_good_for_its_scopes_only(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        var made = (await agent.PostAsync("/v1/keys", new { name = Night, scopes = (string[])["read"] }, "make-one"))
            .Expect(201);
        string key = made.String("data.api_key")!;
        Shape.Matches("""
            { "success": true, "data": { "id": "key_...", "name": "night shift", "api_key": "vxp_key_...",
              "ending": "...", "scopes": ["read"], "created_at": "20..." } }
            """, made.Json);
        Assert.EndsWith(made.String("data.ending")!, key);
        var replayed = (await agent.PostAsync("/v1/keys", new { name = Night, scopes = (string[])["read"] }, "make-one"))
            .Expect(201);
        Assert.Equal(key, replayed.String("data.api_key"));
        Assert.Equal(agent.Id, (await server.GetAsync("/v1/agents/me", key)).Expect(200).String("data.agent_id"));
        Assert.Equal(agent.Id, (await server.GetAsync("/v1/agents/me", $"ApiKey {key}")).String("data.agent_id"));
        var refused = (await PostAsync(server, key, 0.10m)).Expect(403, "scope_missing");
        Assert.Contains("hire", refused.String("error"));
        (await server.PostAsync("/v1/keys", key, new { name = "More", scopes = (string[])["manage"] }))
            .Expect(403, "scope_missing");
        (await server.PostAsync("/v1/agents/rotate-key", key)).Expect(403, "scope_missing");
        var listed = (await agent.GetAsync("/v1/keys")).Expect(200);
        Assert.DoesNotContain(key[..20], listed.Text);
    }

    [Theory, ClassData<Databases>]
    public async Task A_key_that_is_revoked_is_dead_on_every_node_with_its_tokens(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var node = await server.SecondNodeAsync();
        var agent = await server.AgentAsync();
        var (id, key) = await MakeAsync(agent, new { name = Night, scopes = (string[])["read", "hire"] });
        string token = (await server.PostAsync("/v1/agents/auth/token", null, new { api_key = key }))
            .Expect(200).String("data.token")!;
        Assert.Equal("read hire", Claims(token).GetProperty("scope").GetString());
        foreach (string credential in new[] { key, token })
        {
            (await node.GetAsync("/v1/jobs", credential)).Expect(200);
            (await PostAsync(node, credential, 0.10m)).Expect(201);
            (await node.GetAsync("/v1/keys", credential)).Expect(403, "scope_missing");
        }
        Assert.Equal(id, (await agent.DeleteAsync($"/v1/keys/{id}")).Expect(200).At("data.revoked")[0].GetString());
        foreach (string credential in new[] { key, token })
        {
            (await node.GetAsync("/v1/jobs", credential)).Expect(401, "unknown_credential");
            (await PostAsync(node, credential, 0.10m)).Expect(401, "unknown_credential");
        }
        (await agent.DeleteAsync($"/v1/keys/{id}")).Expect(404, "not_found");
        (await agent.GetAsync("/v1/jobs")).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task The_kill_switch_kills_all_named_keys_and_a_key_expires_by_itself(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agent = await server.AgentAsync();
        var (_, manager) = await MakeAsync(agent, new { name = "Manager", scopes = (string[])["manage"] });
        var (_, brief) = await MakeAsync(agent, new
        {
            name = "Brief",
            scopes = (string[])["read"],
            expires_at = TimeProvider.System.GetUtcNow().AddHours(2),
        });
        (await server.GetAsync("/v1/jobs", brief)).Expect(200);
        await server.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Contains("expired", (await server.GetAsync("/v1/jobs", brief)).Expect(401, "unknown_credential").String("error"));
        (await server.PostAsync("/v1/agents/auth/token", null, new { api_key = brief })).Expect(401, "unknown_credential");
        var killed = (await server.SendAsync(HttpMethod.Delete, "/v1/keys", manager)).Expect(200);
        Assert.Equal(2, killed.At("data.revoked").GetArrayLength());
        (await server.GetAsync("/v1/keys", manager)).Expect(401, "unknown_credential");
        Assert.Equal(["key.created", "key.created", "key.revoked", "key.revoked"],
            await agent.EventsOfAsync("key.created,key.revoked", 4));
    }

    [Theory, ClassData<Databases>]
    public async Task A_refusal_says_what_remains_of_the_day(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (agent, worker) = (await server.AgentAsync(), await server.AgentAsync());
        await agent.FundAsync(50m);
        var (_, key) = await MakeAsync(agent, new { name = Night, scopes = (string[])["hire"], per_job = 4, per_day = 10 });
        (await PostAsync(server, key, 4m, worker.Id)).Expect(201);
        (await PostAsync(server, key, 3.5m)).Expect(201);
        var tooMuch = (await PostAsync(server, key, 2.51m)).Expect(402, "key_limit_exceeded");
        Assert.Equal((10m, 7.5m, 2.5m), Members(tooMuch));
        Assert.Equal((4m, 0m, 4m), Members((await PostAsync(server, key, 4.01m)).Expect(402, "key_limit_exceeded")));
        (await PostAsync(server, key, 2.5m)).Expect(201);
        Assert.Equal(10m, (await agent.GetAsync("/v1/keys")).Data[0].GetProperty("spent_today").GetDecimal());
        await server.AdvanceAsync(TimeSpan.FromHours(24));
        (await PostAsync(server, key, 2.5m)).Expect(201);

        (await agent.PatchAsync("/v1/agents/me", new { monthly_limit = 1 })).Expect(200);
        var month = (await PostAsync(server, agent.Key, 2m)).Expect(402, "monthly_limit_exceeded");
        Assert.Equal(0m, month.At("remaining").GetDecimal());
    }

    [Theory, ClassData<Databases>]
    public async Task Posts_at_the_same_time_never_pass_the_day_together(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agent = await server.AgentAsync();
        await agent.FundAsync(50m);
        var (_, key) = await MakeAsync(agent, new { name = Night, scopes = (string[])["hire"], per_day = 1 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => PostAsync(server, key, 0.10m)));
        Assert.Equal(10, answers.Count(answer => answer.Status == 201));
        Assert.Equal(20, answers.Count(answer => answer.Status == 402));
    }

    [Theory, ClassData<Databases>]
    public async Task A_post_that_no_card_pays_for_counts_for_nothing(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.RegisterAsync();
        await agent.ActivateAsync(TestCards.DeclinesCharges);
        var (_, key) = await MakeAsync(agent, new { name = Night, scopes = (string[])["hire"], per_day = 1 });
        (await PostAsync(server, key, 0.80m)).Expect(402, "payment_declined");
        Assert.Equal(0m, (await agent.GetAsync("/v1/keys")).Data[0].GetProperty("spent_today").GetDecimal());
    }

    [Theory, ClassData<Databases>]
    public async Task A_mandate_names_workers_and_capabilities(string database)
    {
        var server = await servers.OnAsync(database);
        var (agent, worker, other) = (await server.AgentAsync(), await server.AgentAsync(), await server.AgentAsync());
        await agent.FundAsync(5m);
        var (_, key) = await MakeAsync(agent, new
        {
            name = Night,
            scopes = (string[])["hire"],
            allowed_workers = (string[])[worker.Id],
            allowed_capabilities = (string[])["Translation"],
        });
        (await PostAsync(server, key, 0.10m, other.Id, "translation")).Expect(403, "outside_mandate");
        (await PostAsync(server, key, 0.10m, worker.Id)).Expect(403, "outside_mandate");
        (await PostAsync(server, key, 0.10m, worker.Id, "translation", "ocr")).Expect(403, "outside_mandate");
        (await PostAsync(server, key, 0.10m, worker.Id, "translation")).Expect(201);
        string open = (await PostAsync(server, key, 0.10m, null, "translation")).Expect(201).String("data.id")!;
        foreach (var (bidder, status) in new[] { (other, 403), (worker, 200) })
        {
            (await bidder.PatchAsync("/v1/agents/me", new { capabilities = (string[])["translation"] })).Expect(200);
            string bid = (await bidder.PostAsync($"/v1/jobs/{open}/bid", new { amount = 0.10m })).Expect(201).String("data.id")!;
            (await server.PostAsync($"/v1/jobs/{open}/bids/{bid}/accept", key)).Expect(status);
        }
    }

    [Theory, ClassData<Databases>]
    public async Task Nobody_but_an_allowed_worker_is_hired_with_the_key_by_any_way(string database)
    {
        var server = await servers.OnAsync(database);
        var (agent, worker, other) = (await server.AgentAsync(), await server.AgentAsync(), await server.AgentAsync());
        await agent.FundAsync(20m);
        var (_, key) = await MakeAsync(agent, new
        {
            name = Night,
            scopes = (string[])["hire"],
            allowed_workers = (string[])[worker.Id],
        });
        object Post(string? named, string? fallback = null, object? milestones = null) => new
        {
            title = "Keyed",
            description = "Posted with a named key.",
            amount = milestones is null ? 1.00m : (decimal?)null,
            worker_agent_id = named,
            fallback_worker_agent_id = fallback,
            milestones,
        };
        object parts = new[] { new { title = "One", amount = 1.00m }, new { title = "Two", amount = 1.00m } };
        var posts = new (object Body, int Status)[]
        {
            (Post(worker.Id), 201), (Post(other.Id), 403), (Post(worker.Id, other.Id), 403),
            (Post(worker.Id, null, parts), 201), (Post(other.Id, null, parts), 403), (Post(worker.Id, other.Id, parts), 403),
            (Post(null), 201),
        };
        foreach (var (body, status) in posts)
        {
            var answer = (await server.PostAsync("/v1/jobs", key, body)).Expect(status);
            if (status == 403) Assert.Contains("names other workers", answer.Expect(403, "outside_mandate").Text);
        }
        var batch = (await server.PostAsync("/v1/jobs/batch", key, new { jobs = posts.Select(post => post.Body) })).Expect(200);
        Assert.Equal(posts.Select(post => post.Status),
            batch.Data.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("status").GetInt32()));

        // Anybody may bid on an open job, and only an allowed worker's bid can be accepted with the key.
        string open = (await server.PostAsync("/v1/jobs", key, Post(null))).Expect(201).String("data.id")!;
        foreach (var (bidder, code) in new[] { (other, "outside_mandate"), (worker, null) })
        {
            string bid = (await bidder.PostAsync($"/v1/jobs/{open}/bid", new { amount = 0.90m })).Expect(201).String("data.id")!;
            var answer = await server.PostAsync($"/v1/jobs/{open}/bids/{bid}/accept", key);
            if (code is null) answer.Expect(200);
            else answer.Expect(403, code);
        }
        // The agent's own key named somebody else: the named key takes no terms of theirs, dearer or cheaper.
        foreach (decimal amount in new[] { 0.90m, 1.10m })
            foreach (var (named, status) in new[] { (other, 403), (worker, 200) })
            {
                string job = (await agent.PostAsync("/v1/jobs", Post(named.Id))).Expect(201).String("data.id")!;
                (await named.PostAsync($"/v1/jobs/{job}/counter-offer", new { amount })).Expect(200);
                var answer = (await server.PostAsync($"/v1/jobs/{job}/counter-offer/accept", key)).Expect(status);
                if (status == 403) answer.Expect(403, "outside_mandate");
            }
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task What_was_approved_is_posted_once_and_only_that(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        await agent.FundAsync(50m);
        var (_, key) = await MakeAsync(agent,
            new { name = Night, scopes = (string[])["hire", "manage"], approval_above = 1 });
        (await PostAsync(server, key, 1m)).Expect(201);
        var asked = (await PostAsync(server, key, 2m, "ask-once", null, [])).Expect(403, "approval_required");
        string id = asked.String("approval_id")!;
        Assert.Equal(id, (await PostAsync(server, key, 2m)).Expect(403, "approval_required").String("approval_id"));
        Shape.Matches($$"""
            { "success": true, "next_cursor": null, "data": [
              { "id": "{{id}}", "key_id": "key_...", "status": "pending", "title": "Keyed", "amount": 2.00,
                "created_at": "20...", "expires_at": "20..." } ] }
            """, (await agent.GetAsync("/v1/approvals")).Expect(200).Json);
        (await server.PostAsync($"/v1/approvals/{id}/approve", key)).Expect(403, "forbidden");
        (await agent.PostAsync($"/v1/approvals/{id}/approve")).Expect(200);
        (await agent.PostAsync($"/v1/approvals/{id}/approve")).Expect(409, "already_done");
        (await PostAsync(server, key, 2.01m)).Expect(403, "approval_required");
        var posts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(server, key, 2m)));
        Assert.Single(posts, answer => answer.Status == 201);
        Assert.All(posts.Where(answer => answer.Status != 201), answer => answer.Expect(403, "approval_required"));
        Assert.DoesNotContain(id, (await agent.GetAsync("/v1/approvals")).Text);
        Assert.Equal(["approval.requested", "approval.decided", "approval.requested", "approval.requested"],
            await agent.EventsOfAsync("approval.requested,approval.decided", 4));
    }

    [Theory, ClassData<Databases>]
    public async Task A_key_asks_for_so_many_approvals_at_most(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        await agent.FundAsync(50m);
        var (_, key) = await MakeAsync(agent, new { name = Night, scopes = (string[])["hire"], approval_above = 0 });
        for (int i = 1; i <= Domain.Limits.ApprovalsPerKey; i++)
            (await PostAsync(server, key, i / 100m)).Expect(403, "approval_required");
        (await PostAsync(server, key, 0.50m)).Expect(403, "outside_mandate");
    }

    private static (decimal, decimal, decimal) Members(Answer answer) => (answer.At("limit").GetDecimal(),
        answer.At("spent").GetDecimal(), answer.At("remaining").GetDecimal());

    private static JsonElement Claims(string token) =>
        JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]));

    private static async Task<(string Id, string Key)> MakeAsync(TestAgent agent, object request)
    {
        var made = (await agent.PostAsync("/v1/keys", request)).Expect(201);
        return (made.String("data.id")!, made.String("data.api_key")!);
    }

    private static Task<Answer> PostAsync(
        TestServer server, string key, decimal amount, string? worker = null, params string[] capabilities) =>
        PostAsync(server, key, amount, null, worker, capabilities);

    private static Task<Answer> PostAsync(
        TestServer server, string key, decimal amount, string? idempotencyKey, string? worker, string[] capabilities) =>
        server.PostAsync("/v1/jobs", key, new
        {
            title = "Keyed",
            description = "Posted with a named key.",
            amount,
            worker_agent_id = worker,
            required_capabilities = capabilities,
        }, idempotencyKey);
}
