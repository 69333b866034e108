using Microsoft.Data.Sqlite;

namespace VoxPact.StripeSimulator.Storage;

/// <summary>One connection to the simulator's own file, with its statements kept prepared.</summary>
internal sealed class Database : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS objects(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            type TEXT NOT NULL,
            created INTEGER NOT NULL,
            parent TEXT,
            json TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS objects_by_type ON objects(type, created, seq);
        CREATE INDEX IF NOT EXISTS objects_by_parent ON objects(parent, type, created, seq)
            WHERE parent IS NOT NULL;
        CREATE TABLE IF NOT EXISTS idempotency(
            key TEXT PRIMARY KEY,
            fingerprint TEXT NOT NULL,
            status INTEGER NOT NULL,
            body TEXT NOT NULL,
            created INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS idempotency_by_age ON idempotency(created);
        CREATE TABLE IF NOT EXISTS deliveries(
            event TEXT PRIMARY KEY,
            seq INTEGER NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            next_ms INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries(next_ms, seq) WHERE state = 'pending';
        CREATE TABLE IF NOT EXISTS balances(
            account TEXT NOT NULL,
            currency TEXT NOT NULL,
            available INTEGER NOT NULL,
            pending INTEGER NOT NULL,
            PRIMARY KEY(account, currency)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS due(
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            PRIMARY KEY(at, kind, id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS clock(
            one INTEGER PRIMARY KEY CHECK (one = 1),
            offset_seconds INTEGER NOT NULL);
        INSERT OR IGNORE INTO clock VALUES (1, 0);
        CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS secrets(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    public Database(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        _connection.Open();
        Run("PRAGMA journal_mode=WAL");
        Run("PRAGMA synchronous=FULL");
        Run("PRAGMA busy_timeout=5000");
        using var create = _connection.CreateCommand();
        create.CommandText = Schema;
        create.ExecuteNonQuery();
    }

    public int Run(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    public object? Scalar(string sql, params ReadOnlySpan<object?> values)
        => Bind(sql, values).ExecuteScalar() is { } value and not DBNull ? value : null;

    public long Long(string sql, params ReadOnlySpan<object?> values) => (long)(Scalar(sql, values) ?? 0L);

    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(row(reader));
        return rows;
    }

    /// <summary>What the control endpoints have set; null when they have not.</summary>
    public string? Setting(string name) => (string?)Scalar("SELECT value FROM settings WHERE name = @0", name);

    public void Set(string name, string value)
        => Run("INSERT OR REPLACE INTO settings VALUES (@0, @1)", name, value);

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++)
                command.Parameters.Add(new SqliteParameter($"@{i}", null));
            _statements[sql] = command;
        }
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}
