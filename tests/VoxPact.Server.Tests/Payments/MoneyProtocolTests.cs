using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Tests.Ledger;
using Xunit;

namespace VoxPact.Server.Tests.Payments;

/// <summary>
/// Whatever becomes of a call to Stripe, its operation ends in one charge, transfer or refund, or in none.
/// </summary>
public sealed class MoneyProtocolTests
{
    public static TheoryData<string, string, string> ChargeFaults()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (string database in Databases.All)
            foreach (string path in new[] { "/v1/payment_intents", "/v1/payment_intents/pi_" })
                foreach (string fault in new[] { "lost", "reset", "busy", "limited", "error_executed" })
                    rows.Add(database, path, fault);
        return rows;
    }

    [Theory, MemberData(nameof(ChargeFaults))]
    public async Task A_charge_whose_answer_is_lost_or_that_is_put_off_is_made_once(
        string database, string path, string fault)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await FailNextAsync(server, fault, path);
        await buyer.PostJobAsync(new { title = "T", description = "D", amount = 0.10m });
        Assert.Equal(0.40m, (await buyer.MoneyAsync()).Balance);
        Assert.Equal(50, await SumAsync(server, "/v1/payment_intents", "amount_received"));
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_post_whose_charge_fails_at_stripe_waits_and_is_funded_under_a_new_key_after_two_empty_reads(
        string database)
    {
        await using var server = await TestServer.StartAsync(
            database, options => options with { FundingPatienceSeconds = 1 });
        var buyer = await server.AgentAsync("buyer");
        await FailNextAsync(server, "error", "/v1/payment_intents");
        var posted = (await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.10m }, "post"))
            .Expect(202);
        string job = posted.String("data.id")!;
        await buyer.ExpectAsync(job, "funding");
        Assert.Equal(posted.Text, (await buyer.PostAsync(
            "/v1/jobs", new { title = "T", description = "D", amount = 0.10m }, "post")).Expect(202).Text);
        // The failure is kept under the key, so the same key would only repeat it; nothing else is sent for an hour.
        await server.AdvanceAsync(0.5);
        await server.AdvanceAsync(0.4);
        await buyer.ExpectAsync(job, "funding");
        Assert.Equal(0, (await server.StripeAsync("/v1/payment_intents")).GetProperty("data").GetArrayLength());
        await server.AdvanceAsync(0.7);
        await server.AdvanceAsync(0.1);
        await buyer.ExpectAsync(job, "open");
        Assert.Equal(50, await SumAsync(server, "/v1/payment_intents", "amount_received"));
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_post_whose_charge_is_declined_after_its_202_ends_cancelled_and_is_told(string database)
    {
        var (stripe, server) = await HeldStripe.StartAsync(
            database, options => options with { FundingPatienceSeconds = 1 });
        await using var _ = stripe;
        await using var __ = server;
        await using var listener = await WebhookListener.StartAsync();
        var buyer = await server.AgentAsync("buyer", listener.Url, card: TestCards.DeclinesCharges);
        listener.Secret = buyer.WebhookSecret;
        var hold = stripe.HoldBack("/confirm");
        string job = (await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.10m }))
            .Expect(202).String("data.id")!;
        await buyer.ExpectAsync(job, "funding");
        hold.Release();
        await server.SettleAsync();
        await buyer.ExpectAsync(job, "cancelled", "payment_failed");
        await listener.NextAsync("payment.failed");
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_post_whose_charge_is_never_known_ends_after_a_day_and_late_money_is_balance(string database)
    {
        await using var server = await TestServer.StartAsync(
            database, options => options with { FundingPatienceSeconds = 1 });
        var buyer = await server.AgentAsync("buyer");
        await server.PullAsync("faults", new { reset = 1_000, path = "/v1/payment_intents" });
        string job = (await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.10m }))
            .Expect(202).String("data.id")!;
        await server.AdvanceAsync(24.1);
        await buyer.ExpectAsync(job, "cancelled", "payment_failed");
        // Its key is too old to be sent again: two reads an hour apart, then a new one.
        await server.PullAsync("faults", new { });
        for (int quarter = 0; quarter < 8; quarter++) await server.AdvanceAsync(0.25);
        Assert.Equal(0.50m, (await buyer.MoneyAsync()).Balance);
        var charge = Assert.Single((await server.StripeAsync("/v1/payment_intents")).GetProperty("data").EnumerateArray());
        Assert.Equal(50, charge.GetProperty("amount_received").GetInt32());
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_charge_that_was_made_long_before_it_was_confirmed_stops_no_payout(string database)
    {
        await using var server = await TestServer.StartAsync(
            database, options => options with { FundingPatienceSeconds = 1 });
        var buyer = await server.AgentAsync("buyer");
        await FailNextAsync(server, "lost", "/v1/payment_intents");
        for (int i = 0; i < 6; i++)
            await server.PullAsync("faults/next", new { fault = "limited", method = "GET", path = "/v1/payment_intents" });
        string job = (await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.10m }))
            .Expect(202).String("data.id")!;
        await server.AdvanceAsync(3);
        // The lists of the hour in which it is paid begin after it was made.
        for (int quarter = 0; quarter < 12; quarter++) await server.AdvanceAsync(0.25);
        await buyer.ExpectAsync(job, "open");
        Assert.Equal(50, await SumAsync(server, "/v1/payment_intents", "amount_received"));
        var payouts = (await server.GetAsync("/v1/operator/payouts", server.OperatorKey)).Expect(200).Data;
        Assert.False(payouts.GetProperty("paused").GetBoolean(), payouts.GetRawText());
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_transfer_comes_to_one_whatever_the_first_try_comes_to(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce);
        await buyer.FundAsync(20m);
        int expected = 0;
        foreach (string fault in new[] { "lost", "reset", "busy", "limited", "error_executed", "late", "error" })
        {
            var worker = await server.AgentAsync("worker");
            await worker.OnboardAsync();
            await FailNextAsync(server, fault, "/v1/transfers");
            await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
            for (int minutes = 0; minutes < 100; minutes += 10) await server.AdvanceAsync(TimeSpan.FromMinutes(10));
            Assert.Equal(expected += 90, await SumAsync(server, "/v1/transfers", "amount"));
            Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        }
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_refund_comes_to_one_whatever_the_first_try_comes_to(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        await buyer.FundAsync(20m);
        int expected = 0;
        foreach (string fault in new[] { "lost", "reset", "busy", "error_executed", "late", "error" })
        {
            await FailNextAsync(server, fault, "/v1/refunds");
            (await buyer.PostAsync("/v1/balance/withdraw", new { amount = 1.00m })).Expect(202);
            for (int minutes = 0; minutes < 100; minutes += 10) await server.AdvanceAsync(TimeSpan.FromMinutes(10));
            Assert.Equal(expected += 100, await SumAsync(server, "/v1/refunds", "amount"));
        }
        Assert.Equal(14.00m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task Where_no_key_may_be_renewed_by_itself_the_operator_sends_a_lost_transfer_again(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce),
            await server.AgentAsync("worker"));
        await worker.OnboardAsync();
        await FailNextAsync(server, "error", "/v1/transfers");
        await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
        await server.StopAsync();
        // As after hours in which nothing was found: a node that does not work shows what waits for the operator.
        Assert.Equal(1, await Tampering.RunAsync(server,
            "update operations set empty_read_us = created_us - 7200000000, created_us = created_us - 10800000000 "
            + "where state = 0 and must_read = 1"));
        await server.RunAsync(options => options with { RunWork = false });
        var state = (await server.GetAsync("/v1/operator/payouts", server.OperatorKey)).Expect(200).Data;
        string transfer = Assert.Single(state.GetProperty("unknown").EnumerateArray()).GetProperty("id").GetString()!;
        string path = $"/v1/operator/operations/{transfer}/resend";
        (await server.PostAsync(path, server.OperatorKey)).Expect(200);
        (await server.PostAsync(path, server.OperatorKey)).Expect(409, "wrong_state");
        await server.RestartAsync();
        await server.HearAsync();
        Assert.Equal(90, await SumAsync(server, "/v1/transfers", "amount"));
        await server.BooksAsync();
    }

    private static Task<JsonElement> FailNextAsync(TestServer server, string fault, string path) =>
        server.PullAsync("faults/next", new { fault, method = "POST", path });

    private static async Task<int> SumAsync(TestServer server, string path, string member) =>
        (await server.StripeAsync(path)).GetProperty("data").EnumerateArray()
            .Sum(one => one.GetProperty(member).GetInt32());
}
