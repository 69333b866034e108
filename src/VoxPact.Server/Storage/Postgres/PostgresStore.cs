using Npgsql;
using NpgsqlTypes;
using VoxPact.Domain.Agents;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Storage.Postgres;

/// <summary>PostgreSQL through raw Npgsql: prepared statements, arrays, batches.</summary>
internal sealed class PostgresStore : IStore
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _reading;
    private readonly string _connectionString;

    public PostgresStore(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            ApplicationName = "voxpact",
            NoResetOnClose = true,
        };
        _connectionString = builder.ConnectionString;
        _source = NpgsqlDataSource.Create(builder);
        // A reading sorts whole tables, which takes its time, and "fetch from c1" must never be prepared: the next
        // reading's c1 has other columns. It gets a connection of its own.
        builder.MaxAutoPrepare = 0;
        builder.CommandTimeout = 0;
        builder.Pooling = false;
        _reading = NpgsqlDataSource.Create(builder);
    }

    public string Name => "postgresql";
    public WordIndex Words => WordIndex.Postgres;

    public bool HasOneNode => false;

    public void Migrate() => Migrations.Apply.Postgres(_connectionString);

    // Class 57: the server is shutting down or starting; 53: out of disk, memory or connections.
    public bool IsOutage(Exception failure) => failure switch
    {
        PostgresException known => known.SqlState.StartsWith("57", StringComparison.Ordinal)
            || known.SqlState.StartsWith("53", StringComparison.Ordinal),
        NpgsqlException or System.Net.Sockets.SocketException or TimeoutException => true,
        _ => false,
    };

    public Task<ILane> OpenLaneAsync(CancellationToken cancellation) =>
        Task.FromResult<ILane>(new PostgresLane(_source));

    public async Task<List<T>> QueryAsync<T>(
        string sql, object?[] arguments, Func<IRow, T> read, CancellationToken cancellation)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (object? argument in arguments) command.Parameters.Add(Parameter(argument));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(reader, read, cancellation);
    }

    public async Task<List<List<T>>> QueryManyAsync<T>(
        IReadOnlyList<Statement<T>> statements, CancellationToken cancellation)
    {
        var answers = new List<List<T>>(statements.Count);
        if (statements.Count == 0) return answers;
        await using var batch = _source.CreateBatch();
        foreach (var statement in statements)
        {
            var command = new NpgsqlBatchCommand(statement.Sql);
            foreach (object? argument in statement.Arguments) command.Parameters.Add(Parameter(argument));
            batch.BatchCommands.Add(command);
        }
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        foreach (var statement in statements)
        {
            answers.Add(await ReadAllAsync(reader, statement.Read, cancellation));
            await reader.NextResultAsync(cancellation);
        }
        return answers;
    }

    public async Task<(Caller? Caller, List<T> Rows)> QueryForAsync<T>(
        byte[] callerKey, string sql, object?[] arguments, Func<IRow, T> read, CancellationToken cancellation)
    {
        await using var batch = _source.CreateBatch();
        var caller = CallerQueries.Of(callerKey);
        var who = new NpgsqlBatchCommand(caller.Sql);
        who.Parameters.Add(Parameter(callerKey));
        var what = new NpgsqlBatchCommand(sql);
        foreach (object? argument in arguments) what.Parameters.Add(Parameter(argument));
        batch.BatchCommands.Add(who);
        batch.BatchCommands.Add(what);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var callers = await ReadAllAsync(reader, caller.Read, cancellation);
        if (callers.Count == 0) return (null, []);
        await reader.NextResultAsync(cancellation);
        return (callers[0], await ReadAllAsync(reader, read, cancellation));
    }

    public Task<IReading> OpenReadingAsync(CancellationToken cancellation) =>
        PostgresReading.OpenAsync(_reading, cancellation);

    public async Task<long> RegisterNodeAsync(long nowUs, CancellationToken cancellation) => (await QueryAsync(
        "insert into nodes (started_us) values ($1) returning id", [nowUs], row => row.Long(0), cancellation))[0];

    public async ValueTask DisposeAsync()
    {
        await _reading.DisposeAsync();
        await _source.DisposeAsync();
    }

    internal static async Task<List<T>> ReadAllAsync<T>(
        NpgsqlDataReader reader, Func<IRow, T> read, CancellationToken cancellation)
    {
        var row = new PostgresRow(reader);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(read(row));
        return rows;
    }

    internal static NpgsqlParameter Parameter(object? value) => value switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value },
        int number => new NpgsqlParameter { Value = (long)number, NpgsqlDbType = NpgsqlDbType.Bigint },
        long number => new NpgsqlParameter { Value = number, NpgsqlDbType = NpgsqlDbType.Bigint },
        Guid id => new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Uuid },
        string text => new NpgsqlParameter { Value = text, NpgsqlDbType = NpgsqlDbType.Text },
        byte[] bytes => new NpgsqlParameter { Value = bytes, NpgsqlDbType = NpgsqlDbType.Bytea },
        _ => throw new ArgumentException($"PostgreSQL arguments cannot be {value.GetType().Name}."),
    };
}
