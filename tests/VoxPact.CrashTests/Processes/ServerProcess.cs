namespace VoxPact.CrashTests.Processes;

/// <summary>The server in a process of its own, killed and started again on the same data and port.</summary>
internal sealed class ServerProcess(
    string dll, string folder, string url, string stripe, string? database, string? twin) : IAsyncDisposable
{
    // Short enough that what a dead process held is taken up between two kills.
    private const int LeaseSeconds = 6;

    private readonly Dictionary<string, int> _points = [];
    private readonly TaskCompletionSource<string> _key = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Child? _process;

    public string Url => url;

    /// <summary>The operator's key, which the very first start has told.</summary>
    public Task<string> OperatorKey => _key.Task;

    /// <summary>Every crash point that was passed so far, and by how many of the processes.</summary>
    public IReadOnlyDictionary<string, int> Points
    {
        get
        {
            lock (_points) return new SortedDictionary<string, int>(_points, StringComparer.Ordinal);
        }
    }

    public string? Database => database;

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
        if (twin is not null) sabotage.Add(twin);
        List<string> arguments =
        [
            "--data", folder, "--urls", url, "--mode", "sandbox", "--stripe-api-base", stripe,
            "--stripe-secret-key", Simulator.SecretKey, "--stripe-webhook-secret", Simulator.WebhookSecret,
            "--funding-patience-seconds", "3",
        ];
        if (database is not null) arguments.AddRange(["--database", database]);
        _process = Child.Start(
            dll, arguments,
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
        if (line.StartsWith(point, StringComparison.Ordinal))
        {
            string passed = line[point.Length..];
            lock (_points) _points[passed] = _points.GetValueOrDefault(passed) + 1;
        }
        else if (line.StartsWith(key, StringComparison.Ordinal)) _key.TrySetResult(line[key.Length..]);
        return line.StartsWith("SANDBOX", StringComparison.Ordinal);
    }
}
