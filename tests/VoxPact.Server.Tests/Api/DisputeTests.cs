using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Disputes where an appeal is possible: evidence, a decision that waits, one appeal, and the money.</summary>
public sealed class DisputeTests
{
    [Theory, ClassData<Databases>]
    public async Task A_decision_waits_for_the_appeal_and_then_moves_the_money(string database)
    {
        await using var server = await StartAsync(database);
        var (buyer, worker, job) = await DisputedAsync(server);
        await ResolveAsync(server, job, new { outcome = "split", amount = 0.40m, reason = "Half of it is there." });
        Shape.Matches("""
            { "state": "disputed", "reason": "Half of it is there.",
              "ruling": { "outcome": "split", "amount": 0.40, "appeal_until": "..." },
              "next_action": { "who": "parties", "default": "split" } }
            """, await worker.JobAsync(job));
        Assert.Equal((9.00m, 0m), ((await buyer.MoneyAsync()).Balance, (await worker.MoneyAsync()).Earnings));
        (await server.PostAsync($"/v1/operator/jobs/{job}/resolve", server.OperatorKey,
            new { outcome = "refund", reason = "On second thoughts." })).Expect(409, "wrong_state");
        await server.AdvanceAsync(47);
        await buyer.ExpectAsync(job, "disputed");
        await server.AdvanceAsync(1);
        await buyer.ExpectAsync(job, "completed", "dispute");
        Assert.Equal((9.60m, 0.36m), ((await buyer.MoneyAsync()).Balance, (await worker.MoneyAsync()).Earnings));
        (await worker.PostAsync($"/v1/jobs/{job}/appeal", new { reason = "Too late." })).Expect(409, "wrong_state");
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task Who_lost_appeals_once_and_the_next_decision_is_final(string database)
    {
        await using var server = await StartAsync(database);
        var (buyer, worker, job) = await DisputedAsync(server);
        (await worker.PostAsync($"/v1/jobs/{job}/appeal", new { reason = "Early." })).Expect(409, "wrong_state");
        Assert.False((await QueueAsync(server)).GetProperty("data")[0].TryGetProperty("ruling", out _));
        await ResolveAsync(server, job, new { outcome = "refund", reason = "Not what was asked for." });
        Shape.Matches($$"""
            { "data": [{ "job_id": "{{job}}", "reason": "Look at this.", "next_decision_is_final": false, "default": "refund",
              "ruling": { "outcome": "refund", "appeal_until": "20..." }, "ruling_reason": "Not what was asked for." }] }
            """, await QueueAsync(server));
        (await buyer.PostAsync($"/v1/jobs/{job}/appeal", new { reason = "More." })).Expect(403, "forbidden");
        (await worker.PostAsync($"/v1/jobs/{job}/appeal", new { })).Expect(400, "validation_failed");
        Shape.Matches("""{ "data": { "state": "disputed", "ruling": { "outcome": "refund", "appealed_by": "worker" } } }""",
            (await worker.PostAsync($"/v1/jobs/{job}/appeal", new { reason = "Read page two." })).Expect(200).Json);
        (await worker.PostAsync($"/v1/jobs/{job}/appeal", new { reason = "Again." })).Expect(409, "already_done");
        Shape.Matches("""
            { "data": [{ "next_decision_is_final": true, "ruling": { "outcome": "refund", "appealed_by": "worker" },
              "appeal_reason": "Read page two." }] }
            """, await QueueAsync(server));
        await server.AdvanceAsync(48);
        await buyer.ExpectAsync(job, "disputed");
        await ResolveAsync(server, job, new { outcome = "release", reason = "Page two has it." });
        await buyer.ExpectAsync(job, "completed", "dispute");
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
        var told = await buyer.EventsAsync(job, 6);
        Assert.Equal(["dispute.decided", "dispute.appealed", "dispute.resolved"],
            told.Where(type => type.StartsWith("dispute.")));
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task After_an_appeal_an_operators_silence_lets_the_first_decision_stand(string database)
    {
        await using var server = await StartAsync(database);
        var (buyer, worker, job) = await DisputedAsync(server);
        await ResolveAsync(server, job, new { outcome = "refund", reason = "Not what was asked for." });
        (await worker.PostAsync($"/v1/jobs/{job}/appeal", new { reason = "Read page two." })).Expect(200);
        await server.AdvanceAsync(14 * 24);
        await buyer.ExpectAsync(job, "cancelled", "dispute");
        Assert.Equal(10.00m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task Both_parties_and_the_operator_read_the_evidence_of_both(string database)
    {
        await using var server = await StartAsync(database);
        var (buyer, worker, job) = await DisputedAsync(server);
        string path = $"/v1/jobs/{job}/evidence", file = await UploadAsync(server, worker, job);
        Shape.Matches($$"""{ "data": { "text": "Page two is there.", "file_ids": ["{{file}}"] } }""",
            (await worker.PostAsync(path, new { text = "Page two is there.", file_ids = new[] { file } })).Expect(201).Json);
        (await buyer.PostAsync(path, new { text = "It is not what was asked for." })).Expect(201);
        (await buyer.PostAsync(path, new { text = "" })).Expect(400, "validation_failed");
        foreach (string wrong in new[] { "file_00000000000000000000000000", "x" })
            Shape.Matches("""{ "errors": { "file_ids": ["..."] } }""",
                (await buyer.PostAsync(path, new { text = "See.", file_ids = new[] { wrong } })).Expect(400).Json);
        foreach (var seen in new[]
        {
            await worker.GetAsync(path), await buyer.GetAsync(path),
            await server.GetAsync($"/v1/operator/jobs/{job}/evidence", server.OperatorKey),
        })
            Assert.Equal([worker.Id, buyer.Id],
                seen.Expect(200).Data.EnumerateArray().Select(one => one.GetProperty("agent_id").GetString()!));
        Assert.Contains("dispute.evidence", await buyer.EventsAsync(job, 4));
        for (int more = 1; more < 20; more++)
            (await buyer.PostAsync(path, new { text = $"Number {more}." })).Expect(201);
        (await buyer.PostAsync(path, new { text = "One too many." })).Expect(409, "wrong_state");
        (await worker.PostAsync(path, new { text = "The other may go on." })).Expect(201);
    }

    private static Task<TestServer> StartAsync(string database) =>
        TestServer.StartAsync(database, options => options with { AppealHours = 48 });

    /// <summary>A buyer with 10.00, of which 1.00 is held for a job about whose work the judges are unsure.</summary>
    private static async Task<(TestAgent Buyer, TestAgent Worker, string Job)> DisputedAsync(TestServer server)
    {
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(10.00m);
        string job = await buyer.HireAsync(worker, 1.00m);
        await worker.WorkAsync(job, Deliverables.Unsure);
        (await buyer.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "Look at this." })).Expect(200);
        return (buyer, worker, job);
    }

    private static async Task<System.Text.Json.JsonElement> QueueAsync(TestServer server) =>
        (await server.GetAsync("/v1/operator/disputes", server.OperatorKey)).Expect(200).Json;

    private static async Task ResolveAsync(TestServer server, string job, object decision) =>
        (await server.PostAsync($"/v1/operator/jobs/{job}/resolve", server.OperatorKey, decision)).Expect(200);

    private static async Task<string> UploadAsync(TestServer server, TestAgent agent, string job)
    {
        var ticket = (await agent.PostAsync($"/v1/jobs/{job}/files/upload-url",
            new { filename = "two.txt", content_type = "text/plain", file_size_bytes = 5 })).Expect(201).Data;
        string file = ticket.GetProperty("file_id").GetString()!;
        using var put = await server.Http.PutAsync(
            ticket.GetProperty("upload_url").GetString()!, new ByteArrayContent("two!!"u8.ToArray()));
        Assert.True(put.IsSuccessStatusCode);
        (await agent.PostAsync($"/v1/jobs/{job}/files/{file}/confirm")).Expect(200);
        return file;
    }
}
