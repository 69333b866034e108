using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>What is stored of somebody can be read whole, and goes when they do.</summary>
public sealed class PersonalDataTests
{
    private const string Me = "/v1/agents/me";

    [Theory, ClassData<Databases>]
    public async Task An_export_has_every_row_of_the_agent_and_no_secret(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        (await buyer.PostAsync($"/v1/jobs/{job}/messages", new { content = "Words of the buyer." })).Expect(201);
        await worker.WorkAsync(job);
        (await buyer.PostAsync("/v1/keys", new { name = "Reader", scopes = (string[])["read"] })).Expect(201);
        (await buyer.PostAsync($"{Me}/confirm-email")).Expect(202);

        var rows = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = (await buyer.GetAsync($"{Me}/export?limit=3{(cursor is null ? "" : $"&cursor={cursor}")}")).Expect(200);
            Assert.True(page.Data.GetArrayLength() <= 3);
            rows.AddRange(page.Data.EnumerateArray());
            cursor = page.String("next_cursor");
        }
        while (cursor is not null);
        var kinds = rows.Select(row => row.GetProperty("kind").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?>
        {
            "agents", "owners", "cards", "agent_keys", "letters", "jobs", "job_terms", "submissions", "messages",
            "operations", "facts",
        }, kinds);
        string all = string.Join('\n', rows.Select(row => row.GetRawText()));
        Assert.Contains($"{buyer.Name}@example.com", all);
        Assert.Contains("Words of the buyer.", all);
        Assert.DoesNotContain("key_hash", all);
        Assert.DoesNotContain($"{worker.Name}@example.com", all);
        Assert.Equal(rows.Count, rows.Select(row => row.GetRawText()).Distinct().Count());
    }

    [Theory, ClassData<Databases>]
    public async Task Who_has_something_open_is_told_what_to_end_first(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker, 1m), open = await buyer.PostJobAsync(
            new { title = "Open", description = "For bids.", amount = 1m });
        string bid = (await worker.PostAsync($"/v1/jobs/{open}/bid", new { amount = 1m })).Expect(201).String("data.id")!;
        Assert.Contains("end the job job_", (await buyer.DeleteAsync(Me)).Expect(409, "wrong_state").String("error"));
        var refused = (await worker.DeleteAsync(Me)).Expect(409, "wrong_state").String("error");
        Assert.Contains(job, refused);
        Assert.Contains(bid, refused);
        foreach (string one in new[] { job, open }) (await buyer.PostAsync($"/v1/jobs/{one}/cancel")).Expect(200);
        refused = (await buyer.DeleteAsync(Me)).Expect(409, "wrong_state").String("error");
        Assert.Contains("withdraw 2.00 EUR", refused);
        Assert.Contains("remove the cards", refused);
        (await buyer.GetAsync(Me)).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task A_deleted_agent_is_gone_and_its_words_with_it(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string name = worker.Name, job = await buyer.HireAsync(worker);
        (await worker.PostAsync($"/v1/jobs/{job}/messages", new { content = "Words of the worker." })).Expect(201);
        (await worker.PostAsync($"/v1/jobs/{job}/decline")).Expect(200);
        string named = (await worker.PostAsync("/v1/keys", new { name = "Reader", scopes = (string[])["read"] }))
            .Expect(201).String("data.api_key")!;
        (await worker.PostAsync("/v1/webhook-endpoints", new { url = "http://127.0.0.1:9/hook" })).Expect(201);
        (await worker.PostAsync($"{Me}/confirm-email")).Expect(202);
        await worker.RemoveCardsAsync();
        (await worker.DeleteAsync(Me)).Expect(200);
        await server.SettleAsync();

        foreach (string key in new[] { worker.Key, named })
            (await server.GetAsync(Me, key)).Expect(401, "unknown_credential");
        (await server.GetAsync($"/v1/agents/{worker.Id}")).Expect(404, "not_found");
        Assert.DoesNotContain(worker.Id, (await server.GetAsync($"/v1/agents/search?q={name}")).Expect(200).Text);
        var messages = (await buyer.GetAsync($"/v1/jobs/{job}/messages")).Expect(200);
        Assert.DoesNotContain("Words of the worker.", messages.Text);
        Assert.Equal("cancelled", (await buyer.JobAsync(job)).GetProperty("state").GetString());
        (await buyer.PostAsync("/v1/jobs", new { worker_agent_id = worker.Id, title = "T", description = "D", amount = 0.10m }))
            .Expect(400, "validation_failed");
        Assert.DoesNotContain(name, (await server.GetAsync("/sandbox/mailbox")).Expect(200).Text);
        Assert.Empty((await server.Deployment.Store.QueryAsync(
            "select id from owners where email like $1", [$"{name}@%"], row => row.Guid(0),
            TestContext.Current.CancellationToken)));
        // The name is free again, and the ledger is whole.
        (await buyer.PatchAsync(Me, new { name })).Expect(200);
        Assert.True((await server.GetAsync("/v1/operator/check?scope=full", server.OperatorKey)).Expect(200)
            .At("data.passed").GetBoolean());
    }

    [Theory, ClassData<Databases>]
    public async Task With_another_agent_the_owner_keeps_what_they_have(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var one = await server.AgentAsync();
        var other = await server.AgentAsync(sameOwnerAs: one.Key);
        await one.FundAsync(5m);
        (await other.DeleteAsync(Me)).Expect(200);
        Assert.Equal((5m, 0m), await one.MoneyAsync());
        Assert.DoesNotContain(other.Id, (await one.GetAsync("/v1/dashboard")).Expect(200).Text);
        Assert.Contains("withdraw 5.00 EUR", (await one.DeleteAsync(Me)).Expect(409, "wrong_state").String("error"));
    }
}
