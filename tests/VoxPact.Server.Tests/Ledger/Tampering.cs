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
    public static async Task<int> RunAsync(TestServer server, string sql)
    {
        if (server.Options.Database is { } database)
        {
            await using var connection = new NpgsqlConnection(database);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteNonQueryAsync();
        }
        string file = Path.Combine(server.Options.Data, "voxpact.db");
        await using var sqlite = new SqliteConnection($"Data Source={file};Pooling=False");
        await sqlite.OpenAsync();
        await using var change = sqlite.CreateCommand();
        change.CommandText = sql;
        return await change.ExecuteNonQueryAsync();
    }
}
