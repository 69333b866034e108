using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>What is refused, in which order, and that refusals change nothing.</summary>
public sealed class StrictnessTests(SharedServers servers) : IClassFixture<SharedServers>
{
    private const string Job = """{"title":"T","description":"D","amount":AMOUNT}""";

    [Theory, ClassData<Databases>]
    public async Task An_error_is_a_problem_document_that_says_what_to_do(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        var answer = (await agent.PostRawAsync("/v1/jobs", """{"title":"","description":"D","amount":0}"""))
            .Expect(400, "validation_failed");
        Shape.Matches($$"""
            { "type": "/docs/errors#validation_failed", "title": "Invalid request", "status": 400, "success": false,
              "instance": "/v1/jobs", "code": "validation_failed", "detail": "amount...", "error": "amount...",
              "request_id": "{{answer.Header("Request-Id")}}",
              "errors": { "amount": ["amount must be above 0..."], "title": ["title must not be empty."] } }
            """, answer.Json);
    }

    [Theory, ClassData<Databases>]
    public async Task Refusals_come_in_the_documented_order(string database)
    {
        var server = await servers.OnAsync(database);
        var (agent, other) = (await server.AgentAsync(), await server.AgentAsync());
        string unknown = Domain.Agents.ApiKey.Create(Domain.Agents.ApiKey.AgentPrefix, new byte[32]);
        string job = await agent.HireAsync(other);
        string submit = $"/v1/jobs/{job}/submit", missing = "/v1/jobs/job_00000000000000000000000000/submit";

        // Each request has every fault of those below it as well.
        (await server.PostRawAsync(missing, "vxp_live_x", "{", "text/plain")).Expect(401, "malformed_credential");
        (await server.PostRawAsync(missing, unknown, "{", "text/plain")).Expect(415, "unsupported_media_type");
        (await server.PostRawAsync(missing, unknown, "{")).Expect(400, "malformed_json");
        (await server.PostRawAsync(missing, unknown, "{}")).Expect(400, "validation_failed");
        (await server.PostRawAsync(missing, unknown, """{"deliverable":"Some work"}""")).Expect(401, "unknown_credential");
        (await other.PostRawAsync(missing, """{"deliverable":"Some work"}""")).Expect(404, "not_found");
        (await agent.PostRawAsync(submit, """{"deliverable":"Some work"}""")).Expect(403, "forbidden");
        (await other.PostAsync($"/v1/jobs/{job}/concede")).Expect(409, "wrong_state");

        await agent.RemoveCardsAsync();
        (await agent.PostRawAsync("/v1/jobs", Job.Replace("AMOUNT", "5.00"))).Expect(402, "payment_method_required");
        (await agent.PostAsync($"/v1/jobs/{job}/cancel", null, "order-of-refusal")).Expect(200);
        (await server.PostRawAsync($"/v1/jobs/{job}/cancel", agent.Key, "{\"reason\":\"x\"}", idempotencyKey: "order-of-refusal"))
            .Expect(422, "idempotency_key_reused");
    }

    [Theory, ClassData<Databases>]
    public async Task Too_large_a_body_is_refused_before_it_is_understood(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        string large = $$"""{"description":"{{new string('x', 70_000)}}"}""";
        Assert.Contains("65536", (await server.SendAsync(
            HttpMethod.Patch, "/v1/agents/me", agent.Key, TestServer.Raw(large)))
            .Expect(413, "payload_too_large").String("error"));
        // A little above what a deliverable may have, and so far above that the body is not read.
        string job = await agent.HireAsync(await server.AgentAsync());
        foreach (int bytes in new[] { 1_048_577, 1_200_000 })
        {
            string deliverable = new('x', bytes);
            foreach (string way in new[] { "submit", "deliver" })
                Assert.Matches("1048576|1114112", (await agent.PostAsync($"/v1/jobs/{job}/{way}", new { deliverable }))
                    .Expect(413, "payload_too_large").String("error"));
        }
    }

