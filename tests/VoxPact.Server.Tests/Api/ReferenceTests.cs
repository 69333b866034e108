using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>
/// The API reference, section by section: each example is sent as it stands there and its answer compared with the one
/// that stands there. Ids and secrets end in <c>...</c>, as in the reference.
/// </summary>
public sealed class ReferenceTests(SharedServers servers) : IClassFixture<SharedServers>
{
    [Theory, ClassData<Databases>]
    public async Task Register_answers_the_id_the_key_and_the_checkout_page(string database)
    {
        var server = await servers.OnAsync(database);
        var answer = await server.PostRawAsync("/v1/agents/register", null, """
            { "name": "summarizer-v2", "owner_email": "you@example.com",
              "capabilities": ["summarization", "text-extraction"],
              "webhook_url": "https://yourservice.com/webhook", "pricing": { "per_job": 0.10 }, "accept_terms": true }
            """);
        Shape.Matches("""
            { "success": true, "data": { "agent_id": "ag_...", "api_key": "vxp_live_...", "checkout_url": "http...",
              "webhook_secret": "whsec_...", "status": "pending_activation" } }
            """, answer.Expect(201).Json);
        Assert.Contains("/checkout/", answer.String("data.checkout_url"));
        Assert.Equal("ag_".Length + 26, answer.String("data.agent_id")!.Length);
        Assert.Equal("application/json; charset=utf-8", answer.ContentType);
        Assert.Equal("sandbox", answer.Header("VoxPact-Mode"));
        Assert.NotNull(answer.Header("Request-Id"));
    }

    [Theory, ClassData<Databases>]
    public async Task Me_shows_profile_trust_score_and_status_and_checkout_makes_the_agent_live(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.RegisterAsync("summarizer", "https://yourservice.com/webhook");
        Shape.Matches("""{ "data": { "status": "pending_activation" } }""", (await agent.GetAsync("/v1/agents/me")).Json);
        await agent.ActivateAsync();
        Shape.Matches($$"""
            { "success": true, "data": { "agent_id": "{{agent.Id}}", "name": "{{agent.Name}}", "status": "active",
              "trust_score": 0, "level": "bronze", "capabilities": ["summarization"],
              "webhook_url": "https://yourservice.com/webhook", "balance": 0.00, "earnings": 0.00 } }
            """, (await agent.GetAsync("/v1/agents/me")).Expect(200).Json);
    }

    [Theory, ClassData<Databases>]
    public async Task Both_spellings_of_the_key_are_understood_in_any_case(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.RegisterAsync();
        foreach (string scheme in new[] { "Bearer", "ApiKey", "bearer", "APIKEY" })
            (await server.GetAsync("/v1/agents/me", $"{scheme} {agent.Key}")).Expect(200);
        (await server.GetAsync("/v1/agents/me", $"Basic {agent.Key}")).Expect(401, "malformed_credential");
    }

    [Theory, ClassData<Databases>]
    public async Task Patch_me_updates_webhook_url_description_and_capabilities(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        var first = await agent.PatchAsync("/v1/agents/me",
            new { webhook_url = "https://yourservice.com/hook", description = "I summarise.", capabilities = new[] { "a", "b" } });
        Shape.Matches("""
            { "success": true, "data": { "webhook_url": "https://yourservice.com/hook", "description": "I summarise.",
              "capabilities": ["a", "b"], "webhook_secret": "whsec_..." } }
            """, first.Expect(200).Json);
        var second = await agent.PatchAsync("/v1/agents/me", new { webhook_url = (string?)null });
        Shape.Matches("""{ "data": { "webhook_url": null, "description": "I summarise." } }""", second.Expect(200).Json);
    }

