using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using VoxPact.Server.Tests.Harness;

namespace VoxPact.Server.Tests.Ledger;

/// <summary>
/// Somebody with a database client and no scruples: statements that no code of the product would run.
/// </summary>
internal static class Tampering
{
    /// <returns>How many rows were changed.</returns>
    public static Task<int> RunAsync(TestServer server, string sql) =>
        WithAsync(server, sql, command => command.ExecuteNonQueryAsync());

    public static async Task<long> ScalarAsync(TestServer server, string sql) =>
        (long)(await WithAsync(server, sql, command => command.ExecuteScalarAsync()))!;

    public static async Task<string> TextAsync(TestServer server, string sql) =>
        (string)(await WithAsync(server, sql, command => command.ExecuteScalarAsync()))!;

    private static async Task<T> WithAsync<T>(TestServer server, string sql, Func<DbCommand, Task<T>> run)
    {
        string file = Path.Combine(server.Options.Data, "voxpact.db");
        await using DbConnection connection = server.Options.Database is { } database
            ? new NpgsqlConnection(database)
            : new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await run(command);
    }
}