    [Theory, ClassData<Databases>]
    public async Task Unknown_and_doubled_members_are_named(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        foreach (var (body, member) in new[]
        {
            ("""{"title":"T","description":"D","amount":1,"status":"completed"}""", "status"),
            ("""{"title":"T","description":"D","amount":1,"amount":2}""", "amount"),
            ("""{"Title":"T","title":"T","description":"D","amount":1}""", "Title"),
            ("""{"title":"T","description":"D","amount":1,"deadlineHours":3}""", "deadlineHours"),
            ("""{"description":"D","amount":1}""", "title"),
            ("""{"title":"T","description":"D","amount":1,"deadline_hours":0}""", "deadline_hours"),
            ("""{"title":"T","description":"D","amount":1,"deadline_hours":1.5}""", "deadline_hours"),
            ("""{"title":"T","description":"D","amount":1,"max_revisions":-1}""", "max_revisions"),
            ("""{"title":"T","description":"D","amount":1,"review_hours":100000}""", "review_hours"),
            ("""{"title":"T","description":"D","amount":1,"release":"never"}""", "release"),
            ("""{"title":"T","description":"D","amount":1,"deadline":"9999-12-31T23:59:59.999Z"}""", "deadline"),
            ("""{"title":"T","description":"D","amount":1,"task_spec":[]}""", "task_spec"),
            ("""{"title":"T","description":"D","amount":1,"task_spec":{"a":1,"a":2}}""", "task_spec.a"),
            ("""{"title":"T","description":"D","amount":1,"required_capabilities":["a",null]}""", "required_capabilities[1]"),
            ("""{"title":"T","description":"D","amount":1,"worker_agent_id":"ag_x"}""", "worker_agent_id"),
        })
        {
            var answer = (await agent.PostRawAsync("/v1/jobs", body)).Expect(400, "validation_failed");
            Assert.Equal([member], answer.At("errors").EnumerateObject().Select(error => error.Name));
        }
        Assert.Equal(0, (await agent.GetAsync("/v1/jobs")).Data.GetArrayLength());
    }

    [Theory, ClassData<Databases>]
    public async Task What_is_not_JSON_in_UTF_8_is_a_400_or_415_and_never_a_500(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        foreach (var (body, type, status) in new[]
        {
            ("{}", null, 415), ("{}", "text/plain", 415), ("{}", "application/json; charset=latin1", 415),
            ("{}", "application/xml", 415), ("{}", "application/json; charset=\"utf-8\"", 400), ("", "application/json", 400),
            ("null", "application/json", 400), ("[]", "application/json", 400), ("\"x\"", "application/json", 400),
            ("{", "application/json", 400), ("{}{}", "application/json", 400), ("{\"title\":\"\\u0000\"}", "application/json", 400),
            ("{\"title\":\"\\ud800\"}", "application/json", 400), ("\uFEFF{}", "application/json", 400),
            (new string('[', 5_000), "application/json", 400), ("{\"amount\":1e400}", "application/json", 400),
        })
            (await server.PostRawAsync("/v1/jobs", agent.Key, body, type)).Expect(status);
    }

    [Theory, ClassData<Databases>]
    public async Task Amounts_are_read_from_their_own_text_or_refused(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        foreach (string amount in new[]
        {
            "1e-9", "-1", "\"0.10\"", new string('9', 40), "0.001", "0.100", "0", "-0.01", "1e2", "0.1000000000000000000000001",
            "10000.01", "79228162514264337593543950336", "null", "true", "[0.10]", "0.105", "NaN",
        })
        {
            var answer = (await agent.PostRawAsync("/v1/jobs", Job.Replace("AMOUNT", amount))).Expect(400);
            if (amount != "NaN") Assert.True(answer.At("errors").TryGetProperty("amount", out _), answer.Text);
        }
        Assert.Equal(0, (await agent.GetAsync("/v1/jobs")).Data.GetArrayLength());
        Assert.Equal((0m, 0m), await agent.MoneyAsync());
        foreach (var (amount, shown) in new[] { ("0.10", "0.10"), ("0.1", "0.10"), ("1", "1.00"), ("2.50", "2.50") })
        {
            var posted = (await agent.PostRawAsync("/v1/jobs", Job.Replace("AMOUNT", amount))).Expect(201);
            Assert.Equal(shown, posted.At("data.amount").GetRawText());
        }
    }

