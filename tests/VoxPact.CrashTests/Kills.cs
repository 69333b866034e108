using System.Diagnostics;
using VoxPact.CrashTests.Load;
using VoxPact.CrashTests.Processes;

namespace VoxPact.CrashTests;

/// <summary>When and where the server and its database are killed, and when time moves.</summary>
internal sealed class Kills(
    BatteryOptions options, Fleet fleet, Simulator simulator, Cluster? cluster, Link link, IReadOnlyList<string> accounts)
{
    // Moments are counted in answers, so that a slow machine does not only start servers.
    private const int AnswersToPoint = 40, AnswersToKill = 40, AnswersToSeldomPoint = 200;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5), LookAgain = TimeSpan.FromMilliseconds(10);

    // Moving time is the battery's own doing: a death in it would leave two clocks apart, which no deployment has.
    private const string OwnPoint = "commit.MoveClock.";

    private readonly Random _random = new(options.Seed);
    private readonly long _since = Stopwatch.GetTimestamp();
    private readonly HashSet<string> _hit = [], _tried = [];
    private string? _closed;

    public int Count { get; private set; }

    public int AtPoints { get; private set; }

    public int PointsHit => _hit.Count;

    public int DatabaseStops { get; private set; }

    private bool IsLate => Stopwatch.GetElapsedTime(_since) > TimeSpan.FromMinutes(options.Minutes);

    public async Task RunAsync(CancellationToken stop)
    {
        await AnswersAsync(fleet.First, AnswersToKill, stop);
        if (options.EachPoint > 0) await AtEachPointAsync(stop);
        else
            while (Count < options.Kills && !IsLate)
            {
                if (_random.Next(100) < 60 && Points is { Count: > 0 } points) await AtPointAsync(Any(points), AnswersToPoint, stop);
                else await AtRandomAsync(stop);
                await BetweenAsync(stop);
            }
        await AliveAsync(stop);
        await ReopenAccountAsync(stop);
    }

    /// <summary>
    /// Those that more than the very first process has passed, and how many have: that one alone registers and
    /// activates everybody.
    /// </summary>
    private IReadOnlyList<KeyValuePair<string, int>> Points =>
    [
        .. fleet.Points.Passed.Where(point => point.Value > 1 && !point.Key.StartsWith(OwnPoint, StringComparison.Ordinal)),
    ];

    /// <summary>The more often a point is passed, the likelier it is taken.</summary>
    private string Any(IReadOnlyList<KeyValuePair<string, int>> points)
    {
        int roll = _random.Next(points.Sum(point => point.Value));
        foreach (var (point, passed) in points)
            if ((roll -= passed) < 0) return point;
        throw new InvalidOperationException("A roll beyond all points.");
    }

    private ServerProcess AnyNode() => fleet.Nodes[_random.Next(fleet.Nodes.Count)];

    /// <summary>
    /// Every point in every round: what ends early has been everywhere. Points that are met for the first time on the
    /// way get their turn too.
    /// </summary>
    private async Task AtEachPointAsync(CancellationToken stop)
    {
        // The first process knows more points than it will meet again; those after it tell which.
        while (Points.Count < 20 && !IsLate) await AtRandomAsync(stop);
        for (int round = 1; round <= options.EachPoint && !IsLate; round++)
        {
            var done = new HashSet<string>();
            while (Points.Select(point => point.Key).FirstOrDefault(point => !done.Contains(point)) is { } point && !IsLate)
            {
                done.Add(point);
                _tried.Add(point);
                if (fleet.First.IsUp) await fleet.First.KillAsync();
                if (_random.Next(2) == 0) await Clock.PassAsync(link, fleet.First, simulator, SecondsToPass(), stop);
                await AtPointAsync(point, AnswersToSeldomPoint, stop);
            }
            Console.WriteLine($"Round {round} of {options.EachPoint}: {Count} kills, {AtPoints} of them at a point; "
                + $"reached {_hit.Count} of {_tried.Count} points so far.");
        }
        foreach (string never in _tried.Except(_hit).Order(StringComparer.Ordinal)) Console.WriteLine($"Never reached: {never}");
    }

    /// <summary>A server that runs is killed and another started, which dies by itself at the point.</summary>
    private async Task AtPointAsync(string point, int answers, CancellationToken stop)
    {
        var server = AnyNode();
        if (server.IsUp) await server.KillAsync();
        // What is passed seldom is not waited for twice.
        int pass = _hit.Contains(point) ? _random.Next(1, 3) : 1;
        bool served = await server.StartAsync($"{point}:{pass}");
        bool reached = !served;
        if (served)
        {
            await AnswersAsync(server, answers, stop);
            reached = !server.IsUp;
        }
        await server.KillAsync();
        Count++;
        if (reached)
        {
            AtPoints++;
            _hit.Add(point);
        }
    }

    private async Task AtRandomAsync(CancellationToken stop)
    {
        await AliveAsync(stop);
        var server = AnyNode();
        await AnswersAsync(server, _random.Next(1, AnswersToKill), stop);
        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(0, 50)), stop);
        bool databaseToo = cluster is not null && _random.Next(5) == 0;
        bool databaseAlone = databaseToo && _random.Next(2) == 0;
        if (!databaseAlone)
        {
            await server.KillAsync();
            Count++;
        }
        if (!databaseToo) return;
        await cluster!.CrashAsync(TimeSpan.FromMilliseconds(_random.Next(50, 800)));
        DatabaseStops++;
    }

    /// <summary>Waits for so many good answers, for the server's end, or long enough.</summary>
    private async Task AnswersAsync(ServerProcess server, int count, CancellationToken stop)
    {
        long wanted = link.Answers + count, since = Stopwatch.GetTimestamp();
        while (link.Answers < wanted && server.IsUp && Stopwatch.GetElapsedTime(since) < Longest)
            await Task.Delay(LookAgain, stop);
    }

    /// <summary>Now and then time moves, with a server that nobody kills meanwhile; and an account fails.</summary>
    private async Task BetweenAsync(CancellationToken stop)
    {
        if (_random.Next(5) != 0) return;
        await AliveAsync(stop);
        await Clock.MoveAsync(link, fleet.First, SecondsToPass(), stop);
        if (_closed is not null) await ReopenAccountAsync(stop);
        else if (_random.Next(3) == 0) await CloseAccountAsync(stop);
    }

    /// <summary>Once in a while so many that Stripe forgets its keys.</summary>
    private int SecondsToPass() => _random.Next(12) == 0 ? 25 * 3600 : _random.Next(60, 7_200);

    /// <summary>Stripe wants something from a worker's owner, and lets nothing be transferred until then.</summary>
    private async Task CloseAccountAsync(CancellationToken stop)
    {
        _closed = accounts[_random.Next(accounts.Count)];
        await simulator.ControlAsync($"accounts/{_closed}", new { payouts_enabled = false, transfers = "inactive" }, stop);
    }

    private async Task ReopenAccountAsync(CancellationToken stop)
    {
        if (_closed is null) return;
        await simulator.ControlAsync($"accounts/{_closed}", new { payouts_enabled = true, transfers = "active" }, stop);
        _closed = null;
    }

    /// <summary>Every node serves.</summary>
    private async Task AliveAsync(CancellationToken stop)
    {
        foreach (var server in fleet.Nodes)
            for (int attempt = 0; !server.IsUp && !await server.StartAsync(null); attempt++)
            {
                if (attempt == 20)
                    throw new InvalidOperationException("The server does not start any more; see server.log.");
                await Task.Delay(TimeSpan.FromMilliseconds(250), stop);
            }
    }
}
