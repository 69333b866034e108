using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using VoxPact.CrashTests.Processes;

namespace VoxPact.CrashTests.Truth;

/// <summary>An operation as the server's database has it.</summary>
internal sealed record BookedOperation(Guid Id, int Kind, long AmountMinor, int State, string? ProviderId)
{
    /// <summary>Asked of the provider: charges, transfers and refunds. An activation waits for a person.</summary>
    public bool IsSent => Kind is 1 or 2 or 3;

    public bool IsPending => State == 0;

    public bool IsDone => State == 1;
}

/// <summary>Reads the server's database beside the server, with SQL of the battery's own.</summary>
internal static class Books
{
    public static async Task<List<BookedOperation>> OperationsAsync(ServerProcess server, CancellationToken stop)
    {
        var all = new List<BookedOperation>();
        await using var connection = await OpenAsync(server, stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "select id, kind, amount_minor, state, provider_id from operations";
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
            all.Add(new BookedOperation(
                rows.GetValue(0) is byte[] bytes ? new Guid(bytes, bigEndian: true) : rows.GetGuid(0),
                Convert.ToInt32(rows.GetValue(1)), rows.GetInt64(2), Convert.ToInt32(rows.GetValue(3)),
                rows.IsDBNull(4) ? null : rows.GetString(4)));
        return all;
    }

    /// <summary>How many jobs there are.</summary>
    public static async Task<long> JobsAsync(ServerProcess server, CancellationToken stop)
    {
        await using var connection = await OpenAsync(server, stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from jobs";
        return Convert.ToInt64(await command.ExecuteScalarAsync(stop));
    }

    private static async Task<DbConnection> OpenAsync(ServerProcess server, CancellationToken stop)
    {
        DbConnection connection = server.Database is { } database
            ? new NpgsqlConnection(database + ";Pooling=false")
            : new SqliteConnection($"Data Source={server.SqliteFile};Mode=ReadOnly;Pooling=false");
        await connection.OpenAsync(stop);
        return connection;
    }
}
