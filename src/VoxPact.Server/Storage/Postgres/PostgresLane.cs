using Npgsql;
using NpgsqlTypes;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Postgres;

/// <summary>
/// One connection: BEGIN rides with the load, COMMIT with the write, so a batch of any size is two round trips.
/// READ COMMITTED with row locks in a fixed order, and a lock timeout.
/// </summary>
internal sealed class PostgresLane(NpgsqlDataSource source) : ILane
{
    /// <summary>
    /// Every statement of the lane goes by keys, and is planned once: on tables that may be empty then, where reading
    /// them whole looks cheapest. So only ways that stay cheap on tables of any size are allowed.
    /// </summary>
    private const string Settings = """
        set lock_timeout = '10s'; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
        set jit = off; set plan_cache_mode = force_generic_plan
        """;

    private NpgsqlConnection? _connection;

    public async Task LoadAsync(LoadPlan plan, Snapshot into, CancellationToken cancellation)
    {
        _connection ??= await OpenAsync(cancellation);
        await using var batch = new NpgsqlBatch(_connection);
        var load = new PostgresLoad(batch);
        load.Build(plan, into);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var row = new PostgresRow(reader);
        foreach (var read in load.Readers)
        {
            // BEGIN has no columns, so the reader stands on the first select already.
            while (await reader.ReadAsync(cancellation)) read(row);
            await reader.NextResultAsync(cancellation);
        }
    }

    public async Task CommitAsync(Snapshot changes, Batch? row, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(_connection);
        var writer = new PostgresWriter(batch);
        foreach (var shelf in changes.Shelves) shelf.WriteTo(writer);
        if (row is not null) writer.Insert(LogTables.Batches, [row]);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ResetAsync()
    {
        if (_connection is not { } connection) return;
        try
        {
            await using var rollback = new NpgsqlCommand("rollback", connection);
            await rollback.ExecuteNonQueryAsync();
        }
        catch (Exception broken) when (broken is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone and its transaction with it; the next load opens another.
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    public async Task<bool> HasLandedAsync(Batch batch, CancellationToken cancellation)
    {
        await ResetAsync();
        await using var connection = await OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Inserting the same row waits for the old backend, if it is still at work, and then tells how it ended.
        await using var insert = new NpgsqlCommand(
            "insert into batches (id, mac, at_us) values ($1, $2, $3) on conflict do nothing", connection, transaction);
        insert.Parameters.Add(new NpgsqlParameter { Value = batch.Id, NpgsqlDbType = NpgsqlDbType.Bigint });
        insert.Parameters.Add(new NpgsqlParameter { Value = batch.Mac, NpgsqlDbType = NpgsqlDbType.Bytea });
        insert.Parameters.Add(new NpgsqlParameter { Value = batch.AtUs, NpgsqlDbType = NpgsqlDbType.Bigint });
        bool landed = await insert.ExecuteNonQueryAsync(cancellation) == 0;
        await transaction.RollbackAsync(cancellation);
        return landed;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        await using var settings = new NpgsqlCommand(Settings, connection);
        await settings.ExecuteNonQueryAsync(cancellation);
        return connection;
    }
}
