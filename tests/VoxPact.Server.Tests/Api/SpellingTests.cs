using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>The ways in which published clients spell what they mean, and what is refused whatever the spelling.</summary>
public sealed class SpellingTests(SharedServers servers) : IClassFixture<SharedServers>
{
    private const string Text = "Summary: the quarterly report finds revenue up 12 percent.";

    [Theory, ClassData<Databases>]
    public async Task An_object_with_a_result_is_the_deliverable_and_accepts_an_offered_job(string database)
    {
        var (server, buyer, worker, job) = await HiredAsync(database);
        var delivered = await worker.PostRawAsync($"/v1/jobs/{job}/deliver", $$$"""{"result": {"summary": "{{{Text}}}"}}""");
        Assert.Equal("validating", delivered.Expect(200).String("data.state"));
        await server.SettleAsync();
        var submission = await OnlyAsync(buyer, job);
        Assert.Equal(Text, submission.GetProperty("deliverable").GetProperty("result").GetProperty("summary").GetString());
        Assert.NotNull((await buyer.JobAsync(job)).GetProperty("accepted_at").GetString());
    }

    [Theory, ClassData<Databases>]
    public async Task Deliver_reads_what_submit_reads(string database)
    {
        var (_, buyer, worker, job) = await HiredAsync(database);
        (await worker.PostAsync($"/v1/jobs/{job}/deliver", new { deliverable = Text, message = "Here." })).Expect(200);
        var submission = await OnlyAsync(buyer, job);
        Assert.Equal((Text, "Here."),
            (submission.GetProperty("deliverable").GetString(), submission.GetProperty("message").GetString()));
    }

    [Theory, ClassData<Databases>]
    public async Task A_text_file_is_the_text_in_it(string database)
    {
        var (server, buyer, worker, job) = await HiredAsync(database);
        (await SendAsync(server, worker, job, Encoding.UTF8.GetBytes($"# Report\n\n{Text} Größe: 5 €"), "text/markdown"))
            .Expect(200);
        Assert.Equal($"# Report\n\n{Text} Größe: 5 €", (await OnlyAsync(buyer, job)).GetProperty("deliverable").GetString());
    }

    [Theory, ClassData<Databases>]
    public async Task Another_file_keeps_its_bytes_name_type_and_hash_and_is_held_to_the_files_asked_for(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.PostJobAsync(new
        {
            worker_agent_id = worker.Id,
            title = "Draw",
            description = "A picture.",
            amount = 0.10m,
            acceptance = new { files = new[] { new { name = "*.png", type = "image/png" } } },
        });
        byte[] picture = [0x89, 0x50, 0x4E, 0x47, 0, 1, 2, 255, 254];
        var wrong = await SendAsync(server, worker, job, picture, "application/pdf", "picture.pdf");
        Assert.Contains("deliverable.files/0", wrong.Expect(400, "validation_failed").Text);
        (await SendAsync(server, worker, job, picture, "image/png", "../x/picture.png")).Expect(200);
        var file = (await OnlyAsync(buyer, job)).GetProperty("deliverable").GetProperty("file");
        Assert.Equal(("picture.png", "image/png", picture.Length),
            (file.GetProperty("name").GetString(), file.GetProperty("type").GetString(), file.GetProperty("bytes").GetInt32()));
        Assert.Equal(picture, file.GetProperty("content_base64").GetBytesFromBase64());
    }

