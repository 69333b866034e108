using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using VoxPact.CrashTests.Processes;
using VoxPact.Domain;

namespace VoxPact.CrashTests.Truth;

/// <summary>An operation as the server's database has it.</summary>
internal sealed record BookedOperation(Guid Id, int Kind, long AmountMinor, int State, string? ProviderId)
{
    /// <summary>Asked of the provider: charges, transfers and refunds. An activation waits for a person.</summary>
    public bool IsSent => Kind is 1 or 2 or 3;

    public bool IsPending => State == 0;

    public bool IsDone => State == 1;
}

/// <summary>The server's database, beside the server, with SQL of the battery's own.</summary>
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
                GuidOf(rows, 0),
                Convert.ToInt32(rows.GetValue(1)), rows.GetInt64(2), Convert.ToInt32(rows.GetValue(3)),
                rows.IsDBNull(4) ? null : rows.GetString(4)));
        return all;
    }

    /// <summary>Every event that was told to an agent, by its subject and in its order.</summary>
    public static async Task<List<(string Subject, string Event)>> EventsOfAsync(
        ServerProcess server, Guid agent, CancellationToken stop)
    {
        var all = new List<(string, string)>();
        await using var connection = await OpenAsync(server, stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "select f.subject, f.event_id from inbox i join facts f on f.subject = i.subject "
            + "and f.sequence = i.sequence where i.agent_id = @agent order by f.subject, f.sequence";
        var parameter = command.CreateParameter();
        parameter.ParameterName = "@agent";
        parameter.Value = connection is NpgsqlConnection ? agent : agent.ToByteArray(bigEndian: true);
        command.Parameters.Add(parameter);
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop))
            all.Add((GuidOf(rows, 0).ToString("N"), Id.Format(Id.Event, GuidOf(rows, 1))));
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

    /// <summary>Why the server's reconciler stopped payouts, each of the times.</summary>
    public static async Task<List<string>> AlarmsAsync(ServerProcess server, CancellationToken stop)
    {
        var all = new List<string>();
        await using var connection = await OpenAsync(server, stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "select key, value from platform where key like 'alarm:%'";
        await using var rows = await command.ExecuteReaderAsync(stop);
        while (await rows.ReadAsync(stop)) all.Add($"{rows.GetString(0)["alarm:".Length..]} {rows.GetString(1)}");
        return all;
    }

    /// <summary>By how much the server has moved business time.</summary>
    public static async Task<long> OffsetUsAsync(ServerProcess server, CancellationToken stop)
    {
        await using var connection = await OpenAsync(server, stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "select value from platform where key = 'clock_offset_us'";
        return Convert.ToInt64(await command.ExecuteScalarAsync(stop), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Moves business time of a server that is down.</summary>
    public static async Task AddToOffsetAsync(ServerProcess server, long offsetUs, CancellationToken stop)
    {
        long moved = await OffsetUsAsync(server, stop) + offsetUs;
        await using var connection = await OpenAsync(server, stop, writes: true);
        await using var command = connection.CreateCommand();
        // Only digits are put into the text.
        command.CommandText = "insert into platform (key, value) values ('clock_offset_us', '" + moved
            + "') on conflict (key) do update set value = excluded.value";
        await command.ExecuteNonQueryAsync(stop);
    }

    private static Guid GuidOf(DbDataReader rows, int column) =>
        rows.GetValue(column) is byte[] bytes ? new Guid(bytes, bigEndian: true) : rows.GetGuid(column);

    private static async Task<DbConnection> OpenAsync(
        ServerProcess server, CancellationToken stop, bool writes = false)
    {
        DbConnection connection = server.Database is { } database
            ? new NpgsqlConnection(database + ";Pooling=false")
            : new SqliteConnection($"Data Source={server.SqliteFile};Mode={(writes ? "ReadWrite" : "ReadOnly")};Pooling=false");
        await connection.OpenAsync(stop);
        return connection;
    }
}
