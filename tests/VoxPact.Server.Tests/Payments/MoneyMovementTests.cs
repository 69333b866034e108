using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Payments;

/// <summary>Every way in which money can move, over HTTP and through Stripe, with the books right after each.</summary>
public sealed class MoneyMovementTests
{
    [Theory, ClassData<Databases>]
    public async Task Balance_is_topped_up_and_goes_back_to_the_cards_the_newest_charge_first(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await TopUpAsync(server, buyer, 5.00m);
        await TopUpAsync(server, buyer, 3.00m);
        (await buyer.PostAsync("/v1/balance/top-up", new { amount = 0.10m })).Expect(400, "validation_failed");
        Assert.Equal(8.00m, (await buyer.MoneyAsync()).Balance);
        (await buyer.PostAsync("/v1/balance/withdraw", new { amount = 8.01m })).Expect(400, "validation_failed");
        var some = (await buyer.PostAsync("/v1/balance/withdraw", new { amount = 4.00m }, "some")).Expect(202);
        Assert.Equal([3.00m, 1.00m], some.At("data.refunds").EnumerateArray().Select(Amount));
        Assert.Equal(some.Text, (await buyer.PostAsync("/v1/balance/withdraw", new { amount = 4.00m }, "some")).Text);
        await server.HearAsync();
        foreach (var refund in some.At("data.refunds").EnumerateArray())
            await ExpectAsync(buyer, refund.GetProperty("id").GetString()!, "done");
        Assert.Equal(4.00m, (await buyer.MoneyAsync()).Balance);

        // The rest of the first charge, and then there is nothing left.
        Assert.Equal(4.00m, (await buyer.PostAsync("/v1/balance/withdraw")).Expect(202).At("data.amount").GetDecimal());
        await server.HearAsync();
        (await buyer.PostAsync("/v1/balance/withdraw")).Expect(409, "wrong_state");
        Assert.Equal(0m, (await buyer.MoneyAsync()).Balance);
        var refunds = (await server.StripeAsync("/v1/refunds")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal([100, 300, 400], refunds.Select(refund => refund.GetProperty("amount").GetInt32()).Order());
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_refund_that_the_bank_sends_back_is_balance_again_and_can_be_tried_again(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await TopUpAsync(server, buyer, 2.00m);
        (await buyer.PostAsync("/v1/balance/withdraw")).Expect(202);
        await server.HearAsync();
        string refund = (await server.NewestAsync("/v1/refunds")).GetProperty("id").GetString()!;
        await server.PullAsync($"refunds/{refund}/fail", new { failure_reason = "expired_or_canceled_card" });
        await server.HearAsync();
        Assert.Equal(2.00m, (await buyer.MoneyAsync()).Balance);
        Assert.Equal(2.00m, (await buyer.PostAsync("/v1/balance/withdraw")).Expect(202).At("data.amount").GetDecimal());
        await server.HearAsync();
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_declined_top_up_moves_nothing_and_says_why(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer", card: TestCards.DeclinesCharges);
        string charge = (await buyer.PostAsync("/v1/balance/top-up", new { amount = 1.00m })).Expect(202)
            .String("data.id")!;
        await server.HearAsync();
        var seen = await ExpectAsync(buyer, charge, "declined");
        Assert.Equal("generic_decline", seen.GetProperty("failure_code").GetString());
        Assert.Equal(0m, (await buyer.MoneyAsync()).Balance);
        await buyer.RemoveCardsAsync();
        (await buyer.PostAsync("/v1/balance/top-up", new { amount = 1.00m })).Expect(402, "payment_method_required");
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task The_arbiter_divides_an_escrow(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker, 1.00m);
        await worker.WorkAsync(job, Deliverables.Unsure);
        (await buyer.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "Half of it is missing." })).Expect(200);
        string resolve = $"/v1/operator/jobs/{job}/resolve";
        (await server.PostAsync(resolve, server.OperatorKey, new { outcome = "split", reason = "Half." }))
            .Expect(400, "validation_failed");
        (await server.PostAsync(resolve, server.OperatorKey, new { outcome = "split", amount = 1.00m, reason = "All." }))
            .Expect(400, "validation_failed");
        (await server.PostAsync(resolve, server.OperatorKey, new { outcome = "refund", amount = 0.5m, reason = "No." }))
            .Expect(400, "validation_failed");
        (await server.PostAsync(resolve, server.OperatorKey, new { outcome = "split", amount = 0.60m, reason = "Most." }))
            .Expect(200);
        await buyer.ExpectAsync(job, "completed", "dispute");
        Assert.Equal(0.40m, (await buyer.MoneyAsync()).Balance);
        Assert.Equal(0.54m, (await worker.MoneyAsync()).Earnings);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_buyer_adds_bonuses_to_a_completed_job_as_far_as_the_balance_goes(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker, 1.00m);
        (await buyer.PostAsync($"/v1/jobs/{job}/bonus", new { amount = 0.10m })).Expect(409, "wrong_state");
        await worker.WorkAsync(job);
        (await buyer.PostAsync($"/v1/jobs/{job}/bonus", new { amount = 0.10m })).Expect(402, "payment_method_required");
        await TopUpAsync(server, buyer, 1.00m);
        (await buyer.PostAsync($"/v1/jobs/{job}/bonus", new { amount = 0.50m }, "one")).Expect(201);
        (await buyer.PostAsync($"/v1/jobs/{job}/bonus", new { amount = 0.50m }, "one")).Expect(201);
        (await buyer.PostAsync($"/v1/jobs/{job}/bonus", new { amount = 0.50m }, "two")).Expect(201);
        Assert.Equal(0m, (await buyer.MoneyAsync()).Balance);
        Assert.Equal(1.80m, (await worker.MoneyAsync()).Earnings);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task Earnings_from_a_new_payer_are_held_and_then_paid(string database)
    {
        await using var server = await TestServer.StartAsync(
            database, options => options with { NewPayerHoldHours = 48 });
        var (buyer, worker) = (await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce),
            await server.AgentAsync("worker"));
        await worker.OnboardAsync();
        await TopUpAsync(server, buyer, 5.00m);
        string job = await buyer.HireAsync(worker, 1.00m);
        await worker.WorkAsync(job);
        (await buyer.PostAsync($"/v1/jobs/{job}/bonus", new { amount = 1.00m })).Expect(201);
        await server.AdvanceAsync(47);
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        Assert.Equal(0, (await server.StripeAsync("/v1/transfers")).GetProperty("data").GetArrayLength());
        await server.BooksAsync();

        await server.AdvanceAsync(2);
        Assert.Equal(180, await TransferredAsync(server));
        // By now the payer is not new any more.
        await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
        await server.SettleAsync();
        Assert.Equal(270, await TransferredAsync(server));
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_chargeback_takes_balance_then_unaccepted_jobs_then_becomes_a_debt_that_is_paid_first(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await TopUpAsync(server, buyer, 10.00m);
        string accepted = await buyer.HireAsync(worker, 4.00m);
        await worker.WorkAsync(accepted, Deliverables.Unsure);
        string offered = await buyer.HireAsync(worker, 3.00m);
        string open = await buyer.PostJobAsync(new { title = "T", description = "D", amount = 2.00m });
        await server.ChargeBackAsync();
        await buyer.ExpectAsync(offered, "cancelled", "payment_failed");
        await buyer.ExpectAsync(open, "cancelled", "payment_failed");
        await buyer.ExpectAsync(accepted, "review");
        // 1.00 of balance, 3.00 and 2.00 of escrows: 4.00 are owed.
        Assert.Equal(0m, (await buyer.MoneyAsync()).Balance);
        (await buyer.PostAsync("/v1/balance/withdraw")).Expect(409, "wrong_state");
        await server.BooksAsync();

        // A post has to pay the debt too, in one charge.
        await buyer.HireAsync(worker, 1.00m);
        Assert.Equal(500, (await server.NewestAsync("/v1/payment_intents")).GetProperty("amount_received").GetInt32());
        Assert.Equal(0m, (await buyer.MoneyAsync()).Balance);
        (await buyer.PostAsync($"/v1/jobs/{accepted}/approve")).Expect(200);
        Assert.Equal(3.60m, (await worker.MoneyAsync()).Earnings);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_small_chargeback_leaves_jobs_alone_and_a_won_one_gives_the_money_back(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await TopUpAsync(server, buyer, 5.00m);
        string job = await buyer.HireAsync(worker, 5.00m);
        await worker.WorkAsync(job);
        await TopUpAsync(server, buyer, 2.00m);
        string offered = await buyer.HireAsync(worker, 1.00m);
        await TopUpAsync(server, buyer, 1.00m);
        string dispute = await server.ChargeBackAsync();
        await buyer.ExpectAsync(offered, "offered");
        Assert.Equal(1.00m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();
        await server.PullAsync($"disputes/{dispute}/close", new { status = "won" });
        await server.HearAsync();
        Assert.Equal(2.00m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_chargeback_after_the_payout_is_the_buyers_debt_and_then_the_operators_loss(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce),
            await server.AgentAsync("worker"));
        await worker.OnboardAsync();
        await worker.WorkAsync(await buyer.HireAsync(worker, 2.00m));
        await server.SettleAsync();
        Assert.Equal(180, await TransferredAsync(server));
        string dispute = await server.ChargeBackAsync();
        Assert.Equal((0m, 0m), await worker.MoneyAsync());
        await server.PullAsync($"disputes/{dispute}/close", new { status = "lost" });
        await server.HearAsync();
        await server.BooksAsync();
        string owner = (await buyer.GetAsync("/v1/agents/me")).Expect(200).String("data.owner_id")!;
        string path = $"/v1/operator/owners/{owner}/write-off";
        (await server.PostAsync(path, server.OperatorKey, new { amount = 2.01m, reason = "Gone." }))
            .Expect(400, "validation_failed");
        (await server.PostAsync(path, server.OperatorKey, new { amount = 0.50m, reason = "Gone." })).Expect(201);
        (await server.PostAsync(path, server.OperatorKey, new { reason = "Gone." })).Expect(201);
        (await server.PostAsync(path, server.OperatorKey, new { reason = "Gone." })).Expect(409, "wrong_state");
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_reversed_transfer_is_earnings_again_and_is_paid_a_day_later(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce),
            await server.AgentAsync("worker", listener.Url));
        listener.Secret = worker.WebhookSecret;
        await worker.OnboardAsync();
        await worker.WorkAsync(await buyer.HireAsync(worker, 2.00m));
        await server.HearAsync();
        string transfer = (await server.NewestAsync("/v1/transfers")).GetProperty("id").GetString()!;
        await server.StripePostAsync($"/v1/transfers/{transfer}/reversals", ("amount", "80"));
        await server.StripePostAsync($"/v1/transfers/{transfer}/reversals", ("amount", "20"));
        await server.HearAsync();
        Assert.Equal(1.00m, (await worker.MoneyAsync()).Earnings);
        Assert.Equal(2, listener.All.Count(one => one.Type == "payout.failed"));
        await server.BooksAsync();
        await server.AdvanceAsync(25);
        Assert.Equal(280, await TransferredAsync(server));
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_failed_bank_payout_is_told_and_moves_nothing(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce),
            await server.AgentAsync("worker", listener.Url));
        listener.Secret = worker.WebhookSecret;
        await worker.OnboardAsync();
        await worker.WorkAsync(await buyer.HireAsync(worker, 2.00m));
        await server.HearAsync();
        string account = (await worker.GetAsync("/v1/connect/status")).String("stripe_account_id")!;
        var payout = await server.PullAsync($"accounts/{account}/payouts", new { amount = 100 });
        await server.PullAsync($"payouts/{payout.GetProperty("id").GetString()}",
            new { status = "failed", failure = "account_closed" });
        await server.HearAsync();
        var told = Assert.Single(listener.All, one => one.Type == "payout.failed");
        Assert.Equal("bank_payout_failed", told.Data.GetProperty("code").GetString());
        Assert.Equal(1.00m, told.Data.GetProperty("amount").GetDecimal());
        Assert.Equal((0m, 0m), await worker.MoneyAsync());
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task Earnings_wait_while_the_connected_account_is_gone(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce),
            await server.AgentAsync("worker", listener.Url));
        listener.Secret = worker.WebhookSecret;
        await worker.OnboardAsync();
        string account = (await worker.GetAsync("/v1/connect/status")).String("stripe_account_id")!;
        await server.PullAsync($"accounts/{account}/deauthorize", new { });
        await server.HearAsync();
        var told = Assert.Single(listener.All, one => one.Type == "payout.failed");
        Assert.Equal("account_disabled", told.Data.GetProperty("code").GetString());
        await worker.WorkAsync(await buyer.HireAsync(worker, 2.00m));
        await server.AdvanceAsync(48);
        Assert.Equal(1.80m, (await worker.MoneyAsync()).Earnings);
        Assert.Equal(0, (await server.StripeAsync("/v1/transfers")).GetProperty("data").GetArrayLength());
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_card_that_goes_or_expires_leaves_funded_jobs_alone(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker, 1.00m);
        string card = (await buyer.CardsAsync())[0].GetProperty("id").GetString()!;
        await server.PullAsync($"payment_methods/{card}", new { decline = "expired_card" });
        await worker.WorkAsync(job);
        await buyer.ExpectAsync(job, "completed", "validated");
        (await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 1.00m }))
            .Expect(402, "payment_declined");
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task What_stripe_keeps_is_processing_and_the_operators_capital_covers_it(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await server.PullAsync("fees", new { basis_points = 150, @fixed = 25, dispute = 2_000 });
        await TopUpAsync(server, buyer, 10.00m);
        await TopUpAsync(server, buyer, 1.00m);
        await server.ChargeBackAsync();
        (await server.PostAsync("/v1/operator/capital", server.OperatorKey,
            new { direction = "add", amount = 30.00m, reason = "Fees." })).Expect(201);
        (await server.PostAsync("/v1/operator/capital", server.OperatorKey,
            new { direction = "take", amount = 5.00m, reason = "Too much." })).Expect(201);
        await server.AdvanceAsync(25);
        var totals = await server.BooksAsync();
        Assert.Equal(0.40m + 0.27m + 20.00m, totals.GetProperty("processing").GetDecimal());
        Assert.Equal(25.00m, totals.GetProperty("capital").GetDecimal());
        await server.AdvanceAsync(25);
        Assert.Equal(20.67m, (await server.BooksAsync()).GetProperty("processing").GetDecimal());
    }

