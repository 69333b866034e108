using System.Diagnostics;
using System.Globalization;
using VoxPact.Server;
using VoxPact.Server.Engine;
using VoxPact.Server.Ledger;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Postgres;
using VoxPact.Server.Storage.Sqlite;

namespace VoxPact.Bench;

/// <summary>
/// <c>check</c>: how long <c>voxpact check</c> takes on so many jobs that are over, when everything is read and when
/// only some more jobs were added since, and how much memory.
/// </summary>
internal static class CheckCost
{
    private const int Owners = 1_000;
    private static readonly ProviderAccess NotAsked = new(null, "Nobody is asked here.");

    public static async Task<int> RunAsync(BenchOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("voxpact-check-").FullName;
        await using var database = await Database.CreateAsync(options.Database);
        await using IStore store = database.ConnectionString is { } own
            ? new PostgresStore(own)
            : new SqliteStore(Path.Combine(folder, "voxpact.db"));
        store.Migrate();
        byte[] key = new byte[32];
        var load = new Stock(store, new CommitChain(key, await store.RegisterNodeAsync(0, default)), key) { KeepsAnswers = true };
        long from = Stopwatch.GetTimestamp();
        await load.PeopleAsync(Owners);
        await load.JobsAsync(options.Jobs);
        Say($"{store.Name}: {options.Jobs} jobs written in {Seconds(from)} s");
        var reached = await CheckAsync(store, key, null, "everything");
        await CheckAsync(store, key, reached, "nothing new");
        await load.JobsAsync(options.Jobs / 100);
        await CheckAsync(store, key, reached, $"{options.Jobs / 100} new jobs");
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task<Checkpoint?> CheckAsync(IStore store, byte[] key, Checkpoint? last, string what)
    {
        var check = new Check(
            store, key, new BusinessClock(TimeProvider.System), CheckTerms.Of(new ServerOptions()));
        long from = Stopwatch.GetTimestamp();
        var report = await check.RunAsync(last, full: false, NotAsked, default);
        string broken = string.Join(' ', report.Invariants.SelectMany(one => one.First).Take(3));
        Say($"{what,-16} {Seconds(from),7} s, peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB; "
            + $"{report.Counts.Jobs} jobs, {report.Counts.Entries} entries, {report.Counts.Facts} facts, "
            + $"{report.Counts.Commits} commits, {report.Counts.Answers} answers read; "
            + (report.Passed ? "all holds" : broken));
        return check.Reached;
    }

    private static string Seconds(long from) =>
        Stopwatch.GetElapsedTime(from).TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);

    private static void Say(string line) => Console.WriteLine(line);
}
