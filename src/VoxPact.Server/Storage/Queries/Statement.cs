namespace VoxPact.Server.Storage.Queries;

/// <summary>
/// A read as a value: what to ask, with which arguments, and what a row of the answer is. Made only here, so that
/// an operation says what it wants to know and never how the tables hold it.
/// </summary>
internal sealed record Statement<T>(string Sql, object?[] Arguments, Func<IRow, T> Read);

internal static class StatementReading
{
    public static Task<List<T>> QueryAsync<T>(
        this IStore store, Statement<T> statement, CancellationToken cancellation) =>
        store.QueryAsync(statement.Sql, statement.Arguments, statement.Read, cancellation);

    /// <summary>For a caller: their agent by key, and the rows, in one round trip.</summary>
    public static Task<(Caller? Caller, List<T> Rows)> QueryForAsync<T>(
        this IStore store, byte[] callerKey, Statement<T> statement, CancellationToken cancellation) =>
        store.QueryForAsync(callerKey, statement.Sql, statement.Arguments, statement.Read, cancellation);
}
