using System.Text.Json;
using Npgsql;
using VoxPact.Client;
using VoxPact.Server.Ledger;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Ledger;

/// <summary>
/// A database is put back to an older copy, while the provider remembers what it did since: nothing may be paid twice.
/// </summary>
public sealed class RestoreTests
{
    [Theory, ClassData<Databases>]
    public async Task An_older_copy_pays_nobody_twice_and_the_check_tells_what_is_missing(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce);
        var worker = await server.AgentAsync("worker");
        await worker.WorkAsync(await buyer.HireAsync(worker));
        await server.StopAsync();
        await using var copy = await Copy.TakeAsync(server);

        // The copy has 0.09 waiting for the worker; after it they connect an account and are paid.
        await server.RunAsync();
        await worker.OnboardAsync();
        await server.SettleAsync();
        string paid = Assert.Single(await TransfersAsync(server));
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        Assert.True((await CheckAsync(server)).Passed);
        await server.StopAsync();

        // Once with the checkpoint that saw what is gone now, once with the provider's lists alone.
        foreach (bool isKept in new[] { true, false })
        {
            await copy.PutBackAsync(server);
            if (!isKept) File.Delete(Checkpoint.FileIn(server.Options.Data));
            await server.RunAsync();
            Assert.Equal(0.09m, (await worker.MoneyAsync()).Earnings);
            if (isKept) Assert.Contains("older copy", await ReasonAsync(server));
            await worker.OnboardAsync();
            await server.SettleAsync();
            await server.AdvanceAsync(3);
            Assert.Equal([paid], await TransfersAsync(server));
            Assert.Equal(0.09m, (await worker.MoneyAsync()).Earnings);
            Assert.Contains(paid, await ReasonAsync(server));
            var report = await CheckAsync(server);
            Assert.Contains(report.Invariants.Single(one => one.Id == "I5").First, found => found.StartsWith(paid));
            Assert.Equal(isKept ? "broken" : "holds", report.Invariants.Single(one => one.Id == "chain").Status);
            await server.StopAsync();
        }
    }

    [Theory, ClassData<Databases>]
    public async Task What_an_older_copy_forgot_is_adopted_exactly_and_once(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce);
        var worker = await server.AgentAsync("worker");
        await worker.WorkAsync(await buyer.HireAsync(worker));
        await server.StopAsync();
        await using var copy = await Copy.TakeAsync(server);

        await server.RunAsync();
        await worker.OnboardAsync();
        (await buyer.PostAsync("/v1/balance/top-up", new { amount = 3.00m })).Expect(202);
        await server.SettleAsync();
        (await buyer.PostAsync("/v1/balance/withdraw", new { amount = 1.00m })).Expect(202);
        await server.HearAsync();
        Assert.Equal(2.40m, (await buyer.MoneyAsync()).Balance);
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        string transfer = Assert.Single(await TransfersAsync(server));
        string charge = (await server.NewestAsync("/v1/payment_intents")).GetProperty("id").GetString()!;
        string refund = (await server.NewestAsync("/v1/refunds")).GetProperty("id").GetString()!;
        await server.StopAsync();

        await copy.PutBackAsync(server);
        File.Delete(Checkpoint.FileIn(server.Options.Data));
        await server.RunAsync();
        Assert.Equal(3, (await CheckAsync(server)).Invariants.Single(one => one.Id == "I5").Findings);
        Assert.Contains("adopt that first", (await AdoptAsync(server, refund)).Expect(409, "wrong_state").String("error"));
        Assert.Equal(3.00m, (await AdoptAsync(server, charge)).Expect(201).At("data.amount").GetDecimal());
        (await AdoptAsync(server, charge)).Expect(409, "already_done");
        Assert.Equal(3.40m, (await buyer.MoneyAsync()).Balance);
        // By two operators at once.
        var twice = await Task.WhenAll(AdoptAsync(server, refund), AdoptAsync(server, refund));
        Assert.Equal([201, 409], twice.Select(answer => answer.Status).Order());
        Assert.Equal(2.40m, (await buyer.MoneyAsync()).Balance);
        (await AdoptAsync(server, transfer)).Expect(201);
        Assert.Equal(0m, (await worker.MoneyAsync()).Earnings);
        var told = (await worker.GetAsync("/v1/events?types=payment.adopted&wait=30")).Expect(200).Data;
        Assert.Equal("transfer", Assert.Single(told.EnumerateArray()).GetProperty("data").GetProperty("code").GetString());

        await server.BooksAsync();
        await worker.OnboardAsync();
        (await server.PostAsync("/v1/operator/payouts/resume", server.OperatorKey)).Expect(200);
        await server.AdvanceAsync(3);
        Assert.Equal([transfer], await TransfersAsync(server));
        await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
        await server.AdvanceAsync(3);
        Assert.Equal(2, (await TransfersAsync(server)).Count);
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task What_does_not_fit_the_books_is_not_adopted(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await worker.OnboardAsync();
        await buyer.FundAsync(2.00m);
        string paid = (await server.NewestAsync("/v1/payment_intents")).GetProperty("id").GetString()!;
        foreach (string nothing in new[] { "pi_none", "tr_none", "re_none", "cus_1", "x" })
            (await AdoptAsync(server, nothing)).Expect(409, "wrong_state");
        (await AdoptAsync(server, "")).Expect(400, "validation_failed");
        (await AdoptAsync(server, paid)).Expect(409, "already_done");

        // Made by hand in Stripe's dashboard: a refund that names nobody, and a transfer of what was never earned.
        var refund = await server.StripePostAsync("/v1/refunds", ("payment_intent", paid), ("amount", "50"));
        string account = (await worker.GetAsync("/v1/connect/status")).Expect(200).String("stripe_account_id")!;
        await server.PullAsync("balance", new { amount = 1_000, currency = "eur" });
        var transfer = await server.StripePostAsync("/v1/transfers",
            ("amount", "70"), ("currency", "eur"), ("destination", account));
        Assert.Equal(2, (await CheckAsync(server)).Invariants.Single(one => one.Id == "I5").Findings);
        Assert.Contains("earnings", (await AdoptAsync(server, transfer.GetProperty("id").GetString()!))
            .Expect(409, "wrong_state").String("error"));
        (await AdoptAsync(server, refund.GetProperty("id").GetString()!)).Expect(201);
        Assert.Equal(1.50m, (await buyer.MoneyAsync()).Balance);
        await worker.WorkAsync(await buyer.HireAsync(worker, 1.00m));
        Assert.Equal(0.90m, (await worker.MoneyAsync()).Earnings);
        (await AdoptAsync(server, transfer.GetProperty("id").GetString()!)).Expect(201);
        Assert.Equal(0.20m, (await worker.MoneyAsync()).Earnings);
        (await server.PostAsync("/v1/operator/capital", server.OperatorKey,
            new { direction = "add", amount = 10.00m, reason = "The lever's." })).Expect(201);
        await server.BooksAsync();
        // The hourly look at the lists finds nothing strange in it either.
        await server.AdvanceAsync(2);
        await server.BooksAsync();
    }

    private static Task<Answer> AdoptAsync(TestServer server, string id) =>
        server.PostAsync("/v1/operator/adopt", server.OperatorKey, new { id });

    private static async Task<IReadOnlyList<string>> TransfersAsync(TestServer server) =>
        [.. (await server.StripeAsync("/v1/transfers")).GetProperty("data").EnumerateArray()
            .Select(one => one.GetProperty("id").GetString()!)];

    private static Task<string> ReasonAsync(TestServer server) =>
        Tampering.TextAsync(server, "select value from platform where key = 'payouts_paused'");

    private static async Task<CheckReport> CheckAsync(TestServer server) =>
        (await server.GetAsync("/v1/operator/check", server.OperatorKey)).Expect(200).Data
        .Deserialize(VoxPactJson.Default.CheckReport)!;

    /// <summary>A backup, taken and put back while no server runs.</summary>
    private sealed class Copy(string? database, string folder) : IAsyncDisposable
    {
        private static readonly string[] s_files = ["voxpact.db", "voxpact.db-wal", "voxpact.db-shm"];

        public static async Task<Copy> TakeAsync(TestServer server)
        {
            var copy = new Copy(server.Options.Database, Directory.CreateTempSubdirectory("voxpact-test-").FullName);
            if (copy.Name is { } name) await copy.RunAsync($"create database {name}_copy template {name}");
            else Move(server.Options.Data, copy.Folder);
            return copy;
        }

        private string Folder => folder;

        private string? Name => database is null ? null : new NpgsqlConnectionStringBuilder(database).Database;

        public async Task PutBackAsync(TestServer server)
        {
            if (Name is { } name)
            {
                await RunAsync($"drop database {name} with (force)");
                await RunAsync($"create database {name} template {name}_copy");
            }
            else Move(folder, server.Options.Data);
        }

        public async ValueTask DisposeAsync()
        {
            if (Name is { } name) await RunAsync($"drop database {name}_copy");
            Directory.Delete(folder, recursive: true);
        }

        private static void Move(string from, string to)
        {
            foreach (string file in s_files)
            {
                File.Delete(Path.Combine(to, file));
                if (File.Exists(Path.Combine(from, file))) File.Copy(Path.Combine(from, file), Path.Combine(to, file));
            }
        }

        private async Task RunAsync(string sql)
        {
            NpgsqlConnection.ClearAllPools();
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database)
            {
                Database = "postgres",
                Pooling = false,
            }.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
            await command.ExecuteNonQueryAsync();
        }
    }
}
