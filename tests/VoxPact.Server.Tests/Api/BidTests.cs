using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Bids over HTTP: one live one of each worker, sealed, changed, withdrawn, and told of.</summary>
public sealed class BidTests(SharedServers servers) : IClassFixture<SharedServers>
{
    [Theory, ClassData<Databases>]
    public async Task A_bid_is_changed_in_either_spelling_and_stays_sealed(string database)
    {
        var (buyer, first, second, job) = await OpenAsync(database);
        string bid = await BidAsync(first, job, 0.90m);
        await BidAsync(second, job, 0.80m);
        string path = $"/v1/jobs/{job}/bids/{bid}";
        Shape.Matches("""{ "data": { "amount": 0.70, "message": "I can.", "status": "pending" } }""",
            (await first.PatchAsync(path, new { amount = 0.70m })).Expect(200).Json);
        Shape.Matches("""{ "data": { "amount": 0.60, "message": "At once.", "estimated_hours": 2 } }""",
            (await first.PatchAsync(path, new { proposed_price = 0.60m, message = "At once.", estimated_hours = 2 }))
                .Expect(200).Json);
        (await first.PatchAsync(path, new { amount = 1.01m })).Expect(400, "validation_failed");
        (await first.PatchAsync(path, new { })).Expect(400, "validation_failed");
        (await second.PatchAsync(path, new { amount = 0.10m })).Expect(404, "not_found");
        (await second.DeleteAsync(path)).Expect(404, "not_found");
        Assert.Equal([0.60m], await SeenByAsync(first, job));
        Assert.Equal([0.80m], await SeenByAsync(second, job));
        Assert.Equal([0.60m, 0.80m], await SeenByAsync(buyer, job));
        Assert.Equal(["bid.received", "bid.received", "bid.updated", "bid.updated"], await buyer.EventsAsync(job, 4));
    }

    [Theory, ClassData<Databases>]
    public async Task A_withdrawn_bid_is_gone_and_its_place_is_free(string database)
    {
        var (buyer, worker, _, job) = await OpenAsync(database);
        string bid = await BidAsync(worker, job, 0.90m);
        Shape.Matches("""{ "data": { "status": "withdrawn", "amount": 0.90 } }""",
            (await worker.DeleteAsync($"/v1/jobs/{job}/bids/{bid}")).Expect(200).Json);
        (await buyer.PostAsync($"/v1/jobs/{job}/bids/{bid}/accept")).Expect(404, "not_found");
        (await worker.DeleteAsync($"/v1/jobs/{job}/bids/{bid}")).Expect(404, "not_found");
        string again = await BidAsync(worker, job, 0.50m);
        (await worker.PostAsync($"/v1/jobs/{job}/bid", new { amount = 0.40m })).Expect(409, "already_done");
        (await buyer.PostAsync($"/v1/jobs/{job}/bids/{again}/accept")).Expect(200);
        Assert.Equal(9.50m, (await buyer.MoneyAsync()).Balance);
        Assert.Equal(["bid.received", "bid.withdrawn", "bid.received"], await buyer.EventsAsync(job, 3));
        (await worker.PatchAsync($"/v1/jobs/{job}/bids/{again}", new { amount = 0.30m })).Expect(409, "wrong_state");
        (await worker.DeleteAsync($"/v1/jobs/{job}/bids/{again}")).Expect(409, "wrong_state");
    }

    [Theory, ClassData<Databases>]
    public async Task A_buyer_who_says_what_they_saw_hires_nobody_for_more(string database)
    {
        var (buyer, worker, _, job) = await OpenAsync(database);
        string bid = await BidAsync(worker, job, 0.50m);
        (await worker.PatchAsync($"/v1/jobs/{job}/bids/{bid}", new { amount = 0.95m })).Expect(200);
        string accept = $"/v1/jobs/{job}/bids/{bid}/accept";
        (await buyer.PostAsync(accept, new { amount = 0.50m })).Expect(409, "wrong_state");
        Assert.Equal(9.00m, (await buyer.MoneyAsync()).Balance);
        (await buyer.PostAsync(accept, new { amount = 0.95m })).Expect(200);
        Assert.Equal(9.05m, (await buyer.MoneyAsync()).Balance);
    }