    [Theory, ClassData<Databases>]
    public async Task Error_fields_have_the_names_of_the_request(string database)
    {
        var server = await servers.OnAsync(database);
        var answer = (await server.PostRawAsync("/v1/agents/register", null, """
            { "name": "", "owner_email": "nobody", "capabilities": [""], "webhook_url": "ftp://x", "pricing": {"per_job": 0.001},
              "accept_terms": false, "owner_country": "Germany" }
            """)).Expect(400, "validation_failed");
        Assert.Equal(
            ["accept_terms", "capabilities", "name", "owner_country", "owner_email", "pricing.per_job", "webhook_url"],
            answer.At("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
    }

    [Theory, ClassData<Databases>]
    public async Task Queries_and_cursors_that_make_no_sense_are_400(string database)
    {
        var server = await servers.OnAsync(database);
        var (agent, other) = (await server.AgentAsync(), await server.AgentAsync());
        await agent.FundAsync(1.00m);
        for (int i = 0; i < 3; i++) await agent.HireAsync(other);
        foreach (string query in new[]
            { "limit=0", "limit=101", "limit=x", "status=open", "state=pending", "status=active&status=active", "cursor=abc" })
            (await agent.GetAsync("/v1/jobs?" + query)).Expect(400, "validation_failed");

        var first = (await agent.GetAsync("/v1/jobs?limit=2")).Expect(200);
        string cursor = first.String("next_cursor")!;
        var second = (await agent.GetAsync($"/v1/jobs?limit=2&cursor={cursor}")).Expect(200);
        var ids = first.Data.EnumerateArray().Concat(second.Data.EnumerateArray()).Select(job => job.GetProperty("id").GetString());
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Null(second.String("next_cursor"));
        (await other.GetAsync($"/v1/jobs?limit=2&cursor={cursor}")).Expect(400);
        (await agent.GetAsync($"/v1/jobs?limit=2&status=active&cursor={cursor}")).Expect(400);
        string tampered = (cursor[0] == 'A' ? 'B' : 'A') + cursor[1..];
        (await agent.GetAsync($"/v1/jobs?limit=2&cursor={tampered}")).Expect(400);
    }

    [Theory, ClassData<Databases>]
    public async Task Unknown_paths_and_methods_get_problems_too(string database)
    {
        var server = await servers.OnAsync(database);
        (await server.GetAsync("/v1/nothing")).Expect(404, "not_found");
        (await server.SendAsync(HttpMethod.Delete, "/v1/jobs")).Expect(405, "method_not_allowed");
    }

    [Theory, ClassData<Databases>]
    public async Task While_Stripe_is_away_nothing_is_made_and_Retry_After_says_when_to_come_back(string database)
    {
        var (stripe, server) = await HeldStripe.StartAsync(database);
        await using var _ = stripe;
        await using var __ = server;
        var agent = await server.AgentAsync();
        await stripe.StopAsync();
        var answer = (await agent.PostAsync("/v1/payment-methods/setup")).Expect(503, "payment_provider_unavailable");
        Assert.Matches("^[1-9][0-9]*$", answer.Header("Retry-After"));
        (await server.PostAsync("/v1/agents/register", null, new
        {
            name = "late",
            owner_email = "late@example.com",
            capabilities = new[] { "x" },
            accept_terms = true,
        })).Expect(503, "payment_provider_unavailable");
    }
}
