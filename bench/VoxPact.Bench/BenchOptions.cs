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

    /// <summary>How many jobs <c>check</c> fills the database with.</summary>
    public int Jobs { get; init; } = 100_000;

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
