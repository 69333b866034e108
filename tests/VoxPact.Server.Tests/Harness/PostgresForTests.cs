using System.Security.Cryptography;
using Npgsql;
using VoxPact.Server.Storage.Postgres;
using VoxPact.Server.Tests.Harness;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresForTests))]

namespace VoxPact.Server.Tests.Harness;

/// <summary>
/// PostgreSQL for one run of the tests: the one that <c>VOXPACT_TEST_POSTGRES</c> names, or a private cluster made
/// at first use. Every test server gets a database of its own, copied from a migrated one.
/// </summary>
public sealed class PostgresForTests : IAsyncDisposable
{
    private const string Variable = "VOXPACT_TEST_POSTGRES";

    private static readonly string s_template =
        "voxpact_t_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(5));
    private static readonly SemaphoreSlim s_copying = new(1);
    private static PostgresCluster? s_cluster;
    private static string? s_server;
    private static int s_made;

    private static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    public static bool IsAvailable => Given is not null || PostgresCluster.FindBinaries() is not null;

    /// <summary>The folder of <c>pg_dump</c> and its kin; null when only a server elsewhere is known.</summary>
    public static string? Binaries => PostgresCluster.FindBinaries();

    /// <summary>The connection string of a fresh, migrated database.</summary>
    public static async Task<string> CreateDatabaseAsync()
    {
        string name = $"{s_template}_{Interlocked.Increment(ref s_made)}";
        await s_copying.WaitAsync();
        try
        {
            if (s_server is null)
            {
                s_cluster = Given is null ? await PostgresCluster.StartAsync() : null;
                string server = Given ?? s_cluster!.ConnectionString;
                await RunAsync(server, $"create database {s_template}");
                new PostgresStore(With(server, s_template, pooling: false)).Migrate();
                s_server = server;
            }
            await RunAsync(s_server, $"create database {name} template {s_template}");
        }
        finally
        {
            s_copying.Release();
        }
        return With(s_server, name, pooling: true);
    }

    public static async Task DropDatabaseAsync(string connectionString)
    {
        await using (var pool = new NpgsqlConnection(connectionString)) NpgsqlConnection.ClearPool(pool);
        await RunAsync(s_server!,
            $"drop database {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)");
    }

    /// <summary>The end of the run.</summary>
    public async ValueTask DisposeAsync()
    {
        if (s_cluster is not null) await s_cluster.DisposeAsync();
        else if (s_server is not null) await RunAsync(s_server, $"drop database {s_template} with (force)");
    }

    private static string With(string server, string database, bool pooling) =>
        new NpgsqlConnectionStringBuilder(server)
        {
            Database = database,
            Pooling = pooling,
            MaxPoolSize = 20
        }.ConnectionString;

    private static async Task RunAsync(string server, string sql)
    {
        var builder = new NpgsqlConnectionStringBuilder(server) { Pooling = false };
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync();
    }
}