    [Theory, ClassData<Databases>]
    public async Task What_is_no_work_is_refused_in_every_spelling_and_not_counted(string database)
    {
        var (server, buyer, worker, job) = await HiredAsync(database);
        foreach (string body in new[]
        {
            """{"error":"KeyError: 'inputs'","handler":"summarize"}""", """{"error":"timeout"}""",
            """{"deliverable":{"error":"boom","handler":"x"}}""", """{"deliverable":""}""", """{"deliverable":"   "}""",
            """{"result":""}""", "{}", """{"deliverable":null}""", """{"deliverable":5}""",
        })
            (await worker.PostRawAsync($"/v1/jobs/{job}/deliver", body)).Expect(400, "validation_failed");
        foreach (string body in new[] { "[]", "5", "{", "" })
            Assert.Equal(400, (await worker.PostRawAsync($"/v1/jobs/{job}/deliver", body)).Status);
        (await SendAsync(server, worker, job, [], "text/plain")).Expect(400, "validation_failed");
        (await SendAsync(server, worker, job, [0xFF, 0xFE, 0x41], "text/plain")).Expect(400, "validation_failed");
        (await SendAsync(server, worker, job, [0x41, 0, 0x42], "text/plain")).Expect(400, "validation_failed");
        foreach (string? type in new[] { null, "nonsense", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded" })
            (await SendAsync(server, worker, job, Encoding.UTF8.GetBytes(Text), type)).Expect(415, "unsupported_media_type");
        (await worker.PostRawAsync($"/v1/jobs/{job}/deliver", """{"deliverable":"x y z","surplus":1}""")).Expect(400);
        (await SendAsync(server, worker, job, new byte[1_200_000], "image/png")).Expect(413, "payload_too_large");
        Assert.Equal(0, (await buyer.JobAsync(job)).GetProperty("submissions_used").GetInt32());
    }

    [Theory, ClassData<Databases>]
    public async Task Feedback_and_a_proposed_price_are_other_words_for_reason_and_amount(string database)
    {
        var (server, buyer, worker, job) = await HiredAsync(database);
        await worker.WorkAsync(job, Deliverables.Unsure);
        Assert.Contains("Send reason or feedback, not both.", (await buyer.PostAsync(
            $"/v1/jobs/{job}/revision", new { feedback = "Shorter.", reason = "Longer." })).Expect(400, "validation_failed").Text);
        (await buyer.PostAsync($"/v1/jobs/{job}/revision", new { feedback = "Shorter, please." })).Expect(200);
        Assert.Equal("Shorter, please.", (await worker.JobAsync(job)).GetProperty("reason").GetString());
        string open = await buyer.PostJobAsync(new { title = "Open", description = "For bids.", amount = 0.10m });
        var bid = (await worker.PostAsync($"/v1/jobs/{open}/bids", new { proposed_price = 0.08m, message = "I can." })).Expect(201);
        Assert.Equal(0.08m, bid.At("data.amount").GetDecimal());
        (await (await server.AgentAsync()).PostAsync($"/v1/jobs/{open}/bids", new { proposed_price = 0.08m, amount = 0.07m }))
            .Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task A_worker_polls_for_what_it_is_to_do_with_the_spec(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        var spec = new { name = "summarize", inputs = new { url = "https://example.com" } };
        string offered = await buyer.PostJobAsync(new
        {
            worker_agent_id = worker.Id,
            job_type = "direct",
            title = "T",
            description = "D",
            amount = 0.10m,
            task_spec = spec,
            deadline = TimeProvider.System.GetUtcNow().AddHours(3).ToString("yyyy-MM-ddTHH:mm:ssZ"),
        });
        string done = await buyer.HireAsync(worker), active = await buyer.HireAsync(worker);
        await worker.WorkAsync(done, Deliverables.Pass);
        (await worker.PostAsync($"/v1/jobs/{active}/accept")).Expect(200);
        var listed = (await worker.GetAsync("/v1/jobs/assigned")).Expect(200).Data.EnumerateArray().ToList();
        Assert.Equal([active, offered], listed.Select(job => job.GetProperty("id").GetString()));
        Assert.Equal(["active", "pending"], listed.Select(job => job.GetProperty("status").GetString()));
        Assert.Equal("summarize", listed[1].GetProperty("spec").GetProperty("name").GetString());
        Assert.Equal("https://example.com",
            listed[1].GetProperty("spec").GetProperty("inputs").GetProperty("url").GetString());
        Assert.Equal(0, (await buyer.GetAsync("/v1/jobs/assigned")).Expect(200).Data.GetArrayLength());
    }

    [Theory, ClassData<Databases>]
    public async Task Open_jobs_are_found_by_capability_and_budget(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(5m);
        string Posted(string word, decimal amount) => buyer.PostJobAsync(new
        {
            title = word,
            description = "D",
            amount,
            required_capabilities = new[] { word, "common" },
        }).Result;
        string translation = Posted("translation", 0.50m), art = Posted("art \"fine\" 100%", 1.50m);
        foreach (var (query, expected) in new (string, string[])[]
        {
            ("", [art, translation]), ("?capability=translation", [translation]), ("?capabilities=translation,common", [art, translation]),
            ("?capability=trans", []), ("?capability=art%20%22fine%22%20100%25", [art]), ("?capability=Translation", [translation]),
            ("?min_budget=1", [art]), ("?max_budget=1.00", [translation]), ("?capability=common&min_budget=0.6", [art]),
        })
        {
            var found = (await server.GetAsync("/v1/jobs/open" + query)).Expect(200).Data.EnumerateArray();
            Assert.Equal(expected, found.Select(job => job.GetProperty("id").GetString()));
        }
        var bidder = await server.AgentAsync("bidder");
        (await bidder.PostAsync($"/v1/jobs/{translation}/bid", new { amount = 0.50m })).Expect(403, "forbidden");
        (await bidder.PatchAsync("/v1/agents/me", new { capabilities = new[] { "Translation", "COMMON" } })).Expect(200);
        (await bidder.PostAsync($"/v1/jobs/{translation}/bid", new { amount = 0.50m })).Expect(201);
    }

    [Theory, ClassData<Databases>]
    public async Task A_misspelt_query_parameter_is_named_on_every_route(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        foreach (string path in new[]
        {
            "/v1/jobs?statuss=active", "/v1/jobs/open?capabilty=x", "/v1/jobs/assigned?status=active", "/v1/agents/me?verbose=1",
            "/health?x=1", "/v1/platform?x", "/v1/jobs?limit=5&Limit=6&x=1",
        })
        {
            var answer = (await agent.GetAsync(path)).Expect(400, "validation_failed");
            Assert.Contains("takes:", answer.String("error"));
        }
        Assert.True((await agent.GetAsync("/v1/jobs?statuss=active")).At("errors").TryGetProperty("statuss", out _));
        (await agent.PostAsync("/v1/agents/rotate-key?dry_run=true")).Expect(400, "validation_failed");
        (await agent.GetAsync("/v1/agents/me?")).Expect(200);
    }

    private async Task<(TestServer, TestAgent Buyer, TestAgent Worker, string Job)> HiredAsync(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        return (server, buyer, worker, await buyer.HireAsync(worker));
    }

    private static async Task<JsonElement> OnlyAsync(TestAgent agent, string job) => Assert.Single(
        (await agent.GetAsync($"/v1/jobs/{job}/submissions")).Expect(200).Data.EnumerateArray().ToList());

    private static Task<Answer> SendAsync(
        TestServer server, TestAgent worker, string job, byte[] file, string? type, string? name = null)
    {
        var content = new ByteArrayContent(file);
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (name is not null)
            content.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"\"{name}\"" };
        return server.SendAsync(HttpMethod.Post, $"/v1/jobs/{job}/deliver", worker.Key, content);
    }
}
