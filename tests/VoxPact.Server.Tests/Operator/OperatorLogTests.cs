using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Tests.Ledger;
using Xunit;

namespace VoxPact.Server.Tests.Operator;

/// <summary>Nothing that the operator does goes without a line in their log, and no dead key does anything.</summary>
public sealed class OperatorLogTests
{
    [Theory, ClassData<Databases>]
    public async Task Every_act_of_the_operator_is_one_line_of_the_log(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var arranged = await ActsAsync(server);
        var routes = server.Running.Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.Metadata.GetMetadata<RouteFacts>()).OfType<RouteFacts>()
            .Where(route => route is { Who: Who.Operator, Method: not "GET" }).Select(route => route.Path).ToList();
        Assert.Equal(routes.Order(), arranged.Select(act => act.Route).Order());
        int lines = 0;
        foreach (var (route, path, body, about) in arranged)
        {
            (await server.PostAsync(path, server.OperatorKey, new { nonsense = 1 })).Expect(400);
            var done = await server.PostAsync(path, server.OperatorKey, body, idempotencyKey: $"once {route}");
            Assert.True(done.Status is 200 or 201, $"{route}: {done.Status} {done.Text}");
            if (route.EndsWith("/rotate-key")) server.OperatorKey = done.String("data.api_key")!;
            else
                Assert.Equal(done.Text, (await server.PostAsync(path, server.OperatorKey, body, $"once {route}")).Text);
            var log = await LogAsync(server);
            Assert.True(log.Count == ++lines, $"{route} wrote {log.Count - lines + 1} lines instead of one.");
            Assert.Equal(lines, log[0].GetProperty("number").GetInt32());
            Assert.Equal("operator", log[0].GetProperty("by").GetString());
            Assert.Equal(about, log[0].GetProperty("about").TryGetProperty("agent_id", out var agent) ? agent.GetString()
                : log[0].GetProperty("about").TryGetProperty("owner_id", out var owner) ? owner.GetString()
                : log[0].GetProperty("about").TryGetProperty("job_id", out var job) ? job.GetString() : null);
            if (JsonSerializer.Serialize(body).Contains("\"reason\""))
                Assert.Equal("Because.", log[0].GetProperty("reason").GetString());
        }
        Assert.Equal(lines, (await LogAsync(server)).Select(line => line.GetProperty("act").GetString()).Distinct().Count());
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task The_log_is_read_in_pages_and_whoever_changes_a_line_is_found_out(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        for (int i = 0; i < 5; i++)
            (await server.PostAsync("/v1/operator/payouts/pause", server.OperatorKey, new { reason = $"No. {i}" })).Expect(200);
        var reasons = new List<string?>();
        string? cursor = null;
        do
        {
            var page = (await server.GetAsync("/v1/operator/audit?limit=2"
                + (cursor is null ? "" : $"&cursor={cursor}"), server.OperatorKey)).Expect(200);
            reasons.AddRange(page.Data.EnumerateArray().Select(line => line.GetProperty("reason").GetString()));
            cursor = page.String("next_cursor");
        }
        while (cursor is not null);
        Assert.Equal(["No. 4", "No. 3", "No. 2", "No. 1", "No. 0"], reasons);
        (await server.GetAsync("/v1/operator/audit?cursor=abc", server.OperatorKey)).Expect(400, "validation_failed");
        await server.BooksAsync();
        Assert.Equal(1, await Tampering.RunAsync(server, "delete from facts where type = 47 and sequence = 3"));
        var report = (await server.GetAsync("/v1/operator/check?scope=full", server.OperatorKey)).Expect(200).Data;
        Assert.False(report.GetProperty("passed").GetBoolean());
    }

    [Theory, ClassData<Databases>]
    public async Task A_rotated_key_is_dead_on_every_node_and_replays_its_one_answer(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var other = await server.SecondNodeAsync();
        string old = server.OperatorKey;
        var answer = (await server.PostAsync("/v1/operator/rotate-key", old, idempotencyKey: "rotation")).Expect(200);
        string key = answer.String("data.api_key")!;
        foreach (var node in new[] { server, other })
        {
            (await node.GetAsync("/v1/operator/audit", old)).Expect(401, "unknown_credential");
            (await node.PostAsync("/v1/operator/payouts/resume", old)).Expect(401, "unknown_credential");
            (await node.PostAsync("/v1/operator/rotate-key", old)).Expect(401, "unknown_credential");
            (await node.PostAsync("/v1/operator/rotate-key", old, idempotencyKey: "another")).Expect(401, "unknown_credential");
            var again = (await node.PostAsync("/v1/operator/rotate-key", old, idempotencyKey: "rotation")).Expect(200);
            Assert.Equal((answer.Text, "true"), (again.Text, again.Header("Idempotent-Replayed")));
            (await node.PostAsync("/v1/operator/rotate-key", key, idempotencyKey: "rotation"))
                .Expect(422, "idempotency_key_reused");
            (await node.GetAsync("/v1/operator/audit", key)).Expect(200);
        }
        Assert.DoesNotContain(key, await Tampering.TextAsync(server, database == Databases.Postgres
            ? "select string_agg(encode(body, 'escape'), '') from idempotency" : "select group_concat(hex(body)) from idempotency"));
        string newest = (await server.PostAsync("/v1/operator/rotate-key", key)).Expect(200).String("data.api_key")!;
        (await server.PostAsync("/v1/operator/rotate-key", old, idempotencyKey: "rotation")).Expect(401, "unknown_credential");
        Assert.Single(await LogAsync(server, newest), line => line.GetProperty("number").GetInt32() == 2);
    }

