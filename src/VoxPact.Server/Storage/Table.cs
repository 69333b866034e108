using System.Collections.Concurrent;
using NpgsqlTypes;

namespace VoxPact.Server.Storage;

/// <summary>What the two databases' write paths need to know of a table, whatever its rows are.</summary>
internal abstract class Table(string name, int keyColumns)
{
    public string Name => name;

    /// <summary>The first so many columns are the primary key.</summary>
    public int KeyColumns => keyColumns;

    /// <summary>The columns that updates may change.</summary>
    public abstract IEnumerable<string> MutableNames { get; }

    /// <summary>
    /// Columns that may change and stand in an index. SQLite writes an index anew whenever an update names one of its
    /// columns, so an update that changes none of them leaves them out.
    /// </summary>
    public IReadOnlySet<string> Indexed { get; init; } = new HashSet<string>();
}

/// <summary>
/// The one home of a table's mapping: its columns in order, key first, with how to write and read a row. The SQL
/// of both databases is made from it, once.
/// </summary>
internal sealed class Table<T> : Table where T : notnull
{
    private readonly List<Column<T>> _columns = [];
    private readonly Func<IRow, int, T> _read;
    private readonly ConcurrentDictionary<string, string> _selects = [];

    public Table(string name, int keyColumns, Func<T, object> key, Func<IRow, int, T> read) : base(name, keyColumns)
    {
        _read = read;
        Key = key;
    }

    /// <summary>The row's primary key as one value that can be compared.</summary>
    public Func<T, object> Key { get; }
    public IReadOnlyList<Column<T>> Columns => _columns;
    public override IEnumerable<string> MutableNames =>
        _columns.Where(column => column.Mutable).Select(column => column.Name);

    /// <summary>The columns as a select list, optionally behind an alias: <c>j.id, j.state</c>.</summary>
    public string Select(string? alias = null) => _selects.GetOrAdd(alias ?? "", prefix =>
        string.Join(", ", _columns.Select(column => prefix.Length == 0 ? column.Name : $"{prefix}.{column.Name}")));

    /// <summary>The select list of an insert where PostgreSQL itself knows a value better.</summary>
    public string PostgresValues { get; init; } = "*";

    /// <summary>Whether an update from one to the other leaves every index as it is.</summary>
    public bool KeepsIndexes(T before, T after)
    {
        foreach (var column in _columns)
            if (Indexed.Contains(column.Name) && !column.IsSame(before, after)) return false;
        return true;
    }

    /// <summary>True when an insert of what is there already is no mistake and changes nothing.</summary>
    public bool MayExist { get; init; }

    /// <summary>Reads a row whose first column stands at <paramref name="offset"/>.</summary>
    public T Read(IRow row, int offset = 0) => _read(row, offset);

    public Table<T> Uuid(string name, Func<T, Guid> get, bool mutable = false) =>
        With(name, NpgsqlDbType.Uuid, "uuid", mutable, get, (s, i, v) => s.Bind(i, v));

    public Table<T> UuidOrNull(string name, Func<T, Guid?> get, bool mutable = false) =>
        With(name, NpgsqlDbType.Uuid, "uuid", mutable, get, (s, i, v) => s.Bind(i, v));

    public Table<T> Long(string name, Func<T, long> get, bool mutable = false) =>
        With(name, NpgsqlDbType.Bigint, "bigint", mutable, get, (s, i, v) => s.Bind(i, v));

    public Table<T> LongOrNull(string name, Func<T, long?> get, bool mutable = false) =>
        With(name, NpgsqlDbType.Bigint, "bigint", mutable, get, (s, i, v) => s.Bind(i, v));

    public Table<T> Int(string name, Func<T, int> get, bool mutable = false) =>
        With(name, NpgsqlDbType.Integer, "integer", mutable, get, (s, i, v) => s.Bind(i, v));

    public Table<T> IntOrNull(string name, Func<T, int?> get, bool mutable = false) =>
        With(name, NpgsqlDbType.Integer, "integer", mutable, get, (s, i, v) => s.Bind(i, (long?)v));

    public Table<T> Text(string name, Func<T, string?> get, bool mutable = false) =>
        With(name, NpgsqlDbType.Text, "text", mutable, get, (s, i, v) => s.Bind(i, v));

    public Table<T> Bytes(string name, Func<T, byte[]?> get, bool mutable = false) =>
        With(name, NpgsqlDbType.Bytea, "bytea", mutable, get, (s, i, v) => s.Bind(i, v));

    private Table<T> With<TValue>(
        string name, NpgsqlDbType type, string pgType, bool mutable, Func<T, TValue> get,
        Action<Sqlite.SqliteStatement, int, TValue> bind)
    {
        _columns.Add(new Column<T, TValue>(name, type, pgType, mutable, get, bind));
        return this;
    }
}
