using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Operator;

/// <summary>What the operator sees: the disputes that wait, a job as a whole, and the platform at a glance.</summary>
public sealed class InspectionTests
{
    [Theory, ClassData<Databases>]
    public async Task Disputes_wait_oldest_first_and_leave_the_queue_however_they_end(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        var jobs = new List<string>();
        for (int i = 0; i < 5; i++)
        {
            string job = await buyer.HireAsync(worker, release: "approval");
            await worker.WorkAsync(job, Deliverables.Unsure);
            await server.AdvanceAsync(1);
            var by = i % 2 == 0 ? buyer : worker;
            (await by.PostAsync($"/v1/jobs/{job}/dispute", new { reason = $"No. {i}" })).Expect(200);
            jobs.Add(job);
        }
        await server.SettleAsync();
        var queue = await QueueAsync(server, "?limit=100");
        Assert.Equal(jobs, queue.Select(Job));
        Assert.Equal(["buyer No. 0", "worker No. 1", "buyer No. 2", "worker No. 3", "buyer No. 4"],
            queue.Select(one => $"{one.GetProperty("disputed_by").GetString()} {one.GetProperty("reason").GetString()}"));
        Shape.Matches($$"""
            { "title": "Summarise this document", "verdict": "unsure", "escrow": 0.10, "buyer_agent_id": "{{buyer.Id}}",
              "worker_agent_id": "{{worker.Id}}", "since": "20...", "due": "20...", "default": "release",
              "recommendation": { "job_id": "{{jobs[0]}}", "submission": 1 } }
            """, queue[0]);

        // A page goes on where it ended, whatever has become of the job that it ended with.
        var first = (await server.GetAsync("/v1/operator/disputes?limit=2", server.OperatorKey)).Expect(200);
        Assert.Equal(jobs[..2], first.Data.EnumerateArray().Select(Job));
        (await buyer.PostAsync($"/v1/jobs/{jobs[1]}/approve")).Expect(200);
        Assert.Equal(jobs[2..], (await QueueAsync(server, $"?limit=3&cursor={first.String("next_cursor")}")).Select(Job));
        (await server.GetAsync("/v1/operator/disputes?cursor=abc", server.OperatorKey)).Expect(400, "validation_failed");

        (await server.PostAsync($"/v1/operator/jobs/{jobs[0]}/resolve", server.OperatorKey,
            new { outcome = "split", amount = 0.05m, reason = "Half." })).Expect(200);
        (await worker.PostAsync($"/v1/jobs/{jobs[2]}/concede")).Expect(200);
        Assert.Equal(jobs[3..], (await QueueAsync(server)).Select(Job));
        await server.AdvanceAsync(24 * 30);
        Assert.Empty(await QueueAsync(server));
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_job_is_shown_with_everything_that_belongs_to_it(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.PostJobAsync(new
        {
            title = "Open job",
            description = "A summary.",
            amount = 0.10m,
            task_spec = new { pages = 2 },
        });
        string bid = (await worker.PostAsync($"/v1/jobs/{job}/bid", new { amount = 0.08m })).Expect(201).String("data.id")!;
        (await buyer.PostAsync($"/v1/jobs/{job}/bids/{bid}/accept")).Expect(200);
        (await worker.PostAsync($"/v1/jobs/{job}/messages", new { content = "On it." })).Expect(201);
        (await worker.PostAsync($"/v1/jobs/{job}/files/upload-url",
            new { purpose = "x", filename = "a.txt", content_type = "text/plain", file_size_bytes = 3 })).Expect(201);
        await worker.SubmitAsync(job, Deliverables.Unsure);
        (await buyer.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "Too long." })).Expect(200);
        await server.SettleAsync();
        (await server.PostAsync($"/v1/operator/jobs/{job}/resolve", server.OperatorKey,
            new { outcome = "release", reason = "Short enough." })).Expect(200);
        await buyer.FundAsync(1m);
        (await buyer.PostAsync($"/v1/jobs/{job}/bonus", new { amount = 0.05m })).Expect(201);

        var seen = (await server.GetAsync($"/v1/operator/jobs/{job}", server.OperatorKey)).Expect(200);
        Shape.Matches($$"""
            { "data": { "job": { "id": "{{job}}", "state": "completed", "task_spec": { "pages": 2 } },
              "buyer_owner_id": "own_...", "worker_owner_id": "own_...", "is_cut": false,
              "bids": [ { "id": "{{bid}}", "status": "accepted" } ], "messages": [ { "content": "On it." } ],
              "files": [ { "filename": "a.txt", "status": "pending" } ], "operations": [ { "kind": "bonus", "amount": 0.05 } ],
              "submissions": [ { "number": 1, "verdict": { "outcome": "unsure" } } ],
              "recommendations": [ { "job_id": "{{job}}" } ] } }
            """, seen.Json);
        var facts = seen.At("data.facts").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(1, facts.Count), facts.Select(fact => fact.GetProperty("sequence").GetInt32()));
        Assert.Equal(["Too long.", "Short enough."],
            facts.Where(fact => fact.TryGetProperty("note", out _)).Select(fact => fact.GetProperty("note").GetString()));
        Assert.Equal("bid.received", facts[0].GetProperty("type").GetString());
        Assert.Contains($"hold:{job}", seen.At("data.movements").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
        (await server.GetAsync($"/v1/operator/jobs/job_{new string('0', 26)}", server.OperatorKey)).Expect(404, "not_found");
        (await server.GetAsync("/v1/operator/agents/ag_nonsense", server.OperatorKey)).Expect(404, "not_found");
    }

    [Theory, ClassData<Databases>]
    public async Task The_totals_are_those_of_the_ledger_and_of_what_waits(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
        string disputed = await buyer.HireAsync(worker, 2.00m, release: "approval");
        await worker.WorkAsync(disputed, Deliverables.Unsure);
        (await buyer.PostAsync($"/v1/jobs/{disputed}/dispute", new { reason = "No." })).Expect(200);
        await buyer.PostJobAsync(new { title = "Open job", description = "A summary.", amount = 0.30m });
        (await server.PostAsync("/v1/operator/payouts/pause", server.OperatorKey, new { reason = "Audit." })).Expect(200);
        Shape.Matches("""
            { "data": { "money": { "earnings": 0.90, "escrow": 2.30, "fees": 0.10 }, "currency": "eur", "passed": true,
              "open_disputes": 1, "funded_open_jobs": 1, "completed_jobs": 1, "payouts_paused": true,
              "unknown_operations": 0 } }
            """, (await server.GetAsync("/v1/operator/totals", server.OperatorKey)).Expect(200).Json);
    }

    private static string Job(JsonElement dispute) => dispute.GetProperty("job_id").GetString()!;

    private static async Task<List<JsonElement>> QueueAsync(TestServer server, string query = "") =>
        [.. (await server.GetAsync($"/v1/operator/disputes{query}", server.OperatorKey)).Expect(200).Data.EnumerateArray()];
}
