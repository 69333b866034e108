using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage;

/// <summary>One database. Writes go through the one lane that the engine holds; reads go beside it.</summary>
internal interface IStore : IAsyncDisposable
{
    /// <summary><c>sqlite</c> or <c>postgresql</c>, as people know them.</summary>
    string Name { get; }

    /// <summary>
    /// True when no two processes ever share the database: a lease of another node's is a dead node's.
    /// </summary>
    bool HasOneNode { get; }

    /// <summary>How it finds agents by words.</summary>
    WordIndex Words { get; }

    /// <summary>Brings the schema up to date.</summary>
    void Migrate();

    /// <summary>True when the database is away, full or busy: no bug, and nobody's request is to blame.</summary>
    bool IsOutage(Exception failure);

    Task<ILane> OpenLaneAsync(CancellationToken cancellation);

    /// <summary>
    /// A read. The SQL is common to both databases, its arguments <c>$1 …</c> (Guid, long, int, string,
    /// byte[]).
    /// </summary>
    Task<List<T>> QueryAsync<T>(string sql, object?[] arguments, Func<IRow, T> read, CancellationToken cancellation);

    /// <summary>Many small reads of one kind in one round trip, answered in their order.</summary>
    Task<List<List<T>>> QueryManyAsync<T>(
        IReadOnlyList<Queries.Statement<T>> statements, CancellationToken cancellation);

    /// <summary>A read for a caller: their agent (and named key) by key, and the rows, in one round trip.</summary>
    Task<(Queries.Caller? Caller, List<T> Rows)> QueryForAsync<T>(
        byte[] callerKey, string sql, object?[] arguments, Func<IRow, T> read, CancellationToken cancellation);

    /// <summary>Begins reads that all see the database as it is now.</summary>
    Task<IReading> OpenReadingAsync(CancellationToken cancellation);

    /// <summary>Numbers this process among all that ever ran on the database.</summary>
    Task<long> RegisterNodeAsync(long nowUs, CancellationToken cancellation);
}

/// <summary>
/// The engine's way into the database: a transaction that loads with its first round trip and writes and commits
/// with its second.
/// </summary>
internal interface ILane : IAsyncDisposable
{
    Task LoadAsync(LoadPlan plan, Snapshot into, CancellationToken cancellation);

    /// <summary>
    /// Writes all changes and the batch row, and commits; with no changes it only ends the transaction.
    /// </summary>
    Task CommitAsync(Snapshot changes, Batch? batch, CancellationToken cancellation);

    /// <summary>Gives up the transaction, and the connection if it is broken.</summary>
    Task ResetAsync();

    /// <summary>After a lost connection: whether the commit with this batch row landed after all.</summary>
    Task<bool> HasLandedAsync(Batch batch, CancellationToken cancellation);
}
