namespace VoxPact.Bench;

/// <summary>What a measurement is told; every one is bounded in time by seconds × rounds × cells.</summary>
internal sealed record BenchOptions
{
    public int Seconds { get; init; } = 5;
    public int Rounds { get; init; } = 5;
    public IReadOnlyList<int> Connections { get; init; } = [1, 64];

    /// <summary>A PostgreSQL connection string whose user may create databases; null measures SQLite.</summary>
    public string? Database { get; init; }
    public string? Json { get; init; }

    /// <summary>Which databases are measured; <c>sqlite</c>, <c>postgresql</c>, or both when null.</summary>
    public string? Store { get; init; }

    /// <summary>How many jobs <c>check</c>, <c>reads</c> and <c>start</c> fill the database with.</summary>
    public int Jobs { get; init; } = 100_000;

    /// <summary>How many agents <c>reads</c> and <c>search</c> fill it with.</summary>
    public int Agents { get; init; } = 10_000;

    /// <summary>The name under which <c>search</c> keeps what it filled, and finds it again.</summary>
    public string? Keep { get; init; }

    /// <summary>What is stored beside: jobs in <c>growth</c>, sleeping items in <c>timers</c>.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [100_000];

    /// <summary>How many items of <c>timers</c> are due.</summary>
    public int Due { get; init; } = 50_000;

    /// <summary>How many requests <c>start</c> sends before it looks at the memory again.</summary>
    public int Requests { get; init; } = 100_000;

    /// <summary>How many processes <c>nodes</c> starts on one database, in turn.</summary>
    public IReadOnlyList<int> Nodes { get; init; } = [1, 2, 4];

    /// <summary>For how long <c>soak</c> goes on.</summary>
    public int Minutes { get; init; } = 2;

    /// <summary>A published server to measure instead of the one built with this program.</summary>
    public string Server { get; init; } = typeof(Server.ServerOptions).Assembly.Location;

    /// <summary>What is measured: a name, and for PostgreSQL the connection string of who may create databases.</summary>
    public IEnumerable<(string Store, string? Admin)> Stores()
    {
        if (Store is null or "sqlite") yield return ("sqlite", null);
        if (Store is not "sqlite" && Database is not null) yield return ("postgresql", Database);
    }

    /// <summary>How many endpoints <c>webhooks</c> serves, and how many events of each.</summary>
    public int Endpoints { get; init; } = 1_000;
    public int Events { get; init; } = 100;

    /// <summary>How many streams <c>streams</c> opens.</summary>
    public int Streams { get; init; } = 2_000;

    /// <summary>Whether <c>webhooks</c> kills the server in the middle, or asks it to stop.</summary>
    public bool Kill { get; init; }

    public static BenchOptions Read(string[] args)
    {
        var options = new BenchOptions();
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            string value = args[i + 1];
            options = args[i] switch
            {
                "--seconds" => options with { Seconds = Math.Clamp(int.Parse(value), 1, 600) },
                "--rounds" => options with { Rounds = Math.Clamp(int.Parse(value), 1, 50) },
                "--connections" => options with { Connections = [.. value.Split(',').Select(int.Parse)] },
                "--database" => options with { Database = value },
                "--jobs" => options with { Jobs = Math.Clamp(int.Parse(value), 1_000, 10_000_000) },
                "--agents" => options with { Agents = Math.Clamp(int.Parse(value), 1_000, 10_000_000) },
                "--keep" when value.All(char.IsAsciiLetterLower) => options with { Keep = value },
                "--sizes" => options with { Sizes = [.. value.Split(',').Select(int.Parse)] },
                "--due" => options with { Due = Math.Clamp(int.Parse(value), 1_000, 1_000_000) },
                "--requests" => options with { Requests = Math.Clamp(int.Parse(value), 1_000, 10_000_000) },
                "--nodes" => options with { Nodes = [.. value.Split(',').Select(int.Parse)] },
                "--minutes" => options with { Minutes = Math.Clamp(int.Parse(value), 1, 600) },
                "--server" when File.Exists(value) => options with { Server = Path.GetFullPath(value) },
                "--endpoints" => options with { Endpoints = Math.Clamp(int.Parse(value), 10, 50_000) },
                "--events" => options with { Events = Math.Clamp(int.Parse(value), 10, 100_000) },
                "--streams" => options with { Streams = Math.Clamp(int.Parse(value), 10, 20_000) },
                "--kill" => options with { Kill = bool.Parse(value) },
                "--json" => options with { Json = value },
                "--store" when value is "sqlite" or "postgresql" => options with { Store = value },
                _ => throw new ArgumentException($"Unknown option {args[i]}."),
            };
        }
        return options;
    }
}
