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

    public void Update<T>(Table<T> table, IReadOnlyList<T> rows) where T : notnull
    {
        var statement = connection.Statement(Sql(table, 'u', UpdateSql));
        foreach (var row in rows)
        {
            int at = 0;
            for (int i = 0; i < table.Columns.Count; i++)
                if (i < table.KeyColumns || table.Columns[i].Mutable) table.Columns[i].Bind(statement, at++, row);
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
        return $"insert into {table.Name} ({table.Select()}) values ({values})";
    }

    private static string UpdateSql<T>(Table<T> table) where T : notnull
    {
        var changed = table.Columns.Skip(table.KeyColumns).Where(column => column.Mutable)
            .Select((column, i) => $"{column.Name} = ?{table.KeyColumns + i + 1}");
        return $"update {table.Name} set {string.Join(", ", changed)} where {KeyIs(table)}";
    }

    private static string DeleteSql<T>(Table<T> table) where T : notnull =>
        $"delete from {table.Name} where {KeyIs(table)}";

    private static string KeyIs<T>(Table<T> table) where T : notnull => string.Join(
        " and ", table.Columns.Take(table.KeyColumns).Select((column, i) => $"{column.Name} = ?{i + 1}"));
}