    [Theory, ClassData<Databases>]
    public async Task What_stripe_takes_for_the_account_itself_is_processing_too(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await TopUpAsync(server, buyer, 10.00m);
        await server.PullAsync("stripe_fees", new { amount = 200, currency = "eur" });
        await server.PullAsync("stripe_fees", new { amount = 35, currency = "eur", description = "Radar" });
        await server.PullAsync("stripe_fees", new { amount = -15, currency = "eur", description = "Corrected" });
        await server.PullAsync("stripe_fees", new { amount = 99, currency = "usd" });
        // Read twice over, booked once.
        foreach (int _ in new[] { 1, 2 })
        {
            await server.AdvanceAsync(25);
            var totals = await server.BooksAsync();
            Assert.Equal(2.20m, totals.GetProperty("processing").GetDecimal());
            Assert.Equal(7.80m, totals.GetProperty("stripe_balance").GetDecimal());
        }
        await server.PullAsync("stripe_fees", new { amount = 1, currency = "eur" });
        await server.AdvanceAsync(25);
        Assert.Equal(2.21m, (await server.BooksAsync()).GetProperty("processing").GetDecimal());
    }

    [Theory, ClassData<Databases>]
    public async Task An_activation_that_costs_something_is_paid_on_the_page_which_saves_the_card(string database)
    {
        await using var server = await TestServer.StartAsync(
            database, options => options with { ActivationFeeMinor = 500 });
        Assert.Equal(5.00m, (await server.GetAsync("/v1/platform")).Expect(200).At("data.activation_fee").GetDecimal());
        var never = await server.RegisterAsync("never");
        var buyer = await server.RegisterAsync("buyer");
        // The first page is left alone, a second one is paid.
        string page = (await buyer.PostAsync("/v1/agents/me/checkout")).Expect(201).String("data.checkout_url")!;
        await server.FillInAsync(page,
            ("number", TestCards.Good), ("expiry", "12 / 40"), ("cvc", "123"), ("name", "Ada Example"));
        await server.HearAsync();
        Assert.Equal("active", (await buyer.GetAsync("/v1/agents/me")).Expect(200).String("data.status"));
        Assert.Equal(5.00m, (await server.BooksAsync()).GetProperty("fees").GetDecimal());
        Assert.Equal(0m, (await buyer.MoneyAsync()).Balance);
        // The card is charged for jobs while its owner is away.
        await buyer.PostJobAsync(new { title = "T", description = "D", amount = 0.50m });
        await server.AdvanceAsync(26);
        await server.AdvanceAsync(1);
        Assert.Equal(5.00m, (await server.BooksAsync()).GetProperty("fees").GetDecimal());
        var state = (await server.GetAsync("/v1/operator/payouts", server.OperatorKey)).Expect(200).Data;
        Assert.False(state.GetProperty("paused").GetBoolean());
        Assert.Equal(0, state.GetProperty("unknown").GetArrayLength());
        (await never.GetAsync("/v1/jobs")).Expect(403, "agent_not_active");
    }

    private static async Task TopUpAsync(TestServer server, TestAgent agent, decimal amount)
    {
        string charge = (await agent.PostAsync("/v1/balance/top-up", new { amount })).Expect(202).String("data.id")!;
        await server.SettleAsync();
        await ExpectAsync(agent, charge, "done");
    }

    private static async Task<JsonElement> ExpectAsync(TestAgent agent, string operation, string state)
    {
        var seen = (await agent.GetAsync($"/v1/operations/{operation}")).Expect(200).Data;
        Assert.True(seen.GetProperty("state").GetString() == state, $"The operation is not {state}: {seen}");
        return seen;
    }

    private static async Task<int> TransferredAsync(TestServer server) =>
        (await server.StripeAsync("/v1/transfers")).GetProperty("data").EnumerateArray()
            .Sum(transfer => transfer.GetProperty("amount").GetInt32());

    private static decimal Amount(JsonElement operation) => operation.GetProperty("amount").GetDecimal();
}
