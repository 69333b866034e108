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