    [Theory, ClassData<Databases>]
    public async Task Rotate_key_issues_a_new_key_and_kills_the_current_one(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        string old = agent.Key;
        var answer = await agent.PostAsync("/v1/agents/rotate-key");
        Shape.Matches("""{ "success": true, "data": { "api_key": "vxp_live_..." } }""", answer.Expect(200).Json);
        (await server.GetAsync("/v1/agents/me", old)).Expect(401, "unknown_credential");
        (await server.GetAsync("/v1/agents/me", answer.String("data.api_key"))).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task A_job_is_posted_listed_accepted_submitted_and_paid(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        var posted = await buyer.PostRawAsync("/v1/jobs", $$"""
            { "worker_agent_id": "{{worker.Id}}", "title": "Summarise this document", "description": "...",
              "amount": 0.10, "deadline_hours": 24 }
            """);
        Shape.Matches($$"""
            { "success": true, "data": { "id": "job_...", "status": "pending", "state": "offered", "amount": 0.10,
              "currency": "eur", "title": "Summarise this document", "description": "...",
              "buyer_agent_id": "{{buyer.Id}}", "worker_agent_id": "{{worker.Id}}", "job_type": "direct",
              "deadline": "20...", "next_action": { "who": "worker", "default": "refund", "by": "20..." } } }
            """, posted.Expect(201).Json);
        string job = posted.String("data.id")!;

        var accepted = await worker.PostAsync($"/v1/jobs/{job}/accept");
        Shape.Matches($$"""
            { "success": true, "data": { "id": "{{job}}", "status": "active", "state": "active", "fee": 0.01 } }
            """, accepted.Expect(200).Json);
        Shape.Matches($$"""{ "success": true, "data": [ { "id": "{{job}}", "status": "active" } ], "next_cursor": null }""",
            (await buyer.GetAsync("/v1/jobs?status=active&limit=50")).Expect(200).Json);

        var submitted = await worker.PostRawAsync($"/v1/jobs/{job}/submit",
            """{ "deliverable": "Summary: The document discusses the quarterly results and finds revenue up 12 percent." }""");
        Shape.Matches($$"""{ "success": true, "data": { "id": "{{job}}", "status": "active", "submissions_used": 1 } }""",
            submitted.Expect(200).Json);
        await server.SettleAsync();
        Shape.Matches("""
            { "success": true, "data": { "status": "completed", "state": "completed", "closed_reason": "validated",
              "last_verdict": { "outcome": "pass", "submission": 1 } } }
            """, (await buyer.GetAsync($"/v1/jobs/{job}")).Expect(200).Json);
        Assert.Equal((0m, 0.09m), await worker.MoneyAsync());
        Assert.Equal((0.40m, 0m), await buyer.MoneyAsync());
    }

    [Theory, ClassData<Databases>]
    public async Task Jobs_are_filtered_by_the_words_of_the_reference(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(1.00m);
        string pending = await buyer.HireAsync(worker), active = await buyer.HireAsync(worker);
        string completed = await buyer.HireAsync(worker), disputed = await buyer.HireAsync(worker);
        (await worker.PostAsync($"/v1/jobs/{active}/accept")).Expect(200);
        await worker.WorkAsync(completed, Deliverables.Pass);
        await worker.WorkAsync(disputed, Deliverables.Unsure);
        (await buyer.PostAsync($"/v1/jobs/{disputed}/dispute", new { reason = "It is not what I asked for." })).Expect(200);

        foreach (var (word, job) in new[]
            { ("pending", pending), ("active", active), ("completed", completed), ("disputed", disputed) })
        {
            var listed = (await buyer.GetAsync($"/v1/jobs?status={word}&limit=50")).Expect(200).Data;
            Assert.Equal([job], listed.EnumerateArray().Select(one => one.GetProperty("id").GetString()));
        }
        (await buyer.GetAsync("/v1/jobs?status=finished")).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task A_card_is_saved_listed_and_detached(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        var setup = await agent.PostAsync("/v1/payment-methods/setup");
        Shape.Matches("""{ "success": true, "client_secret": "seti_..." }""", setup.Expect(200).Json);
        Assert.Contains("_secret_", setup.String("client_secret"));

        var listed = await agent.GetAsync("/v1/payment-methods");
        Shape.Matches("""
            { "success": true, "data": [ { "id": "pm_...", "brand": "visa", "last4": "4242", "exp_month": 12,
              "exp_year": 2040, "is_default": true } ] }
            """, listed.Expect(200).Json);
        string card = listed.Data[0].GetProperty("id").GetString()!;
        Shape.Matches($$"""{ "success": true, "data": { "id": "{{card}}", "removed": true } }""",
            (await agent.DeleteAsync($"/v1/payment-methods/{card}")).Expect(200).Json);
        Shape.Matches("""{ "success": true, "data": [] }""", (await agent.GetAsync("/v1/payment-methods")).Json);
    }

    [Theory, ClassData<Databases>]
    public async Task Connect_is_onboarded_and_its_status_tells(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        Shape.Matches("""{ "success": true, "connected": false, "payouts_enabled": false, "stripe_account_id": null }""",
            (await agent.GetAsync("/v1/connect/status")).Expect(200).Json);
        Shape.Matches("""{ "success": true, "onboarding_url": "http..." }""",
            (await agent.PostAsync("/v1/connect/onboard")).Expect(200).Json);
        Shape.Matches("""{ "success": true, "connected": false, "payouts_enabled": false, "stripe_account_id": "acct_..." }""",
            (await agent.GetAsync("/v1/connect/status")).Expect(200).Json);
        await agent.OnboardAsync();
        Shape.Matches("""{ "success": true, "connected": true, "payouts_enabled": true, "stripe_account_id": "acct_..." }""",
            (await agent.GetAsync("/v1/connect/status")).Expect(200).Json);
    }

    [Theory, ClassData<Databases>]
    public async Task The_machine_readable_spec_names_every_endpoint_of_the_reference(string database)
    {
        var server = await servers.OnAsync(database);
        var spec = (await server.GetAsync("/openapi.json")).Expect(200).Json;
        Assert.StartsWith("3.1", spec.GetProperty("openapi").GetString());
        var paths = spec.GetProperty("paths");
        foreach (var (path, method) in new[]
        {
            ("/v1/agents/register", "post"), ("/v1/agents/me", "get"), ("/v1/agents/me", "patch"),
            ("/v1/agents/rotate-key", "post"), ("/v1/jobs", "post"), ("/v1/jobs", "get"),
            ("/v1/jobs/{id}/accept", "post"), ("/v1/jobs/{id}/submit", "post"), ("/v1/payment-methods/setup", "post"),
            ("/v1/payment-methods", "get"), ("/v1/payment-methods/{id}", "delete"), ("/v1/connect/onboard", "post"),
            ("/v1/connect/status", "get"),
        })
            Assert.True(paths.GetProperty(path).TryGetProperty(method, out _), $"{method} {path}");
    }
}
