using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Where a job's money comes from: the balance, one charge at a time, or nowhere.</summary>
public sealed class FundingTests(SharedServers servers) : IClassFixture<SharedServers>
{
    [Theory, ClassData<Databases>]
    public async Task A_job_of_10_cents_costs_one_minimum_charge_and_the_next_four_none(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        foreach (decimal left in new[] { 0.40m, 0.30m, 0.20m, 0.10m, 0.00m, 0.40m })
        {
            await buyer.HireAsync(worker);
            Assert.Equal(left, (await buyer.MoneyAsync()).Balance);
        }
        var charges = (await server.StripeAsync("/v1/payment_intents")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal([50, 50], charges.Select(charge => charge.GetProperty("amount_received").GetInt32()));
        Assert.All(charges, charge => Assert.StartsWith("charge:op_", charge.GetProperty("metadata").GetProperty("op").GetString()));
    }

    [Theory, ClassData<Databases>]
    public async Task A_larger_shortfall_is_charged_exactly(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.HireAsync(worker, 0.10m);
        await buyer.HireAsync(worker, 7.25m);
        Assert.Equal(0.00m, (await buyer.MoneyAsync()).Balance);
    }

    [Theory, ClassData<Databases>]
    public async Task A_declined_card_is_402_and_leaves_no_job(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer", card: TestCards.DeclinesCharges), await server.AgentAsync("worker"));
        var answer = await buyer.PostAsync("/v1/jobs",
            new { worker_agent_id = worker.Id, title = "T", description = "D", amount = 0.10m });
        Assert.Contains("payment", answer.Expect(402, "payment_declined").String("error"));
        Assert.Equal(0, (await buyer.GetAsync("/v1/jobs")).Data.GetArrayLength());
        Assert.Equal(0, (await worker.GetAsync("/v1/jobs")).Data.GetArrayLength());
        Assert.Equal((0m, 0m), await buyer.MoneyAsync());

        // A good card heals it.
        await buyer.RemoveCardsAsync();
        await buyer.SaveCardAsync(TestCards.Good);
        await buyer.ExpectAsync(await buyer.HireAsync(worker), "offered");
    }

    [Theory, ClassData<Databases>]
    public async Task Without_a_card_a_short_post_is_402_and_one_that_the_balance_covers_is_not(string database)
    {
        var server = await servers.OnAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(0.50m);
        await buyer.RemoveCardsAsync();
        var answer = await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.51m });
        Assert.Contains("payment", answer.Expect(402, "payment_method_required").String("error"));
        await buyer.PostJobAsync(new { title = "T", description = "D", amount = 0.50m });
        Assert.Equal(0m, (await buyer.MoneyAsync()).Balance);
    }

    [Theory, ClassData<Databases>]
    public async Task A_bank_that_wants_the_owner_present_is_402_with_a_link(string database)
    {
        var server = await servers.OnAsync(database);
        var buyer = await server.AgentAsync("buyer", card: TestCards.NeedsOwner);
        var job = new { title = "T", description = "D", amount = 0.10m };
        var answer = (await buyer.PostAsync("/v1/jobs", job)).Expect(402, "payment_action_required");
        Assert.Contains("payment", answer.String("error"));
        Assert.Contains("/checkout/", answer.String("link"));
        Assert.Equal(0, (await buyer.GetAsync("/v1/jobs")).Data.GetArrayLength());

        // The owner opens the link and confirms a card there; then the post succeeds.
        await server.FillInAsync(answer.String("link")!,
            ("number", TestCards.Good), ("expiry", "12 / 40"), ("cvc", "123"), ("name", "Ada Example"));
        await buyer.RemoveCardsAsync();
        await buyer.SaveCardAsync(TestCards.Good);
        (await buyer.PostAsync("/v1/jobs", job)).Expect(201);
    }

    [Theory, ClassData<Databases>]
    public async Task What_a_card_cannot_be_charged_without_its_owner_is_paid_on_the_page(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer", card: TestCards.NeedsOwner);
        foreach (var (amount, left) in new[] { (0.10m, 0.40m), (2.00m, 0m) })
        {
            var job = new { title = "T", description = "D", amount };
            var refused = (await buyer.PostAsync("/v1/jobs", job, $"first-{amount}"))
                .Expect(402, "payment_action_required");
            // The same card, which always asks: the bank sees its owner on the page.
            string page = await server.FillInAsync(refused.String("link")!,
                ("number", TestCards.NeedsOwner), ("expiry", "12 / 40"), ("cvc", "123"), ("name", "Ada Example"));
            Assert.Contains("balance now", page);
            (await buyer.PostAsync("/v1/jobs", job, $"again-{amount}")).Expect(201);
            Assert.Equal(left, (await buyer.MoneyAsync()).Balance);
        }
        // Stripe's events come too, and change nothing.
        await server.HearAsync();
        Assert.Equal(0m, (await buyer.MoneyAsync()).Balance);
        Assert.Single(await buyer.CardsAsync());

        // A page that nobody pays ends by itself.
        (await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 1.00m }))
            .Expect(402, "payment_action_required");
        await server.AdvanceAsync(27);
        await server.AdvanceAsync(1);
        Assert.Equal(2.10m, (await buyer.MoneyAsync()).Balance
            + (await buyer.GetAsync("/v1/balance")).Expect(200).At("data.escrow").GetDecimal());
        var state = (await server.GetAsync("/v1/operator/payouts", server.OperatorKey)).Expect(200).Data;
        Assert.Equal(0, state.GetProperty("unknown").GetArrayLength());
        Assert.False(state.GetProperty("paused").GetBoolean());
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task Removing_the_default_card_makes_the_newest_other_one_the_default(string database)
    {
        var server = await servers.OnAsync(database);
        var buyer = await server.AgentAsync("buyer");
        string first = (await buyer.CardsAsync()).Single().GetProperty("id").GetString()!;
        await buyer.SaveCardAsync(TestCards.Mastercard);
        var cards = await buyer.CardsAsync();
        Assert.Equal([first], cards.Where(card => card.GetProperty("is_default").GetBoolean()).Select(card => card.GetProperty("id").GetString()));
        (await buyer.DeleteAsync($"/v1/payment-methods/{first}")).Expect(200);
        var left = Assert.Single(await buyer.CardsAsync());
        Assert.True(left.GetProperty("is_default").GetBoolean());
        Assert.Equal("mastercard", left.GetProperty("brand").GetString());
        await buyer.PostJobAsync(new { title = "T", description = "D", amount = 0.10m });
        (await buyer.DeleteAsync($"/v1/payment-methods/{first}")).Expect(404, "not_found");
        await buyer.RemoveCardsAsync();
        (await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.60m })).Expect(402, "payment_method_required");
    }

    [Theory, ClassData<Databases>]
    public async Task Agents_of_one_owner_share_its_cards_and_balance_and_an_equal_email_shares_nothing(string database)
    {
        var server = await servers.OnAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(1.00m);
        var sibling = await server.RegisterAsync("sibling", sameOwnerAs: buyer.Key);
        await sibling.ActivateAsync(TestCards.Mastercard);
        Assert.Equal(1.00m, (await sibling.MoneyAsync()).Balance);
        Assert.Equal(2, (await sibling.CardsAsync()).Count);

        var claim = (await server.PostAsync("/v1/agents/register", null, new
        {
            name = TestServer.Name("claimant"),
            owner_email = $"{buyer.Name}@example.com",
            capabilities = new[] { "x" },
            accept_terms = true,
        })).Expect(201);
        await server.FillInAsync(claim.String("data.checkout_url")!,
            ("number", TestCards.Mastercard), ("expiry", "12 / 40"), ("cvc", "123"), ("name", "Eve Example"));
        string key = claim.String("data.api_key")!;
        var card = Assert.Single((await server.GetAsync("/v1/payment-methods", key)).Expect(200).Data.EnumerateArray());
        Assert.Equal("mastercard", card.GetProperty("brand").GetString());
        Assert.Equal(0, (await server.GetAsync("/v1/jobs", key)).Data.GetArrayLength());
        Assert.Equal("0.00", (await server.GetAsync("/v1/agents/me", key)).At("data.balance").GetRawText());
    }

    [Theory, ClassData<Databases>]
    public async Task A_charge_that_is_never_answered_ends_in_a_cancelled_job_and_late_money_becomes_balance(string database)
    {
        var (stripe, server) = await HeldStripe.StartAsync(database, options => options with { FundingPatienceSeconds = 1 });
        await using var _ = stripe;
        await using var __ = server;
        var buyer = await server.AgentAsync("buyer");
        var hold = stripe.HoldBack("/confirm");
        string job = (await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.10m })).Expect(202)
            .String("data.id")!;
        await buyer.ExpectAsync(job, "funding");
        (await buyer.PostAsync($"/v1/jobs/{job}/cancel")).Expect(200);
        await buyer.ExpectAsync(job, "cancelled", "cancelled");
        hold.Release();
        await server.SettleAsync();
        Assert.Equal(0.50m, (await buyer.MoneyAsync()).Balance);
        await buyer.ExpectAsync(job, "cancelled", "cancelled");
    }

    [Theory, ClassData<Databases>]
    public async Task A_post_whose_job_ends_while_it_waits_for_its_charge_is_answered_with_it_again(string database)
    {
        var (stripe, server) = await HeldStripe.StartAsync(database, options => options with { FundingPatienceSeconds = 60 });
        await using var _ = stripe;
        await using var __ = server;
        var buyer = await server.AgentAsync("buyer");
        var body = new { title = "T", description = "D", amount = 0.10m };
        var hold = stripe.HoldBack("/confirm");
        var post = buyer.PostAsync("/v1/jobs", body, "post-that-waits");
        await hold.Reached;
        string job = (await buyer.GetAsync("/v1/jobs")).Expect(200).Data[0].GetProperty("id").GetString()!;
        (await buyer.PostAsync($"/v1/jobs/{job}/cancel")).Expect(200);
        var answer = (await post).Expect(201);
        Assert.Equal("cancelled", answer.String("data.state"));

        hold.Release();
        await server.SettleAsync();

        Assert.Equal(answer.Text, (await buyer.PostAsync("/v1/jobs", body, "post-that-waits")).Expect(201).Text);
    }
}
