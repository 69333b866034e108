using System.Diagnostics;
using System.Globalization;
using Npgsql;
using VoxPact.Domain.Agents;
using VoxPact.Server.Agents;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Postgres;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Storage.Sqlite;

namespace VoxPact.Bench;

/// <summary><c>search</c>: how long it takes to find agents among very many.</summary>
internal static class SearchCost
{
    private const int Runs = 20, Vocabulary = 20_000, WordsEach = 25, Skills = 300;
    private const string AgentColumns = "agents (id, owner_id, name, status, key_hash, key_generation, description, "
        + "capabilities, per_job_minor, trust_score, sequence, created_us, activated_us)";

    public static async Task<int> RunAsync(BenchOptions options)
    {
        await using var database = await Database.CreateAsync(options.Database, options.Keep);
        string file = Path.Combine(Path.GetTempPath(), (options.Keep ?? $"voxpact-search-{Environment.ProcessId}") + ".db");
        await using IStore store = database.ConnectionString is { } own ? new PostgresStore(own) : new SqliteStore(file);
        store.Migrate();
        if ((await store.QueryAsync("select 1 from agents limit 1", [], row => row.Int(0), default)).Count == 0)
        {
            long from = Stopwatch.GetTimestamp();
            if (database.ConnectionString is { } connection) await FillAsync(connection, options.Agents);
            else Fill(file, options.Agents);
            Console.WriteLine($"{store.Name}: {options.Agents} agents written in "
                + $"{Stopwatch.GetElapsedTime(from).TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s");
        }
        foreach (var (name, filter) in Questions()) await AskAsync(store, name, filter);
        if (database.ConnectionString is null && options.Keep is null)
            foreach (string end in new[] { "", "-wal", "-shm" }) File.Delete(file + end);
        return 0;
    }

    private static IEnumerable<(string Name, AgentFilter Filter)> Questions()
    {
        AgentFilter For(string[] words, string[] skills, int trust = 0, long? most = null) => new(words, skills, trust, most, []);
        yield return ("no words", For([], []));
        yield return ("no words, gold and better", For([], [], trust: 60));
        yield return ("the commonest word", For([Word(0)], []));
        yield return ("two common words", For([Word(1), Word(2)], []));
        yield return ("a common and a rare word", For([Word(0), Word(Vocabulary - 5)], []));
        yield return ("a rare word", For([Word(Vocabulary - 7)], []));
        yield return ("two rare words", For([Word(Vocabulary - 7), Word(Vocabulary - 9)], []));
        yield return ("a word of nobody", For(["zzzzzz"], []));
        yield return ("a beginning of two letters", For(["wo"], []));
        yield return ("a beginning of three letters", For(["wor"], []));
        yield return ("a beginning of five letters", For([Word(300)[..5]], []));
        yield return ("two letters of another script", For(["\u0432\u0435"], []));
        yield return ("a common capability", For([], ["skill 0"]));
        yield return ("a rare capability", For([], [$"skill {Skills - 1}"]));
        yield return ("three capabilities", For([], ["skill 7", "skill 90", "skill 200"]));
        yield return ("a capability, cheap ones", For([], ["skill 3"], most: 11));
        yield return ("a common word and a capability", For([Word(0)], ["skill 40"]));
        yield return ("a common word, platinum", For([Word(0)], [], trust: 80));
        yield return ("a common word, cheap ones", For([Word(0)], [], most: 11));
    }

    private static async Task AskAsync(IStore store, string name, AgentFilter filter)
    {
        var took = new List<double>();
        int found = 0;
        for (int run = 0; run < Runs; run++)
        {
            long from = Stopwatch.GetTimestamp();
            var block = await AgentBlock.FindAsync(store, filter, TrustPlace.Top, SearchBounds.Default, default);
            found = SearchAgents.Ranked(block.Agents, filter.Beginnings).ToList().Count;
            took.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }
        took.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {name,-32} {took[Runs / 2],8:F1} ms, fastest {took[0],8:F1} ms, slowest {took[^1],8:F1} ms, {found} rows"));
    }

    private static async Task FillAsync(string database, int count)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync();
        await WebhookSeed.CopyAsync(connection, AgentColumns, Agents(count).Select(Row));
        await WebhookSeed.CopyAsync(connection, "agent_pages (agent_id, words)", Agents(count).Select(Page));
        await using var analyze = new NpgsqlCommand("vacuum analyze", connection) { CommandTimeout = 600 };
        await analyze.ExecuteNonQueryAsync();
    }

    private static void Fill(string path, int count)
    {
        using var connection = new SqliteConnection(path, readOnly: false);
        connection.Run("begin");
        WebhookSeed.Insert(connection, AgentColumns, Agents(count).Select(Row));
        WebhookSeed.Insert(connection, "agent_pages (agent_id, words)", Agents(count).Select(Page));
        connection.Run("commit");
    }

    private static object[] Row(Agent agent) =>
    [
        agent.Id, agent.OwnerId, agent.Name, (int)agent.Status, agent.KeyHash, 1, agent.Description, agent.Capabilities,
        agent.PerJobMinor!.Value, agent.TrustScore, 1, agent.CreatedUs, agent.CreatedUs,
    ];

    private static object[] Page(Agent agent) =>
        [agent.Id, AgentPage.Of(agent, [agent.Capabilities[2..^2]]).Words];

    /// <summary>The same agents each time: most of them new, few of them trusted.</summary>
    private static IEnumerable<Agent> Agents(int count)
    {
        var dice = new Random(1);
        for (int i = 0; i < count; i++)
        {
            var id = new Guid(i, 1, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1);
            int trust = dice.Next(100) switch { < 70 => dice.Next(0, 30), < 90 => dice.Next(30, 60), < 98 => dice.Next(60, 80), _ => 85 };
            yield return new Agent
            {
                Id = id,
                OwnerId = id,
                Name = $"agent-{i}",
                Status = AgentStatus.Active,
                KeyHash = id.ToByteArray(),
                KeyGeneration = 1,
                Description = string.Join(' ', Enumerable.Range(0, WordsEach).Select(_ => Word(Uneven(dice, Vocabulary)))),
                Capabilities = $"[\"skill {Uneven(dice, Skills)}\"]",
                PerJobMinor = dice.Next(10, 10_000),
                TrustScore = trust,
                CreatedUs = 1_795_472_863_730_000L + i,
            };
        }
    }

    /// <summary>The first are common, as the first words of a language are, and each further one is rarer.</summary>
    private static int Uneven(Random dice, int below) => (int)(Math.Pow(below, dice.NextDouble()) - 1);

    private static string Word(int number) => string.Create(CultureInfo.InvariantCulture, $"wo{(char)('a' + number % 26)}d{number}x");
}
