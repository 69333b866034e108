using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Postgres;

/// <summary>
/// Adds one set-based statement per table and kind of change to a batch, its values as arrays for unnest.
/// </summary>
internal sealed class PostgresWriter(NpgsqlBatch batch) : IRowWriter
{
    private static readonly ConcurrentDictionary<(Table, char), string> Known = [];

    public void Insert<T>(Table<T> table, IReadOnlyList<T> rows) where T : notnull =>
        Add(table, 'i', InsertSql, rows, table.Columns);

    // PostgreSQL compares by itself and leaves indexes alone whose columns have not changed.
    public void Update<T>(Table<T> table, IReadOnlyList<T> rows, bool keepsIndexes) where T : notnull =>
        Add(table, 'u', UpdateSql, rows, [.. Keys(table), .. Mutable(table)]);

    public void Delete<T>(Table<T> table, IReadOnlyList<T> rows) where T : notnull =>
        Add(table, 'd', DeleteSql, rows, [.. Keys(table)]);

    private void Add<T>(
        Table<T> table, char kind, Func<Table<T>, string> make, IReadOnlyList<T> rows, IReadOnlyList<Column<T>> columns)
        where T : notnull
    {
        string sql = Known.GetOrAdd((table, kind), static (_, state) => state.make(state.table), (table, make));
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in columns)
            command.Parameters.Add(
                new NpgsqlParameter { Value = column.Collect(rows), NpgsqlDbType = column.ArrayType });
        batch.BatchCommands.Add(command);
    }

    private static IEnumerable<Column<T>> Keys<T>(Table<T> table) where T : notnull =>
        table.Columns.Take(table.KeyColumns);

    private static IEnumerable<Column<T>> Mutable<T>(Table<T> table) where T : notnull =>
        table.Columns.Skip(table.KeyColumns).Where(column => column.Mutable);

    private static string Unnest<T>(IEnumerable<Column<T>> columns) =>
        "unnest(" + string.Join(", ", columns.Select((column, i) => $"${i + 1}::{column.PgType}[]")) + ")";

    private static string InsertSql<T>(Table<T> table) where T : notnull =>
        $"insert into {table.Name} ({table.Select()}) "
        + $"select {table.PostgresValues} from {Unnest(table.Columns)} as u({table.Select()})"
        + (table.MayExist ? " on conflict do nothing" : "");

    private static string UpdateSql<T>(Table<T> table) where T : notnull
    {
        Column<T>[] columns = [.. Keys(table), .. Mutable(table)];
        string names = string.Join(", ", columns.Select(column => column.Name));
        string set = string.Join(", ", Mutable(table).Select(column => $"{column.Name} = u.{column.Name}"));
        return $"update {table.Name} t set {set} from {Unnest(columns)} as u({names}) where {KeyMatches(table)}";
    }

    private static string DeleteSql<T>(Table<T> table) where T : notnull
    {
        string names = string.Join(", ", Keys(table).Select(column => column.Name));
        return $"delete from {table.Name} t using {Unnest(Keys(table))} as u({names}) where {KeyMatches(table)}";
    }

    private static string KeyMatches<T>(Table<T> table) where T : notnull =>
        string.Join(" and ", Keys(table).Select(column => $"t.{column.Name} = u.{column.Name}"));
}