    [Theory, ClassData<Databases>]
    public async Task Nothing_of_the_old_key_is_committed_after_its_rotation(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var other = await server.SecondNodeAsync();
        string old = server.OperatorKey;
        var racing = Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? server : other)
            .PostAsync("/v1/operator/capital", old, new { direction = "add", amount = 1m, reason = "Race." })).ToList();
        var rotated = await server.PostAsync("/v1/operator/rotate-key", old);
        string key = rotated.Expect(200).String("data.api_key")!;
        var answers = await Task.WhenAll(racing);
        var log = await LogAsync(server, key);
        Assert.Equal("rotate_operator_key", log[0].GetProperty("act").GetString());
        Assert.Equal(answers.Count(answer => answer.Status == 201), log.Count - 1);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.Expect(401, "unknown_credential"));
        Assert.Equal(log.Count - 1m, (await server.GetAsync("/v1/operator/totals", key)).Expect(200)
            .At("data.money.capital").GetDecimal());
    }

    [Theory, ClassData<Databases>]
    public async Task A_lost_key_is_replaced_with_the_servers_own_files(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        string lost = server.OperatorKey;
        // A server that runs is SQLite's one writer; on PostgreSQL it need not stop.
        if (database == Databases.Sqlite)
        {
            await Assert.ThrowsAsync<BadSettings>(() => Server.Operator.RotateOperatorKey.RunAsync(server.Options, Stop));
            await server.StopAsync();
        }
        string key = await Server.Operator.RotateOperatorKey.RunAsync(server.Options, Stop);
        if (database == Databases.Sqlite) await server.RunAsync();
        (await server.GetAsync("/v1/operator/audit", lost)).Expect(401, "unknown_credential");
        var line = Assert.Single(await LogAsync(server, key));
        Assert.Equal(("rotate_operator_key", "machine"),
            (line.GetProperty("act").GetString(), line.GetProperty("by").GetString()));
        server.OperatorKey = key;
        await server.BooksAsync();
        await Assert.ThrowsAsync<BadSettings>(() => Server.Operator.RotateOperatorKey.RunAsync(
            server.Options with { Data = server.Options.Data + "-nowhere", Database = null }, Stop));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static async Task<List<JsonElement>> LogAsync(TestServer server, string? key = null) =>
        [.. (await server.GetAsync("/v1/operator/audit", key ?? server.OperatorKey)).Expect(200).Data.EnumerateArray()];

    private sealed record Act(string Route, string Path, object? Body, string? About);

    /// <summary>One act for each route, that must succeed, and whom the log says it was about.</summary>
    private static async Task<List<Act>> ActsAsync(TestServer server)
    {
        var (buyer, worker) = (await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce), await server.AgentAsync("worker"));
        // A refund made by hand at the provider, of somebody else's money.
        await (await server.AgentAsync("third")).FundAsync(2.00m);
        string paid = (await server.NewestAsync("/v1/payment_intents")).GetProperty("id").GetString()!;
        var refund = await server.StripePostAsync("/v1/refunds", ("payment_intent", paid), ("amount", "50"));
        string debtor = (await buyer.GetAsync("/v1/agents/me")).Expect(200).String("data.owner_id")!;
        string job = await buyer.HireAsync(worker, release: "approval");
        await worker.WorkAsync(job, Deliverables.Unsure);
        (await buyer.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "Not what was asked for." })).Expect(200);
        // A transfer that the provider failed under its key, and that was looked for twice since.
        await worker.OnboardAsync();
        await server.PullAsync("faults/next", new { fault = "error", method = "POST", path = "/v1/transfers" });
        await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
        Assert.Equal(1, await Tampering.RunAsync(server,
            "update operations set empty_read_us = created_us - 7200000000 where state = 0 and must_read = 1"));
        string transfer = await TransferAsync(server);
        await server.ChargeBackAsync();
        var why = new { reason = "Because." };
        return
        [
            new("/v1/operator/jobs/{id}/resolve", $"/v1/operator/jobs/{job}/resolve",
                new { outcome = "release", reason = "Because." }, job),
            new("/v1/operator/operations/{id}/resend", $"/v1/operator/operations/{transfer}/resend", null, null),
            new("/v1/operator/owners/{id}/write-off", $"/v1/operator/owners/{debtor}/write-off", why, debtor),
            new("/v1/operator/adopt", "/v1/operator/adopt", new { id = refund.GetProperty("id").GetString() }, null),
            new("/v1/operator/capital", "/v1/operator/capital", new { direction = "add", amount = 1m, reason = "Because." }, null),
            new("/v1/operator/payouts/pause", "/v1/operator/payouts/pause", why, null),
            new("/v1/operator/payouts/resume", "/v1/operator/payouts/resume", null, null),
            new("/v1/operator/agents/{id}/suspend", $"/v1/operator/agents/{worker.Id}/suspend", why, worker.Id),
            new("/v1/operator/agents/{id}/reinstate", $"/v1/operator/agents/{worker.Id}/reinstate", why, worker.Id),
            new("/v1/operator/rotate-key", "/v1/operator/rotate-key", null, null),
        ];
    }

    private static async Task<string> TransferAsync(TestServer server)
    {
        var pending = await server.Deployment.Store.QueryAsync(OperationQueries.PendingSince(long.MaxValue), Stop);
        return Domain.Id.Format(Domain.Id.Operation, Assert.Single(pending).Id);
    }
}
