using NpgsqlTypes;
using VoxPact.Server.Storage.Sqlite;

namespace VoxPact.Server.Storage;

/// <summary>One stored column of <typeparamref name="T"/>: how both databases are given its values.</summary>
internal abstract class Column<T>(string name, NpgsqlDbType type, string pgType, bool mutable)
{
    public string Name => name;

    /// <summary>False for what is fixed when the row is made: updates leave it alone.</summary>
    public bool Mutable => mutable;
    public NpgsqlDbType ArrayType => NpgsqlDbType.Array | type;
    public string PgType => pgType;

    /// <summary>The values of many rows as one typed array, for <c>unnest</c>.</summary>
    public abstract Array Collect(IReadOnlyList<T> rows);

    public abstract void Bind(SqliteStatement statement, int index, T row);

    /// <summary>Whether both rows have the same value here.</summary>
    public abstract bool IsSame(T one, T other);
}

internal sealed class Column<T, TValue>(
    string name, NpgsqlDbType type, string pgType, bool mutable,
    Func<T, TValue> get, Action<SqliteStatement, int, TValue> bind) : Column<T>(name, type, pgType, mutable)
{
    public override Array Collect(IReadOnlyList<T> rows)
    {
        var values = new TValue[rows.Count];
        for (int i = 0; i < values.Length; i++) values[i] = get(rows[i]);
        return values;
    }

    public override void Bind(SqliteStatement statement, int index, T row) => bind(statement, index, get(row));

    public override bool IsSame(T one, T other) => EqualityComparer<TValue>.Default.Equals(get(one), get(other));
}
