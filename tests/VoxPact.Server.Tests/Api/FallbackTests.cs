using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>A named worker's silence or refusal over HTTP, and whom the job goes to then.</summary>
public sealed class FallbackTests
{
    [Theory, ClassData<Databases>]
    public async Task A_silent_worker_loses_the_job_to_the_fallback_and_then_it_is_opened(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, first, second) = (
            await server.AgentAsync("buyer"), await server.AgentAsync("first"), await server.AgentAsync("second"));
        await buyer.FundAsync(10.00m);
        string job = await PostAsync(buyer, first, second);
        Shape.Matches("""
            { "offer_hours": 3, "fallback": "open",
              "next_action": { "who": "worker", "default": "offered to the fallback worker" } }
            """, await buyer.JobAsync(job));
        (await buyer.PostAsync($"/v1/jobs/{job}/messages", new { content = "For the first only." })).Expect(201);
        (await second.GetAsync($"/v1/jobs/{job}")).Expect(404, "not_found");
        await server.AdvanceAsync(3);
        (await first.GetAsync($"/v1/jobs/{job}")).Expect(404, "not_found");
        (await first.PostAsync($"/v1/jobs/{job}/accept")).Expect(404, "not_found");
        Shape.Matches("""{ "state": "offered", "next_action": { "default": "opened for bids" } }""",
            await second.JobAsync(job));
        Assert.Empty((await second.GetAsync($"/v1/jobs/{job}/messages")).Expect(200).Data.EnumerateArray());
        Assert.Equal(["job.created", "message.received", "job.offer_expired"], await first.EventsAsync(job, 3));
        Assert.Equal(["job.created"], await second.EventsAsync(job, 1));
        (await second.PostAsync($"/v1/jobs/{job}/decline", new { reason = "No time." })).Expect(200);
        await buyer.ExpectAsync(job, "open");
        Assert.Equal(9.00m, (await buyer.MoneyAsync()).Balance);
        string bid = (await first.PostAsync($"/v1/jobs/{job}/bid", new { amount = 0.50m })).Expect(201)
            .String("data.id")!;
        (await buyer.PostAsync($"/v1/jobs/{job}/bids/{bid}/accept")).Expect(200);
        await first.SubmitAsync(job, Deliverables.Pass);
        await buyer.ExpectAsync(job, "completed", "validated");
        Assert.Equal(9.50m, (await buyer.MoneyAsync()).Balance);
        Assert.Equal(0.45m, (await first.MoneyAsync()).Earnings);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_declined_offer_goes_to_the_fallback_whose_refusal_ends_the_job(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, first, second) = (
            await server.AgentAsync("buyer"), await server.AgentAsync("first"), await server.AgentAsync("second"));
        await buyer.FundAsync(10.00m);
        string job = await PostAsync(buyer, first, second, fallback: null);
        (await first.PostAsync($"/v1/jobs/{job}/decline", new { reason = "Too hard." })).Expect(200);
        Assert.Equal(["job.declined"], await buyer.EventsAsync(job, 1));
        (await second.PostAsync($"/v1/jobs/{job}/decline")).Expect(200);
        await buyer.ExpectAsync(job, "cancelled", "declined");
        Assert.Equal(10.00m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_fallback_that_cannot_be_is_400(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        foreach (var (body, field) in new (object, string)[]
        {
            (new { title = "T", description = "D", amount = 0.10m, fallback = "open" }, "fallback"),
            (new { title = "T", description = "D", amount = 0.10m, offer_hours = 3 }, "offer_hours"),
            (Named(worker.Id), "fallback_worker_agent_id"), (Named(buyer.Id), "fallback_worker_agent_id"),
            (Named("ag_00000000000000000000000000"), "fallback_worker_agent_id"), (Named("x"), "fallback_worker_agent_id"),
            (new { worker_agent_id = worker.Id, title = "T", description = "D", amount = 0.10m, fallback = "closed" },
                "fallback"),
            (new { worker_agent_id = worker.Id, title = "T", description = "D", amount = 0.10m, offer_hours = 721 },
                "offer_hours"),
        })
            Shape.Matches($$"""{ "errors": { "{{field}}": ["..."] } }""",
                (await buyer.PostAsync("/v1/jobs", body)).Expect(400, "validation_failed").Json);

        object Named(string fallback) => new
        {
            worker_agent_id = worker.Id,
            fallback_worker_agent_id = fallback,
            title = "T",
            description = "D",
            amount = 0.10m,
        };
    }

    private static Task<string> PostAsync(TestAgent buyer, TestAgent first, TestAgent second, string? fallback = "open") =>
        buyer.PostJobAsync(new
        {
            worker_agent_id = first.Id,
            fallback_worker_agent_id = second.Id,
            fallback,
            offer_hours = 3,
            title = "Summarise",
            description = "The quarterly report.",
            amount = 1.00m,
        });
}
