using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Sqlite;

/// <summary>
/// Writes rows with one prepared statement per table and kind of change, made from the table's mapping.
/// </summary>
internal sealed class SqliteWriter(SqliteConnection connection) : IRowWriter
{
    private readonly Dictionary<(Table, char), string> _sql = [];

    public void Insert<T>(Table<T> table, IReadOnlyList<T> rows) where T : notnull
    {
        var statement = connection.Statement(Sql(table, 'i', InsertSql));
        foreach (var row in rows)
        {
            for (int i = 0; i < table.Columns.Count; i++) table.Columns[i].Bind(statement, i, row);
            statement.Run();
        }
    }

    public void Update<T>(Table<T> table, IReadOnlyList<T> rows, bool keepsIndexes) where T : notnull
    {
        var columns = Written(table, keepsIndexes).ToList();
        // A table of indexed columns alone, none of which has changed.
        if (columns.Count == 0) return;
        var statement = connection.Statement(keepsIndexes ? Sql(table, 'n', NarrowSql) : Sql(table, 'u', UpdateSql));
        foreach (var row in rows)
        {
            for (int i = 0; i < table.KeyColumns; i++) table.Columns[i].Bind(statement, i, row);
            for (int i = 0; i < columns.Count; i++) columns[i].Bind(statement, table.KeyColumns + i, row);
            statement.Run();
        }
    }

    public void Delete<T>(Table<T> table, IReadOnlyList<T> rows) where T : notnull
    {
        var statement = connection.Statement(Sql(table, 'd', DeleteSql));
        foreach (var row in rows)
        {
            for (int i = 0; i < table.KeyColumns; i++) table.Columns[i].Bind(statement, i, row);
            statement.Run();
        }
    }

    private string Sql<T>(Table<T> table, char kind, Func<Table<T>, string> make) where T : notnull =>
        _sql.TryGetValue((table, kind), out string? sql) ? sql : _sql[(table, kind)] = make(table);

    private static string InsertSql<T>(Table<T> table) where T : notnull
    {
        string values = string.Join(", ", Enumerable.Range(1, table.Columns.Count).Select(i => $"?{i}"));
        string or = table.MayExist ? " on conflict do nothing" : "";
        return $"insert into {table.Name} ({table.Select()}) values ({values}){or}";
    }

    private static IEnumerable<Column<T>> Written<T>(Table<T> table, bool keepsIndexes) where T : notnull =>
        table.Columns.Skip(table.KeyColumns)
            .Where(column => column.Mutable && !(keepsIndexes && table.Indexed.Contains(column.Name)));

    private static string UpdateSql<T>(Table<T> table) where T : notnull => UpdateSql(table, keepsIndexes: false);

    private static string NarrowSql<T>(Table<T> table) where T : notnull => UpdateSql(table, keepsIndexes: true);

    private static string UpdateSql<T>(Table<T> table, bool keepsIndexes) where T : notnull
    {
        var changed = Written(table, keepsIndexes)
            .Select((column, i) => $"{column.Name} = ?{table.KeyColumns + i + 1}");
        return $"update {table.Name} set {string.Join(", ", changed)} where {KeyIs(table)}";
    }

    private static string DeleteSql<T>(Table<T> table) where T : notnull =>
        $"delete from {table.Name} where {KeyIs(table)}";

    private static string KeyIs<T>(Table<T> table) where T : notnull => string.Join(
        " and ", table.Columns.Take(table.KeyColumns).Select((column, i) => $"{column.Name} = ?{i + 1}"));
}
