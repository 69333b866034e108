using SQLitePCL;
using static SQLitePCL.raw;

namespace VoxPact.Server.Storage.Sqlite;

/// <summary>A prepared statement, kept for the life of its connection. Ids are stored as 16 big-endian bytes.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt statement) : IRow
{
    /// <summary>Binds by position from 0.</summary>
    public void Bind(int index, long value) => connection.Check(sqlite3_bind_int64(statement, index + 1, value));

    public void Bind(int index, long? value)
    {
        if (value is { } given) Bind(index, given);
        else Null(index);
    }

    public void Bind(int index, int value) => Bind(index, (long)value);

    public void Bind(int index, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        connection.Check(sqlite3_bind_blob(statement, index + 1, bytes));
    }

    public void Bind(int index, Guid? value)
    {
        if (value is { } given) Bind(index, given);
        else Null(index);
    }

    public void Bind(int index, string? value)
    {
        if (value is null) Null(index);
        else connection.Check(sqlite3_bind_text(statement, index + 1, value));
    }

    public void Bind(int index, byte[]? value)
    {
        if (value is null) Null(index);
        else connection.Check(sqlite3_bind_blob(statement, index + 1, value));
    }

    public void BindAny(int index, object? value)
    {
        switch (value)
        {
            case null: Null(index); break;
            case long number: Bind(index, number); break;
            case int number: Bind(index, (long)number); break;
            case Guid id: Bind(index, id); break;
            case string text: Bind(index, text); break;
            case byte[] bytes: Bind(index, bytes); break;
            default: throw new ArgumentException($"SQLite arguments cannot be {value.GetType().Name}.");
        }
    }

    /// <summary>True while there is a row to read.</summary>
    public bool Step()
    {
        int result = sqlite3_step(statement);
        if (result == SQLITE_ROW) return true;
        if (result == SQLITE_DONE) return false;
        throw connection.Failure(result);
    }

    /// <summary>Runs to the end and makes the statement ready for the next use.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    // The error of a failed step was thrown by Step; a reset only repeats it.
    public void Reset() => _ = sqlite3_reset(statement);

    public bool IsNull(int column) => sqlite3_column_type(statement, column) == SQLITE_NULL;
    public long Long(int column) => sqlite3_column_int64(statement, column);
    public Guid Guid(int column) => new(sqlite3_column_blob(statement, column), bigEndian: true);
    public string Text(int column) => sqlite3_column_text(statement, column).utf8_to_string();
    public byte[] Bytes(int column) => sqlite3_column_blob(statement, column).ToArray();

    private void Null(int index) => connection.Check(sqlite3_bind_null(statement, index + 1));
}
