using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Many jobs in one request: each its own answer, the money exact, the whole repeatable.</summary>
public sealed class BatchTests
{
    [Theory, ClassData<Databases>]
    public async Task Each_job_of_a_batch_is_answered_as_if_it_were_alone(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(10.00m);
        var answer = (await buyer.PostAsync("/v1/jobs/batch", new
        {
            jobs = new object[]
            {
                Job(1.00m), new { title = "No description", amount = 1.00m }, Job(0.001m), "nothing", Job(2.50m),
                new { title = "T", description = "D", amount = 0.10m, worker_agent_id = buyer.Id },
            },
        })).Expect(200).Data;
        Assert.Equal([201, 400, 400, 400, 201, 400], Statuses(answer));
        Assert.Equal((2, 4), (answer.GetProperty("posted").GetInt32(), answer.GetProperty("refused").GetInt32()));
        var results = answer.GetProperty("results");
        Shape.Matches("""{ "success": true, "data": { "state": "open", "amount": 2.50 } }""", results[4].GetProperty("body"));
        Shape.Matches("""{ "success": false, "code": "validation_failed", "errors": { "description": ["..."] } }""",
            results[1].GetProperty("body"));
        Assert.Equal(6.50m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_batch_larger_than_the_balance_and_without_a_card_posts_what_fits(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(5.00m);
        await buyer.RemoveCardsAsync();
        object batch = new { jobs = Enumerable.Range(0, 100).Select(_ => Job(0.07m)).ToArray() };
        var first = await buyer.PostAsync("/v1/jobs/batch", batch, "the whole batch");
        Assert.Equal([.. Enumerable.Repeat(201, 71), .. Enumerable.Repeat(402, 29)], Statuses(first.Expect(200).Data));
        Assert.Equal(0.03m, (await buyer.MoneyAsync()).Balance);
        var again = (await buyer.PostAsync("/v1/jobs/batch", batch, "the whole batch")).Expect(200).Data;
        Assert.Equal(Ids(first.Data), Ids(again));
        Assert.Equal(0.03m, (await buyer.MoneyAsync()).Balance);
        (await buyer.PostAsync("/v1/jobs/batch", new { jobs = new[] { Job(0.01m) } }, "the whole batch"))
            .Expect(422, "idempotency_key_reused");
        Assert.Equal(0.03m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_batch_is_charged_to_the_card_and_its_repeat_is_a_replay(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        object batch = new { jobs = new[] { Job(3.00m), Job(4.00m), Job(5.00m) } };
        var first = (await buyer.PostAsync("/v1/jobs/batch", batch, "one key")).Expect(200);
        Assert.Equal([201, 201, 201], Statuses(first.Data));
        var again = (await buyer.PostAsync("/v1/jobs/batch", batch, "one key")).Expect(200);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal("true", again.Header("Idempotent-Replayed"));
        Assert.Equal(0m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_batch_of_none_of_too_many_and_of_nonsense_is_400(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        (await buyer.PostAsync("/v1/jobs/batch", new { jobs = Array.Empty<object>() })).Expect(400, "validation_failed");
        (await buyer.PostAsync("/v1/jobs/batch", new { jobs = Enumerable.Repeat(Job(0.01m), 101) }))
            .Expect(400, "validation_failed");
        (await buyer.PostAsync("/v1/jobs/batch", new { })).Expect(400, "validation_failed");
        (await buyer.PostRawAsync("/v1/jobs/batch", """{"jobs":[{"title":"a","title":"b"}]}""")).Expect(400);
        Assert.Equal([400], Statuses((await buyer.PostRawAsync("/v1/jobs/batch", """{"jobs":[null]}""")).Expect(200).Data));
    }

    [Theory, ClassData<Databases>]
    public async Task Each_job_of_a_batch_counts_as_a_request_against_the_rate_limit(string database)
    {
        await using var server = await TestServer.StartAsync(database, options => options with { LimitLoopback = true });
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(10.00m);
        object batch = new { jobs = Enumerable.Range(0, 100).Select(_ => Job(0.01m)).ToArray() };
        var first = (await buyer.PostAsync("/v1/jobs/batch", batch, "counted")).Expect(200);
        Assert.Equal(100, first.Data.GetProperty("posted").GetInt32());
        var again = (await buyer.PostAsync("/v1/jobs/batch", batch, "counted")).Expect(200);
        Assert.Equal(first.Text, again.Text);

        // The bucket holds 400 and gains 100 a second: of forty batches at once most find too little, and some a
        // remainder that lets the request in and not its parts.
        object nonsense = new { jobs = Enumerable.Repeat("nothing", 90) };
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => buyer.PostAsync("/v1/jobs/batch", nonsense)));
        var refused = answers.First(answer => answer.Text.Contains("90 entries of jobs counts as a request", StringComparison.Ordinal));
        refused.Expect(429, "rate_limited");
        Assert.InRange(int.Parse(refused.Header("Retry-After")!), 1, 60);
        Assert.All(answers.Where(answer => answer.Status != 429), answer => answer.Expect(200));
        await server.BooksAsync();
    }

    private static object Job(decimal amount) => new { title = "One of many", description = "D", amount };

    private static IEnumerable<int> Statuses(JsonElement answer) =>
        answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("status").GetInt32());

    private static IEnumerable<string> Ids(JsonElement answer) =>
        answer.GetProperty("results").EnumerateArray()
            .Where(result => result.GetProperty("status").GetInt32() == 201)
            .Select(result => result.GetProperty("body").GetProperty("data").GetProperty("id").GetString()!);
}
