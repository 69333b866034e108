using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VoxPact.CrashTests.Load;
using VoxPact.CrashTests.Processes;
using VoxPact.CrashTests.Truth;

namespace VoxPact.CrashTests;

/// <summary>What a run came to.</summary>
internal sealed record BatteryResult(bool Passed, string Line, IReadOnlyList<string> Findings);

/// <summary>
/// One run: the server under load in a process of its own, the simulated Stripe in another and misbehaving, kills at
/// random moments and at crash points, PostgreSQL crashed, time moved; then quiet, and everything is compared.
/// </summary>
internal sealed class Battery : IAsyncDisposable
{
    /// <summary>Between them a killed server's leases run out, in real time.</summary>
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(7), BetweenLooks = TimeSpan.FromSeconds(1);

    private const int QuietStepSeconds = 1_800;

    private readonly BatteryOptions _options;
    private readonly string _folder;
    private readonly Cluster? _cluster;
    private readonly Simulator _simulator;
    private readonly Fleet _fleet;
    private readonly Link _link;
    private readonly Listener _listener;
    private readonly Crowd _crowd;

    private Battery(
        BatteryOptions options, string folder, string url, Cluster? cluster, Simulator simulator, Fleet fleet,
        Listener listener)
    {
        (_options, _folder, _cluster, _simulator, _fleet) = (options, folder, cluster, simulator, fleet);
        _link = new Link(url);
        _listener = listener;
        _crowd = new Crowd(_link, listener, options.Seed);
    }

    public static async Task<BatteryResult> RunAsync(BatteryOptions options, CancellationToken stop)
    {
        long since = Stopwatch.GetTimestamp();
        await using var battery = await StartAsync(options, stop);
        var verdict = new Verdict();
        Kills? kills = null;
        string error = "";
        long jobs = 0;
        int operations = 0;
        try
        {
            kills = await battery.LoadAsync(stop);
            Console.WriteLine($"The last kill was after {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s; now quiet.");
            var (came, joined) = battery._crowd.Newcomers;
            Console.WriteLine($"{came} newcomers came meanwhile; {joined} went all the way, the others gave up.");
            await battery.QuietAsync(verdict, stop);
            Console.WriteLine($"Quiet after {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s; now everything is compared.");
            jobs = await Books.JobsAsync(battery._fleet.First, stop);
            operations = await battery.CompareAsync(verdict, stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            error = $", ended early: {failure.Message}";
            Console.WriteLine(failure);
        }
        bool passed = verdict.Passed && error.Length == 0;
        string database = options.IsPostgres ? "postgres" : "sqlite";
        return new BatteryResult(passed, $"kills {kills?.Count ?? 0} ({kills?.AtPoints ?? 0} at {kills?.PointsHit ?? 0} of "
            + $"{battery._fleet.Points.Passed.Count} crash points), database stops {kills?.DatabaseStops ?? 0}, jobs {jobs}, "
            + $"operations {operations}, lost {verdict.Lost}, doubled {verdict.Doubled}, stuck {verdict.Stuck}, overdue "
            + $"{verdict.Overdue}, broken {verdict.Broken}, overtaken {verdict.Overtaken}; {database}, seed {options.Seed}"
            + (options.Nodes == 1 ? "" : $", {options.Nodes} nodes")
            + (options.Twin is null ? "" : $", twin {options.Twin}")
            + $", {Stopwatch.GetElapsedTime(since).TotalSeconds:0} s{error}: {(passed ? "PASSED" : "FAILED")}",
            verdict.Findings);
    }

    public async ValueTask DisposeAsync()
    {
        _link.Dispose();
        await _fleet.DisposeAsync();
        await _listener.DisposeAsync();
        await _simulator.DisposeAsync();
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_options.Keeps) Console.WriteLine($"Kept in {_folder}");
        else Directory.Delete(_folder, recursive: true);
    }

    private static async Task<Battery> StartAsync(BatteryOptions options, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("voxpact-crash-").FullName;
        string url = $"http://127.0.0.1:{FreePort()}";
        Cluster? cluster = null;
        string? database = options.ForeignPostgres;
        if (options.IsPostgres && database is null)
        {
            cluster = await Cluster.StartAsync(folder, FreePort());
            database = cluster.ConnectionString;
        }
        if (database is not null)
            database = await Cluster.CreateDatabaseAsync(database, $"voxpact_crash_{Environment.ProcessId}");
        string stripe = Path.Combine(folder, "stripe");
        Directory.CreateDirectory(stripe);
        var simulator = await Simulator.StartAsync(stripe, FreePort(), url);
        var setup = new Setup(options.Server, simulator.Url, database, options.Twin);
        try
        {
            var fleet = await Fleet.CreateAsync(setup, options.Nodes, folder, new Uri(url), FreePort);
            return new Battery(
                options, folder, url, cluster, simulator, fleet, await Listener.StartAsync(options.Seed, stop));
        }
        catch (Exception)
        {
            await simulator.DisposeAsync();
            if (cluster is not null) await cluster.DisposeAsync();
            throw;
        }
    }