    [Theory, ClassData<Databases>]
    public async Task A_worker_lists_its_own_bids_page_by_page_with_what_became_of_them(string database)
    {
        var (buyer, winner, loser, job) = await OpenAsync(database);
        string bid = await BidAsync(winner, job, 0.90m), lost = await BidAsync(loser, job, 0.95m);
        string second = await buyer.PostJobAsync(new { title = "Second", description = "D", amount = 1.00m });
        string third = await buyer.PostJobAsync(new { title = "Third", description = "D", amount = 1.00m });
        string live = await BidAsync(loser, second, 0.50m), gone = await BidAsync(loser, third, 0.50m);
        (await buyer.PostAsync($"/v1/jobs/{job}/bids/{bid}/accept")).Expect(200);
        (await loser.DeleteAsync($"/v1/jobs/{third}/bids/{gone}")).Expect(200);
        var first = (await loser.GetAsync("/v1/bids?limit=1")).Expect(200);
        Shape.Matches($$"""{ "data": [{ "id": "{{live}}", "job_id": "{{second}}", "amount": 0.50, "status": "pending" }] }""", first.Json);
        string cursor = first.String("next_cursor")!;
        var last = (await loser.GetAsync($"/v1/bids?cursor={cursor}")).Expect(200);
        Shape.Matches($$"""{ "data": [{ "id": "{{lost}}", "status": "rejected" }], "next_cursor": null }""", last.Json);
        (await winner.GetAsync($"/v1/bids?cursor={cursor}")).Expect(400, "validation_failed");
        Assert.Equal(["accepted"], (await winner.GetAsync("/v1/bids")).Expect(200).Data.EnumerateArray()
            .Select(one => one.GetProperty("status").GetString()));
    }

    [Theory, ClassData<Databases>]
    public async Task Who_loses_is_told_when_another_wins_and_when_the_job_ends(string database)
    {
        var (buyer, winner, loser, job) = await OpenAsync(database);
        string bid = await BidAsync(winner, job, 0.90m);
        await BidAsync(loser, job, 0.95m);
        (await buyer.PostAsync($"/v1/jobs/{job}/bids/{bid}/accept")).Expect(200);
        Assert.Equal(["bid.rejected"], await loser.EventsAsync(job, 1));
        Shape.Matches($$"""
            { "data": [{ "type": "bid.rejected", "data": { "job_id": "{{job}}", "state": "active", "bid_id": "bid_...",
              "agent_id": "{{loser.Id}}", "currency": "eur" } }] }
            """, (await loser.GetAsync("/v1/events?types=bid.rejected")).Expect(200).Json);
        Assert.Equal(["bid.accepted"], await winner.EventsAsync(job, 1));
        string cancelled = await buyer.PostJobAsync(new { title = "T", description = "D", amount = 1.00m });
        await BidAsync(loser, cancelled, 0.95m);
        (await buyer.PostAsync($"/v1/jobs/{cancelled}/cancel")).Expect(200);
        Assert.Equal(["bid.rejected"], await loser.EventsAsync(cancelled, 1));
        Assert.Equal("rejected", (await loser.GetAsync($"/v1/jobs/{cancelled}/bids")).Expect(200)
            .Data[0].GetProperty("status").GetString());
    }

    /// <summary>A buyer with 10.00, of which 1.00 is held for an open job, and two workers.</summary>
    private async Task<(TestAgent Buyer, TestAgent First, TestAgent Second, string Job)> OpenAsync(string database)
    {
        var server = await servers.OnAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(10.00m);
        string job = await buyer.PostJobAsync(
            new { title = "Open", description = "The quarterly report.", amount = 1.00m });
        return (buyer, await server.AgentAsync("first"), await server.AgentAsync("second"), job);
    }

    private static async Task<string> BidAsync(TestAgent worker, string job, decimal amount) =>
        (await worker.PostAsync($"/v1/jobs/{job}/bid", new { amount, message = "I can." })).Expect(201)
            .String("data.id")!;

    private static async Task<decimal[]> SeenByAsync(TestAgent agent, string job) =>
        [.. (await agent.GetAsync($"/v1/jobs/{job}/bids")).Expect(200).Data.EnumerateArray()
            .Select(bid => bid.GetProperty("amount").GetDecimal())];
}
