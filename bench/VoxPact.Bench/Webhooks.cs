using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Postgres;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Storage.Sqlite;

namespace VoxPact.Bench;

/// <summary>
/// <c>webhooks</c>: a backlog for many endpoints, some of which always fail, drained by the real server to a receiver
/// on this machine, with a restart in the middle; then what was lost, doubled or out of order is counted.
/// </summary>
internal static class Webhooks
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync(BenchOptions options)
    {
        Console.WriteLine("store       endpoints failing  events  delivered/s  lost  twice  out of order  "
            + "failed attempts  waiting    server MB  cpu ms/delivery");
        if (options.Store is not "postgresql") await MeasureAsync("sqlite", null, options);
        if (options.Database is { } admin && options.Store is not "sqlite")
            await MeasureAsync("postgresql", admin, options);
        return 0;
    }

    private static async Task MeasureAsync(string store, string? admin, BenchOptions options)
    {
        int failing = options.Endpoints * 3 / 10;
        byte[] pepper = RandomNumberGenerator.GetBytes(32);
        var seed = new WebhookSeed(pepper, options.Endpoints, failing, options.Events / WebhookSeed.EventsPerJob);
        string folder = Directory.CreateTempSubdirectory("voxpact-webhooks-").FullName;
        string file = Path.Combine(folder, "voxpact.db");
        await using var database = await Database.CreateAsync(admin);
        using var receiver = new WebhookReceiver();
        string UrlOf(int i) => i < failing
            ? $"http://127.0.2.{1 + i % 200}:{receiver.BadPort}/{i}"
            : $"http://127.0.1.{1 + i % 200}:{receiver.GoodPort}/{i}";
        if (database.ConnectionString is { } connection) await seed.PostgresAsync(connection, UrlOf);
        else seed.Sqlite(file, UrlOf);
        string[] settings = ["--data", folder, "--rundeliveries", "true", "--pepper", Convert.ToBase64String(pepper)];

        var (first, firstRate, cpu) = await DrainAsync(database, settings, receiver, seed.Healthy / 2);
        // The second half by another process: what was under way when the first stopped is sent again.
        long residentBefore = first.Usage.Resident;
        if (options.Kill) await first.KillAsync();
        else await first.StopAsync();
        await first.DisposeAsync();
        var (second, secondRate, more) = await DrainAsync(database, settings, receiver, seed.Healthy);
        long resident = second.Usage.Resident;
        await second.StopAsync();
        await second.DisposeAsync();
        IStore stored = database.ConnectionString is { } again ? new PostgresStore(again) : new SqliteStore(file);
        await using (stored)
        {
            var waiting = await stored.QueryAsync(EndpointQueries.Backlog, default);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{store,-11} {options.Endpoints,9} {failing,7} {seed.Healthy + seed.Hopeless,7}  {firstRate,5:F0} {secondRate,5:F0}  {seed.Healthy - receiver.Taken,4}  {receiver.Twice,5}  {receiver.Disordered,12}  {receiver.Refused,15}  {waiting[0],7}  {residentBefore / 1_000_000,5}/{resident / 1_000_000,-5}  {(cpu + more).TotalMilliseconds / receiver.Taken,15:F3}"));
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Runs the server until so many events have come in all; the rate is that after the first arrival.</summary>
    private static async Task<(ServerProcess Server, double PerSecond, TimeSpan Cpu)> DrainAsync(
        Database database, string[] settings, WebhookReceiver receiver, int until)
    {
        var server = await ServerProcess.StartAsync(
            database.ConnectionString, typeof(VoxPact.Server.ServerOptions).Assembly.Location, settings);
        int from = receiver.Taken;
        var started = Stopwatch.StartNew();
        while (receiver.Taken == from && started.Elapsed < s_patience) await Task.Delay(5);
        // The first hundred endpoints or so are met cold: the rate is that of the rest.
        from = receiver.Taken;
        started.Restart();
        while (receiver.Taken < until && started.Elapsed < s_patience) await Task.Delay(5);
        return (server, (receiver.Taken - from) / started.Elapsed.TotalSeconds, server.Usage.Cpu);
    }
}
