using System.Security.Cryptography;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Postgres;
using VoxPact.Server.Storage.Sqlite;

namespace VoxPact.Bench;

/// <summary>A database with something in it already, and servers on it.</summary>
internal sealed class Filled : IAsyncDisposable
{
    private readonly Database _database;
    private readonly string _folder = Directory.CreateTempSubdirectory("voxpact-filled-").FullName;
    private readonly byte[] _pepper = RandomNumberGenerator.GetBytes(32);

    private readonly string _dll;

    private Filled(Database database, string dll) => (_database, _dll) = (database, dll);

    public byte[] Pepper => _pepper;

    /// <param name="admin">A PostgreSQL connection string whose user may create databases; null for SQLite.</param>
    /// <param name="dll">The server that is to run on it.</param>
    /// <param name="fill">Writes what is to be there.</param>
    public static async Task<Filled> CreateAsync(string? admin, string dll, Func<Stock, Task> fill)
    {
        var filled = new Filled(await Database.CreateAsync(admin), dll);
        await filled.AddAsync(fill);
        return filled;
    }

    /// <summary>Writes more; no server may be running.</summary>
    public async Task AddAsync(Func<Stock, Task> fill)
    {
        await using var store = Open();
        store.Migrate();
        await fill(await Stock.OpenAsync(store, _pepper));
        if (_database.ConnectionString is null) return;
        // As autovacuum would have done by then.
        await _database.RunOwnAsync("vacuum analyze");
    }

    public IStore Open() => _database.ConnectionString is { } own
        ? new PostgresStore(own)
        : new SqliteStore(Path.Combine(_folder, "voxpact.db"));

    public Task<ServerProcess> StartAsync(params string[] settings) => ServerProcess.StartAsync(
        _database.ConnectionString, _dll,
        ["--data", _folder, "--pepper", Convert.ToBase64String(_pepper), "--checkintervalminutes", "0", .. settings]);

    /// <summary>Bytes of tables and indexes, without what is free for reuse.</summary>
    public async Task<long> SizeAsync()
    {
        if (_database.ConnectionString is not null)
        {
            await _database.RunOwnAsync("vacuum full");
            return await _database.SizeAsync();
        }
        using var file = new SqliteConnection(Path.Combine(_folder, "voxpact.db"), readOnly: false);
        long Pragma(string name) => file.Query($"pragma {name}", [], row => row.Long(0))[0];
        return (Pragma("page_count") - Pragma("freelist_count")) * Pragma("page_size");
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
