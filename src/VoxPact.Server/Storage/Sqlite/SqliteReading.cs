using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Storage.Sqlite;

/// <summary>One read transaction on a connection of its own; in WAL mode it holds up no writer.</summary>
internal sealed class SqliteReading : IReading
{
    private readonly SqliteConnection _connection;

    public SqliteReading(string path)
    {
        _connection = new SqliteConnection(path, readOnly: true);
        // The longest tables are sorted here: on disk, for they may not fit into memory.
        _connection.Run("pragma temp_store=file");
        _connection.Run("begin");
    }

    public IAsyncEnumerable<T> StreamAsync<T>(Statement<T> statement, CancellationToken cancellation) =>
        Rows(statement, cancellation).ToAsyncEnumerable();

    public Task<List<T>> QueryAsync<T>(Statement<T> statement, CancellationToken cancellation) =>
        Task.FromResult(_connection.Query(statement.Sql, statement.Arguments, statement.Read));

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private IEnumerable<T> Rows<T>(Statement<T> statement, CancellationToken cancellation)
    {
        var prepared = _connection.Statement(statement.Sql);
        try
        {
            while (prepared.Step())
            {
                cancellation.ThrowIfCancellationRequested();
                yield return statement.Read(prepared);
            }
        }
        finally
        {
            prepared.Reset();
        }
    }
}
