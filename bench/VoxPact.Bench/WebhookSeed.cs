using Npgsql;
using NpgsqlTypes;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Postgres;
using VoxPact.Server.Storage.Sqlite;

namespace VoxPact.Bench;

/// <summary>Agents with an endpoint each and events that nobody was sent yet, written straight into the tables.</summary>
internal sealed class WebhookSeed(byte[] pepper, int endpoints, int failing, int jobsEach)
{
    public const int EventsPerJob = 5;

    public int Healthy => (endpoints - failing) * jobsEach * EventsPerJob;
    public int Hopeless => failing * jobsEach * EventsPerJob;

    private static readonly byte[] s_empty = [];

    public async Task PostgresAsync(string database, Func<int, string> urlOf)
    {
        new PostgresStore(database).Migrate();
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync();
        await CopyAsync(connection, "webhook_endpoints (id, agent_id, url, secret, old_secret_until_us, created_us, "
            + "position, subject, sequence, failures, rest_until_us, lease_node, lease_until_us)", Endpoints(urlOf));
        await CopyAsync(connection, "facts (subject, sequence, event_id, type, at_us, data, batch)", Facts());
        await CopyAsync(connection, "inbox (agent_id, position, subject, sequence)", Inbox());
        await using var analyze = new NpgsqlCommand("analyze", connection);
        await analyze.ExecuteNonQueryAsync();
    }

    public void Sqlite(string path, Func<int, string> urlOf)
    {
        new SqliteStore(path).Migrate();
        using var connection = new SqliteConnection(path, readOnly: false);
        connection.Run("begin");
        Insert(connection, "webhook_endpoints (id, agent_id, url, secret, old_secret_until_us, created_us, "
            + "position, subject, sequence, failures, rest_until_us, lease_node, lease_until_us)", Endpoints(urlOf));
        Insert(connection, "facts (subject, sequence, event_id, type, at_us, data, batch)", Facts());
        Insert(connection, "inbox (agent_id, position, subject, sequence)", Inbox());
        connection.Run("commit");
    }

    private IEnumerable<object[]> Endpoints(Func<int, string> urlOf)
    {
        byte[] secret = new SecretSeal(pepper).Close(
            System.Text.Encoding.UTF8.GetBytes(Client.WebhookSignature.FormatSecret(new byte[32])));
        for (int i = 0; i < endpoints; i++)
            yield return [Agent(i), Agent(i), urlOf(i), secret, 0L, 0L, 0L, Guid.Empty, 0, 0, 0L, 0L, 0L];
    }

    private IEnumerable<object[]> Facts()
    {
        foreach (var (agent, job) in Jobs())
            for (int n = 1; n <= EventsPerJob; n++)
                yield return [Job(agent, job), n, Domain.Id.New(1_795_472_863_730_000L), 2, 1_795_472_863_730_000L,
                    $"{{\"job_id\":\"{Domain.Id.Format(Domain.Id.Job, Job(agent, job))}\",\"state\":\"active\",\"amount_minor\":10}}",
                    1L];
    }

    private IEnumerable<object[]> Inbox()
    {
        foreach (var (agent, job) in Jobs())
            for (int n = 1; n <= EventsPerJob; n++)
                yield return [Agent(agent), 3L + job, Job(agent, job), n];
    }

    private IEnumerable<(int Agent, int Job)> Jobs()
    {
        for (int job = 0; job < jobsEach; job++)
            for (int agent = 0; agent < endpoints; agent++)
                yield return (agent, job);
    }

    private static Guid Agent(int i) => new(i, 1, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1);
    private static Guid Job(int agent, int job) => new(job, 2, 0x7000, 0x80, 0, 0, 0, (byte)(agent >> 16), (byte)(agent >> 8), (byte)agent, 2);

    internal static async Task CopyAsync(NpgsqlConnection connection, string into, IEnumerable<object[]> rows)
    {
        await using var writer = await connection.BeginBinaryImportAsync($"copy {into} from stdin (format binary)");
        foreach (object[] row in rows)
        {
            await writer.StartRowAsync();
            foreach (object value in row)
                await writer.WriteAsync(value, value switch
                {
                    Guid => NpgsqlDbType.Uuid,
                    long => NpgsqlDbType.Bigint,
                    int => NpgsqlDbType.Integer,
                    byte[] => NpgsqlDbType.Bytea,
                    _ => NpgsqlDbType.Text,
                });
        }
        await writer.CompleteAsync();
    }

    internal static void Insert(SqliteConnection connection, string into, IEnumerable<object[]> rows)
    {
        SqliteStatement? statement = null;
        foreach (object[] row in rows)
        {
            statement ??= connection.Statement(
                $"insert into {into} values ({string.Join(", ", row.Select((_, i) => $"?{i + 1}"))})");
            for (int i = 0; i < row.Length; i++) statement.BindAny(i, row[i]);
            statement.Run();
        }
    }
}
