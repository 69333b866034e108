using System.Globalization;
using System.Text.Json;
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

    private sealed record Cell(string Store, int Connections, double Lives, double P50Ms, double P99Ms, double Bare, double Ratio,
        double ServerCpuMs);

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var cells = new List<Cell>();
        if (options.Store is null or "sqlite") cells.AddRange(await MeasureAsync("sqlite", null, options));
        if (options.Store is not "sqlite" && options.Database is not null)
            cells.AddRange(await MeasureAsync("postgresql", options.Database, options));
        Console.WriteLine("store       connections  lives/s  p50 ms  p99 ms  bare/s  ratio  server cpu ms/life");
        foreach (var cell in cells)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{cell.Store,-11} {cell.Connections,11}  {cell.Lives,7:F0}  {cell.P50Ms,6:F2}  {cell.P99Ms,6:F2}  {cell.Bare,6:F0}  {cell.Ratio,5:F2}  {cell.ServerCpuMs,18:F2}"));
        if (options.Json is { } file)
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(cells, new JsonSerializerOptions { WriteIndented = true }));
        return 0;
    }

    private static async Task<IReadOnlyList<Cell>> MeasureAsync(string store, string? admin, BenchOptions options)
    {
        var duration = TimeSpan.FromSeconds(options.Seconds);
        string folder = Directory.CreateTempSubdirectory("voxpact-bare-").FullName;
        await using var served = await Database.CreateAsync(admin);
        await using var bared = await Database.CreateAsync(admin);
        IBareLoop bare = bared.ConnectionString is { } own
            ? new PostgresBare(own)
            : new SqliteBare(Path.Combine(folder, "bare.db"));
        await bare.PrepareAsync();
        await using var server = await ServerProcess.StartAsync(served.ConnectionString);
        var load = new LifeLoad(server.Url, await Pair.RegisterAsync(server.Url, Pairs));
        // Long enough for the server's code to be compiled for good.
        await load.RunAsync(64, TimeSpan.FromSeconds(12));
        var cells = new List<Cell>();
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
            double median = Median([.. lives.Select(s => s.LivesPerSecond)]);
            double limit = Median(bares);
            cells.Add(new Cell(store, connections, median, Median([.. lives.Select(s => s.P50Ms)]),
                Median([.. lives.Select(s => s.P99Ms)]), limit, median / limit, cpu.TotalMilliseconds / lives.Sum(s => s.Lives)));
        }
        Directory.Delete(folder, recursive: true);
        return cells;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}

/// <summary>A fresh PostgreSQL database for one measurement, dropped afterwards; without an administrator's string, SQLite.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly string? _admin;
    private readonly string _name = "voxpact_bench_" + Id.Format("db", Id.New(Environment.TickCount64 * 1000));

    private Database(string? admin) => _admin = admin;

    public string? ConnectionString => _admin is null
        ? null
        : new NpgsqlConnectionStringBuilder(_admin) { Database = _name }.ConnectionString;

    public static async Task<Database> CreateAsync(string? admin)
    {
        var database = new Database(admin);
        if (admin is not null) await database.RunAsync($"create database {database._name}");
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        if (_admin is null) return;
        NpgsqlConnection.ClearAllPools();
        await RunAsync($"drop database {_name} with (force)");
    }

    private async Task RunAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_admin!);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
