using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Storage.Postgres;

/// <summary>
/// One REPEATABLE READ transaction; each stream is a cursor in it, read a thousand rows at a time.
/// </summary>
internal sealed class PostgresReading : IReading
{
    private const int RowsAtOnce = 1_000;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private int _cursors;

    private PostgresReading(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_connection, _transaction) = (connection, transaction);

    public static async Task<IReading> OpenAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        return new PostgresReading(
            connection, await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation));
    }

    public async IAsyncEnumerable<T> StreamAsync<T>(
        Statement<T> statement, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string cursor = $"c{++_cursors}";
        await using (var declare = Command($"declare {cursor} no scroll cursor for {statement.Sql}"))
            await declare.ExecuteNonQueryAsync(cancellation);
        var rows = new List<T>(RowsAtOnce);
        do
        {
            rows.Clear();
            await using (var fetch = Command($"fetch {RowsAtOnce} from {cursor}"))
            await using (var reader = await fetch.ExecuteReaderAsync(cancellation))
            {
                var row = new PostgresRow(reader);
                while (await reader.ReadAsync(cancellation)) rows.Add(statement.Read(row));
            }
            foreach (var row in rows) yield return row;
        }
        while (rows.Count == RowsAtOnce);
        await using var close = Command($"close {cursor}");
        await close.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<List<T>> QueryAsync<T>(Statement<T> statement, CancellationToken cancellation)
    {
        await using var command = Command(statement.Sql);
        foreach (object? argument in statement.Arguments)
            command.Parameters.Add(PostgresStore.Parameter(argument));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await PostgresStore.ReadAllAsync(reader, statement.Read, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private NpgsqlCommand Command(string sql) => new(sql, _connection, _transaction);
}
