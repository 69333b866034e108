using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using VoxPact.Server.Storage.Postgres;

namespace VoxPact.Bench;

/// <summary>
/// The limit to compare with on PostgreSQL: the rows of a life cycle written by five functions inside the database,
/// one call and one commit each, prepared, without HTTP, checks or shared commits.
/// </summary>
internal sealed class PostgresBare(string database) : IBareLoop
{
    private const int Pairs = 8;

    public async Task PrepareAsync()
    {
        new PostgresStore(database).Migrate();
        await using var source = NpgsqlDataSource.Create(database);
        string sql = await ReadAsync("bare-postgres.sql");
        await using var functions = source.CreateCommand(sql);
        await functions.ExecuteNonQueryAsync();
        await using var people = source.CreateCommand($"select bare_people({Pairs})");
        await people.ExecuteNonQueryAsync();
    }

    public async Task<Stretch> RunAsync(int clients, TimeSpan duration)
    {
        var builder = new NpgsqlConnectionStringBuilder(database) { MaxAutoPrepare = 20, AutoPrepareMinUsages = 1 };
        await using var source = NpgsqlDataSource.Create(builder);
        long lives = 0;
        long from = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            await using var connection = await source.OpenConnectionAsync();
            long done = 0;
            while (Stopwatch.GetElapsedTime(from) < duration)
            {
                var job = Domain.Id.New(NowUs());
                foreach (string step in (string[])["post", "accept", "submit", "verdict", "approve"])
                    await StepAsync(connection, step, job, client % Pairs);
                done++;
            }
            Interlocked.Add(ref lives, done);
        }));
        return new Stretch(lives / Stopwatch.GetElapsedTime(from).TotalSeconds, 0, 0, lives);
    }

    private static async Task StepAsync(NpgsqlConnection connection, string step, Guid job, int pair)
    {
        await using var command = new NpgsqlCommand($"select bare_{step}($1, $2, $3, $4, $5, $6)", connection);
        long nowUs = NowUs();
        command.Parameters.Add(new NpgsqlParameter { Value = job, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter { Value = pair, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new NpgsqlParameter { Value = nowUs, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { Value = Domain.Id.New(nowUs), NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter { Value = Domain.Id.New(nowUs), NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter { Value = Domain.Id.New(nowUs), NpgsqlDbType = NpgsqlDbType.Uuid });
        await command.ExecuteNonQueryAsync();
    }

    private static long NowUs() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;

    private static async Task<string> ReadAsync(string name)
    {
        using var stream = typeof(PostgresBare).Assembly.GetManifestResourceStream($"VoxPact.Bench.{name}")!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}

/// <summary>A loop that writes a life cycle's rows with one commit per command and does nothing else.</summary>
internal interface IBareLoop
{
    Task PrepareAsync();
    Task<Stretch> RunAsync(int clients, TimeSpan duration);
}
