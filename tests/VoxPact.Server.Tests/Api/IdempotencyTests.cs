using System.Text;
using Npgsql;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Requests that are repeated with the same Idempotency-Key, and what of them the database shows.</summary>
public sealed class IdempotencyTests(SharedServers servers) : IClassFixture<SharedServers>
{
    [Theory, ClassData<Databases>]
    public async Task A_repeat_gets_the_same_status_and_bytes_and_changes_nothing(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(1.00m);
        var job = new { worker_agent_id = worker.Id, title = "T", description = "D", amount = 0.10m };
        var first = (await buyer.PostAsync("/v1/jobs", job, "key-1")).Expect(201);
        Assert.Null(first.Header("Idempotent-Replayed"));
        var again = (await buyer.PostAsync("/v1/jobs", job, "key-1")).Expect(201);
        Assert.Equal("true", again.Header("Idempotent-Replayed"));
        Assert.Equal(first.Bytes, again.Bytes);
        Assert.Equal(0.90m, (await buyer.MoneyAsync()).Balance);

        // Replayed also after the world has moved on, and after the buyer could not do it any more.
        (await buyer.PostAsync($"/v1/jobs/{first.String("data.id")}/cancel")).Expect(200);
        Assert.Equal(first.Bytes, (await buyer.PostAsync("/v1/jobs", job, "key-1")).Expect(201).Bytes);
        Assert.Equal(1.00m, (await buyer.MoneyAsync()).Balance);
    }

    [Theory, ClassData<Databases>]
    public async Task A_post_that_was_charged_first_is_replayed_too(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        var job = new { worker_agent_id = worker.Id, title = "T", description = "D", amount = 0.10m };
        var first = (await buyer.PostAsync("/v1/jobs", job, "charged")).Expect(201);
        var again = (await buyer.PostAsync("/v1/jobs", job, "charged")).Expect(201);
        Assert.Equal((first.Text, "true"), (again.Text, again.Header("Idempotent-Replayed")));

        await buyer.RemoveCardsAsync();
        await buyer.SaveCardAsync(TestCards.DeclinesCharges);
        var big = new { worker_agent_id = worker.Id, title = "T", description = "D", amount = 9.00m };
        var declined = (await buyer.PostAsync("/v1/jobs", big, "declined")).Expect(402, "payment_declined");
        var repeated = (await buyer.PostAsync("/v1/jobs", big, "declined")).Expect(402, "payment_declined");
        Assert.Equal((declined.Text, "true"), (repeated.Text, repeated.Header("Idempotent-Replayed")));
    }

    [Theory, ClassData<Databases>]
    public async Task A_repeated_move_of_the_clock_moves_it_once(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var move = new { advance_seconds = 3_600 };
        var first = (await server.PostAsync("/v1/sandbox/clock", null, move, "a-key-that-nobody-guesses")).Expect(200);
        var again = (await server.PostAsync("/v1/sandbox/clock", null, move, "a-key-that-nobody-guesses")).Expect(200);
        Assert.Equal((first.Text, "true"), (again.Text, again.Header("Idempotent-Replayed")));
        var now = (await server.PostAsync("/v1/sandbox/clock", null, new { advance_seconds = 0 })).Expect(200);
        Assert.Equal(3_600, now.At("data.offset_seconds").GetInt64());
    }

