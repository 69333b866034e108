using Npgsql;
using VoxPact.Domain;

namespace VoxPact.Bench;

/// <summary>
/// <c>life</c>: full life cycles over HTTP beside the bare loop, alternating in one run, medians of the rounds.
/// </summary>
internal static class Life
{
    private const int Pairs = 8;
    private const int BareClients = 16;

    public static async Task<Report> RunAsync(BenchOptions options)
    {
        var report = new Report("life", "store", "connections", "lives/s", "p50 ms", "p99 ms", "bare/s", "ratio",
            "server cpu ms/life");
        foreach (var (store, admin) in options.Stores()) await MeasureAsync(report, store, admin, options);
        return report;
    }

    private static async Task MeasureAsync(Report report, string store, string? admin, BenchOptions options)
    {
        var duration = TimeSpan.FromSeconds(options.Seconds);
        string folder = Directory.CreateTempSubdirectory("voxpact-bare-").FullName;
        await using var served = await Database.CreateAsync(admin);
        await using var bared = await Database.CreateAsync(admin);
        IBareLoop bare = bared.ConnectionString is { } own
            ? new PostgresBare(own)
            : new SqliteBare(Path.Combine(folder, "bare.db"));
        await bare.PrepareAsync();
        await using var server = await ServerProcess.StartAsync(served.ConnectionString, options.Server);
        var load = new LifeLoad([server.Url], await Pair.RegisterAsync(server.Url, Pairs));
        // Long enough for the server's code to be compiled for good.
        await load.RunAsync(64, TimeSpan.FromSeconds(12));
        foreach (int connections in options.Connections)
        {
            var lives = new List<Stretch>();
            var bares = new List<double>();
            var cpu = TimeSpan.Zero;
            for (int round = 0; round < options.Rounds; round++)
            {
                bares.Add((await bare.RunAsync(connections == 1 ? 1 : BareClients, duration)).LivesPerSecond);
                var before = server.Usage.Cpu;
                lives.Add(await load.RunAsync(connections, duration));
                cpu += server.Usage.Cpu - before;
            }
            double median = Rounds.Median(lives.Select(s => s.LivesPerSecond));
            double limit = Rounds.Median(bares);
            report.Add(store, connections, Report.Number(median, "F0"),
                Report.Number(Rounds.Median(lives.Select(s => s.P50Ms)), "F2"),
                Report.Number(Rounds.Median(lives.Select(s => s.P99Ms)), "F2"), Report.Number(limit, "F0"),
                Report.Number(median / limit, "F2"),
                Report.Number(cpu.TotalMilliseconds / lives.Sum(s => s.Lives), "F2"));
        }
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A fresh PostgreSQL database for one measurement, dropped afterwards; without an administrator's string, SQLite.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly string? _admin;
    private readonly string _name;
    private readonly bool _isKept;

    private Database(string? admin, string? keep)
    {
        _admin = admin;
        _isKept = keep is not null;
        _name = keep ?? "voxpact_bench_" + Id.Format("db", Id.New(Environment.TickCount64 * 1000));
    }

    public string? ConnectionString => _admin is null
        ? null
        : new NpgsqlConnectionStringBuilder(_admin) { Database = _name }.ConnectionString;

    /// <param name="keep">The name of one that is kept for the next time, and may be there from the last.</param>
    public static async Task<Database> CreateAsync(string? admin, string? keep = null)
    {
        var database = new Database(admin, keep);
        if (admin is null) return database;
        try
        {
            await database.RunAsync($"create database {database._name}");
        }
        catch (PostgresException known) when (keep is not null && known.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // From the last time.
        }
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        if (_admin is null || _isKept) return;
        NpgsqlConnection.ClearAllPools();
        await RunAsync($"drop database {_name} with (force)");
    }

    /// <summary>A statement in this very database.</summary>
    public async Task RunOwnAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString!);
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> SizeAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString!);
        await using var command = source.CreateCommand("select pg_database_size(current_database())");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task RunAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_admin!);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
