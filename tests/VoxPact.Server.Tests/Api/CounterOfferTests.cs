using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Other terms over HTTP: more from balance or card, less returned, one at a time.</summary>
public sealed class CounterOfferTests(SharedServers servers) : IClassFixture<SharedServers>
{
    [Theory, ClassData<Databases>]
    public async Task A_dearer_one_is_held_from_the_balance_and_paid_in_full(string database)
    {
        var (buyer, worker, job) = await OfferedAsync(database, 10.00m);
        Shape.Matches("""{ "data": { "state": "offered", "amount": 1.00, "counter_offer": { "amount": 1.50 } } }""",
            (await worker.PostAsync($"/v1/jobs/{job}/counter-offer", new { amount = 1.50m, message = "It is long." }))
                .Expect(200).Json);
        Shape.Matches("""{ "counter_offer": { "amount": 1.50, "message": "It is long." } }""", await buyer.JobAsync(job));
        string accept = $"/v1/jobs/{job}/counter-offer/accept";
        (await buyer.PostAsync(accept, new { amount = 1.40m })).Expect(409, "wrong_state");
        Shape.Matches("""{ "data": { "state": "active", "amount": 1.50, "fee": 0.15 } }""",
            (await buyer.PostAsync(accept, new { amount = 1.50m })).Expect(200).Json);
        Assert.Equal(8.50m, (await buyer.MoneyAsync()).Balance);
        await worker.SubmitAsync(job, Deliverables.Pass);
        await buyer.ExpectAsync(job, "completed", "validated");
        Assert.Equal(1.35m, (await worker.MoneyAsync()).Earnings);
        Assert.Contains("counter_offer.received", await buyer.EventsAsync(job, 1));
        Assert.Contains("counter_offer.accepted", await worker.EventsAsync(job, 2));
        await (await servers.OnAsync(database)).BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task What_the_balance_lacks_is_charged_to_the_card_and_without_one_it_is_402(string database)
    {
        var (buyer, worker, job) = await OfferedAsync(database, 1.00m);
        (await worker.PostAsync($"/v1/jobs/{job}/counter-offer", new { amount = 5.00m })).Expect(200);
        string accept = $"/v1/jobs/{job}/counter-offer/accept";
        await buyer.RemoveCardsAsync();
        (await buyer.PostAsync(accept, null, "without a card")).Expect(402, "payment_method_required");
        await buyer.ExpectAsync(job, "offered");
        await buyer.SaveCardAsync(TestCards.DeclinesCharges);
        (await buyer.PostAsync(accept, null, "declined")).Expect(402, "payment_declined");
        await buyer.ExpectAsync(job, "offered");
        await buyer.RemoveCardsAsync();
        await buyer.SaveCardAsync(TestCards.Good);
        var first = (await buyer.PostAsync(accept, null, "with a card")).Expect(200);
        Assert.Equal(first.Text, (await buyer.PostAsync(accept, null, "with a card")).Expect(200).Text);
        Assert.Equal(0m, (await buyer.MoneyAsync()).Balance);
        Shape.Matches("""{ "state": "active", "amount": 5.00 }""", await worker.JobAsync(job));
        await (await servers.OnAsync(database)).BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_cheaper_one_returns_the_difference_and_a_declined_one_changes_nothing(string database)
    {
        var (buyer, worker, job) = await OfferedAsync(database, 10.00m);
        string path = $"/v1/jobs/{job}/counter-offer";
        (await worker.PostAsync(path, new { amount = 1.00m })).Expect(400, "validation_failed");
        (await worker.PostAsync(path, new { amount = 0.90m })).Expect(200);
        (await worker.PostAsync(path, new { amount = 0.80m })).Expect(409, "already_done");
        (await buyer.PostAsync($"{path}/decline")).Expect(200);
        Assert.False((await buyer.JobAsync(job)).TryGetProperty("counter_offer", out _));
        (await worker.PostAsync(path, new { amount = 0.80m })).Expect(200);
        (await worker.DeleteAsync(path)).Expect(200);
        (await buyer.PostAsync($"{path}/accept")).Expect(409, "wrong_state");
        (await worker.PostAsync(path, new { amount = 0.70m, deadline = "2020-01-01T00:00:00Z" })).Expect(400);
        (await worker.PostAsync(path, new { amount = 0.70m })).Expect(200);
        (await buyer.PostAsync($"{path}/accept")).Expect(200);
        Assert.Equal(9.30m, (await buyer.MoneyAsync()).Balance);
        await (await servers.OnAsync(database)).BooksAsync();
    }

    private async Task<(TestAgent Buyer, TestAgent Worker, string Job)> OfferedAsync(string database, decimal balance)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(balance);
        return (buyer, worker, await buyer.HireAsync(worker, 1.00m));
    }
}
