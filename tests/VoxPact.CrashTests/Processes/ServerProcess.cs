namespace VoxPact.CrashTests.Processes;

/// <summary>The crash points that processes have told of.</summary>
internal sealed class CrashPoints
{
    private readonly Dictionary<string, int> _passed = [];

    /// <summary>Every point that was passed so far, and by how many of the processes.</summary>
    public IReadOnlyDictionary<string, int> Passed
    {
        get
        {
            lock (_passed) return new SortedDictionary<string, int>(_passed, StringComparer.Ordinal);
        }
    }

    public void Add(string point)
    {
        lock (_passed) _passed[point] = _passed.GetValueOrDefault(point) + 1;
    }
}

/// <summary>What every node of the server is started with.</summary>
internal sealed record Setup(string Dll, string Stripe, string? Database, string? Twin, string? Pepper = null);

/// <summary>The server in a process of its own, killed and started again on the same data and port.</summary>
internal sealed class ServerProcess(Setup setup, string folder, string url, CrashPoints points) : IAsyncDisposable
{
    // Short enough that what a dead process held is taken up between two kills.
    private const int LeaseSeconds = 6;

    private readonly TaskCompletionSource<string> _key = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Child? _process;

    public string Url => url;

    /// <summary>The operator's key, which the very first start has told.</summary>
    public Task<string> OperatorKey => _key.Task;

    public string? Database => setup.Database;

    public string SqliteFile => Path.Combine(folder, "voxpact.db");

    /// <summary>Completes when it has ended by itself.</summary>
    public Task Exited => _process!.Exited;

    public bool IsUp => _process is { HasExited: false };

    /// <param name="crashAt">Where it kills itself, as <c>POINT:3</c>; null for nowhere.</param>
    /// <returns>False when it ended before it served.</returns>
    public async Task<bool> StartAsync(string? crashAt)
    {
        var sabotage = new List<string> { "tell-points", $"lease-seconds={LeaseSeconds}" };
        if (crashAt is not null) sabotage.Add("crash-at=" + crashAt);
        if (setup.Twin is not null) sabotage.Add(setup.Twin);
        List<string> arguments =
        [
            "--data", folder, "--urls", url, "--mode", "sandbox", "--stripe-api-base", setup.Stripe,
            "--stripe-secret-key", Simulator.SecretKey, "--stripe-webhook-secret", Simulator.WebhookSecret,
            "--funding-patience-seconds", "3",
        ];
        if (setup.Database is not null) arguments.AddRange(["--database", setup.Database]);
        if (setup.Pepper is not null) arguments.AddRange(["--pepper", setup.Pepper]);
        _process = Child.Start(
            setup.Dll, arguments,
            new Dictionary<string, string> { [VoxPact.Server.Sabotage.Variable] = string.Join(';', sabotage) },
            Path.Combine(folder, "server.log"), Hear);
        return await _process.Ready;
    }

    public Task KillAsync() => _process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
    }

    private bool Hear(string line)
    {
        const string point = "crash point ", key = "Operator key (shown once, keep it): ";
        if (line.StartsWith(point, StringComparison.Ordinal)) points.Add(line[point.Length..]);
        else if (line.StartsWith(key, StringComparison.Ordinal)) _key.TrySetResult(line[key.Length..]);
        return line.StartsWith("SANDBOX", StringComparison.Ordinal);
    }
}
