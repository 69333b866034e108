using System.Collections.Concurrent;
using VoxPact.Domain.Agents;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Storage.Sqlite;

/// <summary>SQLite in one file: the engine's lane writes, a few read-only connections read beside it (WAL).</summary>
internal sealed class SqliteStore(string path) : IStore
{
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly SemaphoreSlim _readers = new(8);

    public string Name => "sqlite";
    public WordIndex Words => WordIndex.Sqlite;

    public bool HasOneNode => true;

    public void Migrate() => Migrations.Apply.Sqlite(path);

    // SQLITE_BUSY, LOCKED, IOERR, FULL, CANTOPEN stand in the low byte of the code.
    public bool IsOutage(Exception failure) =>
        failure is SqliteFailure known && (known.Code & 0xFF) is (5 or 6 or 10 or 13 or 14);

    public Task<ILane> OpenLaneAsync(CancellationToken cancellation) => Task.FromResult<ILane>(new SqliteLane(path));

    public async Task<List<T>> QueryAsync<T>(
        string sql, object?[] arguments, Func<IRow, T> read, CancellationToken cancellation)
    {
        await _readers.WaitAsync(cancellation);
        try
        {
            if (!_idle.TryTake(out var connection)) connection = new SqliteConnection(path, readOnly: true);
            var rows = connection.Query(sql, arguments, read);
            _idle.Add(connection);
            return rows;
        }
        finally
        {
            _readers.Release();
        }
    }

    public async Task<List<List<T>>> QueryManyAsync<T>(
        IReadOnlyList<Statement<T>> statements, CancellationToken cancellation)
    {
        var answers = new List<List<T>>(statements.Count);
        foreach (var statement in statements) answers.Add(await this.QueryAsync(statement, cancellation));
        return answers;
    }

    public async Task<(Caller? Caller, List<T> Rows)> QueryForAsync<T>(
        byte[] callerKey, string sql, object?[] arguments, Func<IRow, T> read, CancellationToken cancellation)
    {
        var who = CallerQueries.Of(callerKey);
        var callers = await QueryAsync(who.Sql, who.Arguments, who.Read, cancellation);
        return callers.Count == 0 ? (null, []) : (callers[0], await QueryAsync(sql, arguments, read, cancellation));
    }

    public Task<IReading> OpenReadingAsync(CancellationToken cancellation) =>
        Task.FromResult<IReading>(new SqliteReading(path));

    public Task<long> RegisterNodeAsync(long nowUs, CancellationToken cancellation)
    {
        using var connection = new SqliteConnection(path, readOnly: false);
        // One process at a time works on a file: whoever held a lease is gone, and nobody need wait for it.
        connection.Run("update work set lease_until_us = 0 where lease_until_us > 0");
        connection.Run("update webhook_endpoints set lease_until_us = 0 where lease_until_us > 0");
        return Task.FromResult(connection.Query(
            "insert into nodes (started_us) values ($1) returning id", [nowUs], row => row.Long(0))[0]);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var connection in _idle) connection.Dispose();
        _readers.Dispose();
        return ValueTask.CompletedTask;
    }
}