    [Theory, ClassData<Databases>]
    public async Task The_same_key_with_another_body_is_422_and_on_another_route_or_agent_it_is_another_key(string database)
    {
        var server = await servers.OnAsync(database);
        var (one, two) = (await server.AgentAsync(), await server.AgentAsync());
        (await one.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.10m }, "shared")).Expect(201);
        (await one.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.11m }, "shared"))
            .Expect(422, "idempotency_key_reused");
        (await two.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.11m }, "shared")).Expect(201);
        (await one.PostAsync("/v1/payment-methods/setup", null, "shared")).Expect(200);
        (await one.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.11m }, new string('k', 256)))
            .Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task A_pure_refusal_is_decided_again(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        (await worker.PostAsync($"/v1/jobs/{job}/concede", null, "retry")).Expect(409, "wrong_state");
        await worker.WorkAsync(job, Deliverables.Unsure);
        (await buyer.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "No." })).Expect(200);
        (await worker.PostAsync($"/v1/jobs/{job}/concede", null, "retry")).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task Parallel_requests_with_one_key_have_one_effect(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(5.00m);
        var job = new { worker_agent_id = worker.Id, title = "T", description = "D", amount = 0.10m };
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => buyer.PostAsync("/v1/jobs", job, "parallel")));
        Assert.Single(answers.Select(answer => answer.Expect(201).Text).Distinct());
        Assert.Single(answers, answer => answer.Header("Idempotent-Replayed") is null);
        Assert.Equal(4.90m, (await buyer.MoneyAsync()).Balance);
    }

    [Theory, ClassData<Databases>]
    public async Task A_repeat_of_a_request_in_flight_is_409_until_its_answer_is_there(string database)
    {
        var (stripe, server) = await HeldStripe.StartAsync(database);
        await using var _ = stripe;
        await using var __ = server;
        var buyer = await server.AgentAsync("buyer");
        var job = new { title = "T", description = "D", amount = 0.10m };
        var hold = stripe.HoldBack("/confirm");
        var first = buyer.PostAsync("/v1/jobs", job, "in-flight");
        await hold.Reached;
        var repeat = (await buyer.PostAsync("/v1/jobs", job, "in-flight")).Expect(409, "idempotency_in_flight");
        Assert.Matches("^[1-9][0-9]*$", repeat.Header("Retry-After"));
        hold.Release();
        var answer = (await first).Expect(201);
        Assert.Equal(answer.Text, (await buyer.PostAsync("/v1/jobs", job, "in-flight")).Expect(201).Text);
        Assert.Equal(0.40m, (await buyer.MoneyAsync()).Balance);
    }

    [Theory, ClassData<Databases>]
    public async Task An_outcome_not_known_in_time_is_202_and_the_repeat_says_the_same(string database)
    {
        var (stripe, server) = await HeldStripe.StartAsync(database, options => options with { FundingPatienceSeconds = 1 });
        await using var _ = stripe;
        await using var __ = server;
        var buyer = await server.AgentAsync("buyer");
        var job = new { title = "T", description = "D", amount = 0.10m };
        var hold = stripe.HoldBack("/confirm");
        var answer = (await buyer.PostAsync("/v1/jobs", job, "slow")).Expect(202);
        Shape.Matches("""{ "success": true, "data": { "status": "pending", "state": "funding" } }""", answer.Json);
        Assert.Equal(answer.Text, (await buyer.PostAsync("/v1/jobs", job, "slow")).Expect(202).Text);
        hold.Release();
        await server.SettleAsync();
        await buyer.ExpectAsync(answer.String("data.id")!, "open");
    }

    [Theory, ClassData<Databases>]
    public async Task A_lost_registration_can_be_repeated_by_who_knows_its_key(string database)
    {
        var server = await servers.OnAsync(database);
        var body = new
        {
            name = TestServer.Name("lost"),
            owner_email = "lost@example.com",
            capabilities = new[] { "x" },
            accept_terms = true,
        };
        (await server.PostAsync("/v1/agents/register", null, body, "short")).Expect(400, "validation_failed");
        var first = (await server.PostAsync("/v1/agents/register", null, body, "a-long-and-random-key-1")).Expect(201);
        var again = (await server.PostAsync("/v1/agents/register", null, body, "a-long-and-random-key-1")).Expect(201);
        Assert.Equal((first.Text, "true"), (again.Text, again.Header("Idempotent-Replayed")));
    }

    [Theory, ClassData<Databases>]
    public async Task A_killed_key_can_replay_its_own_rotation_and_nothing_else(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        string old = agent.Key;
        var before = (await server.PostAsync("/v1/payment-methods/setup", old, null, "before")).Expect(200);
        var rotated = (await server.PostAsync("/v1/agents/rotate-key", old, null, "rotation")).Expect(200);
        var replay = (await server.PostAsync("/v1/agents/rotate-key", old, null, "rotation")).Expect(200);
        Assert.Equal((rotated.Text, "true"), (replay.Text, replay.Header("Idempotent-Replayed")));
        // The new key cannot read the answer that was sealed for the old one.
        (await server.PostAsync("/v1/agents/rotate-key", rotated.String("data.api_key"), null, "rotation"))
            .Expect(422, "idempotency_key_reused");
        (await server.PostAsync("/v1/agents/rotate-key", old, null, "another")).Expect(401, "unknown_credential");
        (await server.PostAsync("/v1/agents/rotate-key", old)).Expect(401, "unknown_credential");
        (await server.PostAsync("/v1/payment-methods/setup", old, null, "before")).Expect(401, "unknown_credential");
        (await server.GetAsync("/v1/agents/me", old)).Expect(401, "unknown_credential");
        Assert.NotEqual(before.Text, rotated.Text);
    }

    [Theory, ClassData<Databases>]
    public async Task No_key_and_no_secret_can_be_read_in_the_database_or_the_log(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var register = new
        {
            name = "planted",
            owner_email = "planted@example.com",
            capabilities = new[] { "x" },
            accept_terms = true,
            webhook_url = "http://127.0.0.1:9/hook",
        };
        var registered = (await server.PostAsync("/v1/agents/register", null, register, "idempotency-key-planted-0001")).Expect(201);
        string key = registered.String("data.api_key")!;
        await server.FillInAsync(registered.String("data.checkout_url")!,
            ("number", TestCards.Good), ("expiry", "12 / 40"), ("cvc", "123"), ("name", "Ada Example"));
        var setup = (await server.PostAsync("/v1/payment-methods/setup", key, null, "idempotency-key-planted-0002")).Expect(200);
        var rotated = (await server.PostAsync("/v1/agents/rotate-key", key, null, "idempotency-key-planted-0003")).Expect(200);
        string[] secrets =
        [
            key, registered.String("data.webhook_secret")!, setup.String("client_secret")!, rotated.String("data.api_key")!,
            server.OperatorKey, "idempotency-key-planted-000", TestCards.Good, Convert.ToBase64String(server.Deployment.Pepper),
        ];
        byte[] stored = await DumpAsync(server);
        Assert.True(stored.AsSpan().IndexOf("planted@example.com"u8) >= 0, "The dump does not show what must be in it.");
        foreach (string secret in secrets) Assert.DoesNotContain(secret, server.Log.Text);
        foreach (string secret in secrets)
            Assert.True(stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"{secret[..12]}… stands in the database.");
    }

    /// <summary>Every byte of SQLite's files, or every row of PostgreSQL as text with its binary columns decoded.</summary>
    private static async Task<byte[]> DumpAsync(TestServer server)
    {
        using var all = new MemoryStream();
        if (server.Options.Database is null)
        {
            foreach (string file in Directory.GetFiles(server.Options.Data, "voxpact.db*"))
            {
                await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                await open.CopyToAsync(all, TestContext.Current.CancellationToken);
            }
            return all.ToArray();
        }
        await using var source = NpgsqlDataSource.Create(server.Options.Database);
        var tables = new List<string>();
        await using (var names = await source.CreateCommand(
            "select table_name from information_schema.tables where table_schema = 'public'").ExecuteReaderAsync())
            while (await names.ReadAsync()) tables.Add(names.GetString(0));
        foreach (string table in tables)
        {
            await using var rows = await source.CreateCommand($"select * from \"{table}\"").ExecuteReaderAsync();
            while (await rows.ReadAsync())
                for (int i = 0; i < rows.FieldCount; i++)
                    all.Write(rows.GetValue(i) is byte[] bytes ? bytes : Encoding.UTF8.GetBytes(rows.GetValue(i).ToString()!));
        }
        return all.ToArray();
    }

    [Theory, ClassData<Databases>]
    public async Task A_post_that_waited_is_told_what_its_repeats_are_told_though_the_job_has_gone_on(string database)
    {
        await using var first = await TestServer.StartAsync(database);
        var (buyer, worker) = (await first.AgentAsync("buyer"), await first.AgentAsync("worker"));
        await using var second = await first.SecondNodeAsync(options => options with { RunWork = false });
        var job = new { worker_agent_id = worker.Id, title = "T", description = "D", amount = 0.60m };
        // The second node only hears of the charge when it looks again; until then the worker has accepted.
        var post = second.PostAsync("/v1/jobs", buyer.Key, job, "post-that-waits");
        Answer offers;
        do offers = await worker.GetAsync("/v1/jobs?state=offered");
        while (offers.Data.GetArrayLength() == 0);
        (await worker.PostAsync($"/v1/jobs/{offers.Data[0].GetProperty("id").GetString()}/accept")).Expect(200);

        var told = (await post).Expect(201);
        var repeated = await buyer.PostAsync("/v1/jobs", job, "post-that-waits");

        Assert.Equal(told.Text, repeated.Expect(201).Text);
    }
}
