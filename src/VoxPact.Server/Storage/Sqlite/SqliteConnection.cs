using SQLitePCL;
using static SQLitePCL.raw;

namespace VoxPact.Server.Storage.Sqlite;

internal sealed class SqliteFailure(string message, int code) : Exception(message)
{
    public int Code => code;
}

/// <summary>One connection to the file, used by one thread at a time, its statements prepared once.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, SqliteStatement> _statements = [];
    private readonly List<sqlite3_stmt> _prepared = [];

    static SqliteConnection() => Batteries_V2.Init();

    public SqliteConnection(string path, bool readOnly)
    {
        int flags =
            (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX;
        int result = sqlite3_open_v2(path, out _handle, flags, null);
        if (result != SQLITE_OK) throw Failure(result);
        Check(sqlite3_busy_timeout(_handle, 10_000));
        // WAL with synchronous=FULL: a commit that was answered is on the disk.
        if (!readOnly) Run("pragma journal_mode=wal");
        Run("pragma synchronous=full");
        Run("pragma foreign_keys=on");
        Run("pragma temp_store=memory");
        // A reader forgets its pages at each commit of the writer; mapped memory brings them back without copying.
        Run(readOnly ? "pragma cache_size=-2000" : "pragma cache_size=-65536");
        Run("pragma mmap_size=1073741824");
        // The log is copied into the file beside the writer (SqliteCheckpoint), never within a commit.
        Run("pragma wal_autocheckpoint=0");
    }

    public SqliteStatement Statement(string sql)
    {
        if (_statements.TryGetValue(sql, out var known)) return known;
        // The SQL is shared with PostgreSQL; here only ?1 counts by number whatever the order of appearance.
        int result = sqlite3_prepare_v3(_handle, sql.Replace('$', '?'), SQLITE_PREPARE_PERSISTENT, out var handle);
        if (result != SQLITE_OK) throw Failure(result, sql);
        _prepared.Add(handle);
        return _statements[sql] = new SqliteStatement(this, handle);
    }

    public void Run(string sql) => Statement(sql).Run();

    public List<T> Query<T>(string sql, object?[] arguments, Func<IRow, T> read)
    {
        var statement = Statement(sql);
        for (int i = 0; i < arguments.Length; i++) statement.BindAny(i, arguments[i]);
        var rows = new List<T>();
        try
        {
            while (statement.Step()) rows.Add(read(statement));
        }
        finally
        {
            statement.Reset();
        }
        return rows;
    }

    /// <summary>How many pages this connection has written since it was last asked.</summary>
    public int TakePagesWritten()
    {
        Check(sqlite3_db_status(_handle, SQLITE_DBSTATUS_CACHE_WRITE, out int pages, out _, 1));
        return pages;
    }

    /// <summary>Copies what it can of the log into the file, without keeping anybody waiting.</summary>
    public void Checkpoint()
    {
        int result = sqlite3_wal_checkpoint_v2(_handle, null, SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        // Busy means that another connection is at it.
        if (result is not (SQLITE_OK or SQLITE_BUSY)) throw Failure(result);
    }

    public void Check(int result)
    {
        if (result != SQLITE_OK) throw Failure(result);
    }

    public SqliteFailure Failure(int result, string? sql = null) => new(
        $"SQLite says: {sqlite3_errmsg(_handle).utf8_to_string()} ({result})"
        + (sql is null ? "" : $" in: {sql}"), result);

    public void Dispose()
    {
        foreach (var statement in _prepared) statement.Dispose();
        _handle.Dispose();
    }
}
