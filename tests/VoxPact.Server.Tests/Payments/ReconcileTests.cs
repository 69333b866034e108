using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Tests.Ledger;
using Xunit;

namespace VoxPact.Server.Tests.Payments;

/// <summary>What Stripe has is compared with what was decided here, both ways, and a difference stops payouts.</summary>
public sealed class ReconcileTests
{
    [Theory, ClassData<Databases>]
    public async Task A_charge_that_nobody_here_asked_for_stops_payouts_until_the_operator_has_looked(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await EarningAsync(server);
        await server.StripePostAsync("/v1/payment_intents", ("amount", "700"), ("currency", "eur"),
            ("payment_method", "pm_card_visa"), ("confirm", "true"), ("payment_method_types[]", "card"),
            ("metadata[op]", "charge:op_" + new string('0', 26)));
        await server.AdvanceAsync(1.1);
        var state = (await server.GetAsync("/v1/operator/payouts", server.OperatorKey)).Expect(200).Data;
        Assert.True(state.GetProperty("paused").GetBoolean());
        Assert.Contains("which is not here", state.GetProperty("reason").GetString());
        Assert.Single(state.GetProperty("alarms").EnumerateArray());
        await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
        await server.AdvanceAsync(3);
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);

        (await server.PostAsync("/v1/operator/payouts/resume", server.OperatorKey)).Expect(200);
        await server.AdvanceAsync(1.1);
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        // The same object does not stop them again.
        await server.AdvanceAsync(1.1);
        Assert.False((await server.GetAsync("/v1/operator/payouts", server.OperatorKey)).Expect(200).Data
            .GetProperty("paused").GetBoolean());
    }

    [Theory, ClassData<Databases>]
    public async Task What_is_settled_here_but_not_at_stripe_stops_payouts_too(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await EarningAsync(server);
        await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
        Assert.Equal(1, await Tampering.RunAsync(server, "update operations set provider_id = 'tr_none' where kind = 2"));
        await server.AdvanceAsync(1.1);
        var state = (await server.GetAsync("/v1/operator/payouts", server.OperatorKey)).Expect(200).Data;
        Assert.True(state.GetProperty("paused").GetBoolean());
        Assert.Equal(2, state.GetProperty("alarms").GetArrayLength());
    }

    [Theory, ClassData<Databases>]
    public async Task What_no_event_told_of_is_found_by_the_lists_and_the_balance(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await EarningAsync(server);
        await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
        await server.HearAsync();
        await server.PullAsync("faults", new { event_drop = 1_000 });
        string transfer = (await server.NewestAsync("/v1/transfers")).GetProperty("id").GetString()!;
        await server.StripePostAsync($"/v1/transfers/{transfer}/reversals", ("amount", "40"));
        await server.ChargeBackAsync();
        await server.AdvanceAsync(1.1);
        Assert.Equal(0.40m, (await worker.MoneyAsync()).Earnings);
        // 20.00 were charged and 19.00 are left: 1.00 is owed.
        Assert.Equal(0m, (await buyer.MoneyAsync()).Balance);
        await server.BooksAsync();

        // The chargeback has emptied Stripe's balance too; payouts wait for money there, and then go on.
        await server.PullAsync("balance", new { amount = 5_000, currency = "eur" });
        (await server.PostAsync("/v1/operator/capital", server.OperatorKey,
            new { direction = "add", amount = 50.00m, reason = "The chargeback." })).Expect(201);
        await server.StripePostAsync($"/v1/transfers/{transfer}/reversals", ("amount", "10"));
        await server.AdvanceAsync(25);
        await server.AdvanceAsync(25);
        Assert.Equal(140, (await server.StripeAsync("/v1/transfers")).GetProperty("data").EnumerateArray()
            .Sum(one => one.GetProperty("amount").GetInt32()));
        await server.BooksAsync();
    }

    [Fact]
    public async Task An_older_copy_of_the_database_pays_nothing_twice()
    {
        await using var server = await TestServer.StartAsync(Databases.Sqlite);
        var (buyer, worker) = await EarningAsync(server);
        (await server.PostAsync("/v1/operator/payouts/pause", server.OperatorKey, new { reason = "Backup." })).Expect(200);
        await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
        await server.StopAsync();
        string file = Path.Combine(server.Options.Data, "voxpact.db");
        string[] parts = [file, file + "-wal"];
        foreach (string part in parts.Where(File.Exists)) File.Copy(part, part + ".copy");
        await server.RunAsync();
        (await server.PostAsync("/v1/operator/payouts/resume", server.OperatorKey)).Expect(200);
        await server.AdvanceAsync(1.1);
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);

        await server.StopAsync();
        foreach (string part in parts.Append(file + "-shm")) File.Delete(part);
        foreach (string part in parts.Where(part => File.Exists(part + ".copy"))) File.Move(part + ".copy", part);
        await server.RunAsync();
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
        (await server.PostAsync("/v1/operator/payouts/resume", server.OperatorKey)).Expect(200);
        await server.AdvanceAsync(1.2);
        // What the copy does not know was found before anything left.
        Assert.Equal(90, (await server.StripeAsync("/v1/transfers")).GetProperty("data").EnumerateArray()
            .Sum(one => one.GetProperty("amount").GetInt32()));
        var state = (await server.GetAsync("/v1/operator/payouts", server.OperatorKey)).Expect(200).Data;
        Assert.Contains("which is not here", state.GetProperty("reason").GetString());
    }

    [Theory, ClassData<Databases>]
    public async Task The_operator_stops_and_resumes_payouts(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = await EarningAsync(server);
        (await server.PostAsync("/v1/operator/payouts/pause", server.OperatorKey, new { reason = "Audit." })).Expect(200);
        await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
        await server.AdvanceAsync(5);
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
        var state = (await server.GetAsync("/v1/operator/payouts", server.OperatorKey)).Expect(200).Data;
        Assert.Equal("Audit.", state.GetProperty("reason").GetString());
        (await server.PostAsync("/v1/operator/payouts/resume", server.OperatorKey)).Expect(200);
        await server.AdvanceAsync(1.1);
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        await server.BooksAsync();
    }

    /// <summary>A buyer with 20.00 of balance, and a worker who can be paid.</summary>
    private static async Task<(TestAgent Buyer, TestAgent Worker)> EarningAsync(TestServer server)
    {
        var (buyer, worker) = (await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce),
            await server.AgentAsync("worker"));
        await worker.OnboardAsync();
        await buyer.FundAsync(20m);
        return (buyer, worker);
    }
}
