using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Payments;

/// <summary>Cards come to an end while jobs depend on them: their owner's agents hear of it before the next post does.</summary>
public sealed class CardEndTests
{
    [Theory, ClassData<Databases>]
    public async Task A_card_removed_at_Stripe_is_told_and_leaves_funded_jobs_alone(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        var sibling = await server.AgentAsync("sibling", sameOwnerAs: buyer.Key, card: TestCards.Mastercard);
        string first = await DefaultOfAsync(buyer);
        string job = await buyer.HireAsync(worker, 1.00m);
        (await worker.PostAsync($"/v1/jobs/{job}/accept")).Expect(200);

        await server.StripePostAsync($"/v1/payment_methods/{first}/detach");
        await server.HearAsync();
        string second = await DefaultOfAsync(buyer);
        Assert.NotEqual(first, second);
        foreach (var agent in new[] { buyer, sibling })
            Assert.Equal([(first, second)], await ToldAsync(agent, "payment_method.removed", 1));
        string next = await buyer.HireAsync(worker, 1.00m);

        await server.StripePostAsync($"/v1/payment_methods/{second}/detach");
        await server.HearAsync();
        Assert.Equal([(first, second), (second, null)], await ToldAsync(buyer, "payment_method.removed", 2));
        Assert.Contains("payment-methods/setup", (await PostAsync(buyer, worker, 1.00m))
            .Expect(402, "payment_method_required").String("error"));
        (await buyer.PostAsync("/v1/balance/top-up", new { amount = 1.00m })).Expect(402, "payment_method_required");

        await worker.SubmitAsync(job);
        await buyer.ExpectAsync(job, "completed");
        await worker.WorkAsync(next);
        await buyer.ExpectAsync(next, "completed");
        Assert.Empty(await ToldAsync(worker, "payment_method.removed", 0));
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_card_whose_time_is_over_is_told_without_any_word_of_Stripe(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string card = await DefaultOfAsync(buyer);
        var now = DateTimeOffset.UnixEpoch.AddTicks(server.Deployment.Clock.NowUs * 10);
        var end = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        await server.PullAsync($"payment_methods/{card}", new { exp_month = now.Month, exp_year = now.Year });
        await server.HearAsync();
        if (end - now > TimeSpan.FromHours(2)) await server.AdvanceAsync(end - now - TimeSpan.FromHours(1));
        string job = await buyer.HireAsync(worker, 1.00m);
        Assert.Equal(card, await DefaultOfAsync(buyer));
        Assert.Empty(await ToldAsync(buyer, "payment_method.expired", 0));

        await server.AdvanceAsync(2);
        Assert.Equal([(card, null)], await ToldAsync(buyer, "payment_method.expired", 1));
        Assert.Contains("expired", (await PostAsync(buyer, worker, 1.00m))
            .Expect(402, "payment_method_required").String("error"));
        await worker.WorkAsync(job);
        await buyer.ExpectAsync(job, "completed");

        // Its bank sends a new one under the same number: it is charged again, and nothing more is told.
        await server.PullAsync($"payment_methods/{card}", new { exp_year = now.Year + 4 });
        await server.HearAsync();
        Assert.Equal(card, await DefaultOfAsync(buyer));
        await buyer.HireAsync(worker, 1.00m);
        await buyer.CardsAsync();
        Assert.Equal([(card, null)], await ToldAsync(buyer, "payment_method.expired", 1));
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task The_newest_card_that_has_not_expired_takes_the_place_of_one_that_has(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string first = await DefaultOfAsync(buyer);
        await server.AdvanceAsync(1);
        await buyer.SaveCardAsync(TestCards.Mastercard);
        await server.AdvanceAsync(1);
        await buyer.SaveCardAsync("4111111111111111");
        List<string> cards = [.. (await buyer.CardsAsync()).Select(card => card.GetProperty("id").GetString()!)];
        // The newest one expires first: it is nobody's default, and told all the same.
        await server.PullAsync($"payment_methods/{cards[0]}", new { exp_year = 2020 });
        await server.PullAsync($"payment_methods/{first}", new { exp_year = 2020 });
        await server.HearAsync();
        Assert.Equal(cards[1], await DefaultOfAsync(buyer));
        Assert.Equal(new[] { cards[0], first }.Order(),
            (await ToldAsync(buyer, "payment_method.expired", 2)).Select(told => told.Card).Order());
        await buyer.HireAsync(worker, 1.00m);
        Assert.Equal(cards[1], (await server.NewestAsync("/v1/charges")).GetProperty("payment_method").GetString());
        await server.BooksAsync();
    }

    private static Task<Answer> PostAsync(TestAgent buyer, TestAgent worker, decimal amount) =>
        buyer.PostAsync("/v1/jobs", new { worker_agent_id = worker.Id, title = "T", description = "D", amount });

    private static async Task<string> DefaultOfAsync(TestAgent agent) => (await agent.CardsAsync())
        .Single(card => card.GetProperty("is_default").GetBoolean()).GetProperty("id").GetString()!;

    /// <summary>What the agent was told of that type, waiting until there are so many.</summary>
    private static async Task<List<(string Card, string? Default)>> ToldAsync(TestAgent agent, string type, int count)
    {
        while (true)
        {
            var told = (await agent.GetAsync($"/v1/events?types={type}&limit=100")).Expect(200).Data
                .EnumerateArray().Select(one => one.GetProperty("data")).ToList();
            if (told.Count >= count)
                return [.. told.Select(data => (data.GetProperty("payment_method_id").GetString()!,
                    data.TryGetProperty("default_payment_method_id", out var next) ? next.GetString() : null))];
        }
    }
}