    private async Task<Kills> LoadAsync(CancellationToken stop)
    {
        foreach (var node in _fleet.Nodes)
            if (!await node.StartAsync(null))
                throw new InvalidOperationException("The server did not start; run with --keep and see server.log.");
        await _crowd.GatherAsync(_options.Agents, stop);
        var accounts = await _simulator.AllAsync("/v1/accounts", stop);
        await _simulator.ControlAsync("faults", FaultsOf(_options.Seed), stop);
        _crowd.Begin(stop);
        var kills = new Kills(
            _options, _fleet, _simulator, _cluster, _link, [.. accounts.Select(one => one.GetProperty("id").GetString()!)]);
        await kills.RunAsync(stop);
        return kills;
    }

    /// <summary>
    /// The network and the provider behave again; time goes on until nothing is under way any more, and then until
    /// every job has come to its end.
    /// </summary>
    private async Task QuietAsync(Verdict verdict, CancellationToken stop)
    {
        await _simulator.ControlAsync("faults", new { }, stop);
        if (!await InTimeAsync(CalmAsync, stop))
            // Whatever is still under way is counted as stuck.
            for (long left = _link.Waiting; left > 0; left--) verdict.AddStuck("a request has no definite answer");
        Console.WriteLine("Nothing is under way any more; every answer is asked for again.");
        var truth = TruthOf(verdict, stop);
        await truth.AnswersAsync();
        await truth.EventsAsync(_crowd.Everybody, _listener, () => Clock.MoveAsync(_link, _fleet.First, QuietStepSeconds, stop));
        await InTimeAsync(EndAsync, stop);
    }

    private async Task CalmAsync(CancellationToken stop)
    {
        var rest = _crowd.RestAsync(stop);
        for (int calm = 0; calm < 3;)
        {
            await Task.Delay(BetweenLooks, stop);
            await Clock.MoveAsync(_link, _fleet.First, QuietStepSeconds, stop);
            calm = rest.IsCompleted && !await IsAnythingPendingAsync(stop) ? calm + 1 : 0;
        }
        await rest;
    }

    private async Task EndAsync(CancellationToken stop)
    {
        for (int days = 0; days < 40; days += 4) await Clock.MoveAsync(_link, _fleet.First, 4 * 24 * 3600, stop);
        while (await IsAnythingPendingAsync(stop)) await Clock.MoveAsync(_link, _fleet.First, QuietStepSeconds, stop);
    }

    /// <summary>False when it took too long; what is pending then is found by the comparison.</summary>
    private static async Task<bool> InTimeAsync(Func<CancellationToken, Task> run, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(LongestQuiet);
        try
        {
            await run(patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> IsAnythingPendingAsync(CancellationToken stop) =>
        (await Books.OperationsAsync(_fleet.First, stop)).Any(one => one is { IsSent: true, IsPending: true });

    private HoldAgainst TruthOf(Verdict verdict, CancellationToken stop) => new(verdict, _fleet.First, _link, stop);

    private async Task<int> CompareAsync(Verdict verdict, CancellationToken stop)
    {
        var truth = TruthOf(verdict, stop);
        int operations = await truth.ProviderAsync(_simulator);
        await truth.ServerAsync(await _fleet.First.OperatorKey.WaitAsync(stop));
        foreach (string broken in _link.Broken.Distinct()) verdict.AddBroken($"status 500 for {broken}");
        return operations;
    }

    private static object FaultsOf(int seed) => new
    {
        seed,
        reset = 10,
        lost = 40,
        error = 20,
        error_executed = 20,
        late = 30,
        busy = 10,
        limited = 10,
        slow = 10,
        held = 60,
        decline = 10,
        dispute = 20,
        refund_fails = 50,
        event_duplicate = 150,
        event_reorder = 200,
        event_delay = 50,
        event_drop = 30,
        // Longer than the lease: who takes the work up finds nothing at Stripe, and the first attempt still acts.
        slow_ms = 9_000,
    };

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
