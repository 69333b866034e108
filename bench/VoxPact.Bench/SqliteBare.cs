using System.Diagnostics;
using VoxPact.Server.Storage.Sqlite;

namespace VoxPact.Bench;

/// <summary>
/// The limit to compare with on SQLite: the rows of a life cycle written with prepared statements, one commit per
/// command, WAL, synchronous=FULL, by the one writer that SQLite allows.
/// </summary>
internal sealed class SqliteBare(string path) : IBareLoop
{
    private static readonly byte[] Hash = new byte[32];
    private readonly Guid _buyer = Domain.Id.New(1), _worker = Domain.Id.New(2);
    private SqliteConnection? _connection;
    private long _lines;

    public Task PrepareAsync()
    {
        new SqliteStore(path).Migrate();
        _connection = new SqliteConnection(path, readOnly: false);
        foreach (var owner in new[] { _buyer, _worker })
        {
            Run("insert into owners (id, email, default_card_id, payouts_enabled, available_minor, earnings_minor, in_transit_minor, payout_scheduled, created_us) values ($1, 'x@example.com', 'pm', 0, 1000000000000, 0, 0, 0, 0)", owner);
            Run("insert into agents (id, owner_id, name, status, key_hash, key_generation, description, capabilities, trust_score, sequence, created_us, activated_us) values ($1, $1, 'a', 1, $1, 1, '', '[]', 0, 1, 0, 0)", owner);
        }
        return Task.CompletedTask;
    }

    public Task<Stretch> RunAsync(int clients, TimeSpan duration)
    {
        long lives = 0;
        long from = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(from) < duration)
        {
            long now = NowUs();
            var job = Domain.Id.New(now);
            Commit(() => Post(job, now));
            Commit(() => Accept(job, now));
            Commit(() => Submit(job, now));
            Commit(() => Verdict(job, now));
            Commit(() => Approve(job, now));
            lives++;
        }
        return Task.FromResult(new Stretch(lives / Stopwatch.GetElapsedTime(from).TotalSeconds, 0, 0, lives));
    }

    private void Commit(Action write)
    {
        _connection!.Run("begin immediate");
        write();
        _connection.Run("commit");
    }

    private void Post(Guid job, long now)
    {
        Run("update owners set available_minor = available_minor - 10, escrow_minor = 10, statement_lines = statement_lines + 1 where id = $1", _buyer);
        Run("insert into jobs (id, buyer_agent, buyer_owner, worker_agent, worker_owner, is_open, title, state, amount_minor, escrow_minor, fee_bps, release_mode, review_hours, max_revisions, submissions, deadline_us, due_us, cancel_requested_by, sequence, created_us) values ($1, $2, $2, $3, $3, 0, 'Summarise this document', 2, 10, 10, 0, 1, 48, 2, 0, $4, $4, 0, 1, $4)", job, _buyer, _worker, now);
        Run("insert into job_terms values ($1, 'Summarise the document on the quarterly results in one sentence.', null, null, '[]', null)", job);
        Run("insert into entries values ($1, 1, 0, 2, 2, $2, 3, $1, 10, $3, 1)", job, _buyer, now);
        Line(_buyer, job, 1, 0, 2);
        Told(job, 1, now, _worker);
        Later(job, 1, now + 1_000_000_000);
        Answer(_buyer, now, 760);
    }

    private void Accept(Guid job, long now)
    {
        Run("update jobs set state = 3, fee_bps = 1000, accepted_us = $2, due_us = $2, sequence = 2 where id = $1", job, now);
        Told(job, 2, now, _buyer);
        Later(job, 1, now + 1_000_000_000);
        Answer(_worker, now, 640);
    }

    private void Submit(Guid job, long now)
    {
        Run("update jobs set state = 4, submissions = 1, deliverable_hash = $3, submitted_us = $2, due_us = $2, sequence = 3 where id = $1", job, now, Hash);
        Run("insert into submissions (job_id, number, deliverable, hash, created_us) values ($1, 1, '\"Summary: The document discusses the quarterly results and finds revenue up 12 percent.\"', $2, $3)", job, Hash, now);
        Told(job, 3, now, _buyer);
        Later(job, 2, now);
        Later(job, 1, now + 1_000_000_000);
        Answer(_worker, now, 700);
    }

    private void Verdict(Guid job, long now)
    {
        var item = _connection!.Query("select id from work where queue = 2 and due_us <= $1 order by due_us limit 1", [now], row => row.Guid(0))[0];
        Run("update work set lease_until_us = $2, attempts = 1 where id = $1", item, now);
        Run("update jobs set state = 5, verdict = 1, due_us = $2, sequence = 4 where id = $1", job, now);
        Run("update submissions set outcome = 1, judged_us = $2, verdict = $3 where job_id = $1 and number = 1", job, now, new string('x', 620));
        Told(job, 4, now, _buyer, _worker);
        Run("delete from work where id = $1", item);
        Later(job, 1, now + 1_000_000_000);
    }

    private void Approve(Guid job, long now)
    {
        Run("update owners set earnings_minor = earnings_minor + 9, statement_lines = statement_lines + 1 where id = $1", _worker);
        Run("update owners set escrow_minor = 0, statement_lines = statement_lines + 2 where id = $1", _buyer);
        Run("update jobs set state = 8, escrow_minor = 0, due_us = null, closed = 2, completed_us = $2, sequence = 7 where id = $1", job, now);
        Run("insert into entries values ($1, 3, 0, 4, 3, $1, 4, $2, 9, $3, 1)", job, _worker, now);
        Run("insert into entries values ($1, 3, 1, 4, 3, $1, 6, x'00000000000000000000000000000000', 1, $2, 1)", job, now);
        Line(_buyer, job, 3, 0, 4);
        Line(_worker, job, 3, 0, 4);
        Line(_buyer, job, 3, 1, 4);
        Told(job, 5, now, _worker);
        Told(job, 6, now, _buyer, _worker);
        Told(job, 7, now, _worker);
        Answer(_buyer, now, 700);
    }

    private void Line(Guid owner, Guid job, int slot, int leg, int movement) =>
        Run("insert into account_lines values ($1, $2, $3, $4, $5, $6, 1000000000000, 10, 9, 0, 0, 0)", owner, ++_lines, job, slot, leg, movement);

    private void Told(Guid job, int sequence, long now, params Guid[] recipients)
    {
        Run("insert into facts values ($1, $2, $3, 1, $4, '{\"job_id\":\"job_01m856e6v4et3v29teq4gb34hb\",\"state\":\"offered\",\"amount_minor\":10}', 1)", job, sequence, Domain.Id.New(now), now);
        foreach (var agent in recipients) Run("insert into inbox values ($1, $2, $3, $4)", agent, now, job, sequence);
    }

    private void Later(Guid job, int queue, long due) =>
        Run("insert into work values ($1, $2, 101, $3, 1, null, $4, 0, 0, null)", Domain.Id.New(due), queue, job, due);

    private void Answer(Guid agent, long now, int size) => Run("insert into idempotency values ($1, $2, $3, 200, $4, 0, $5)",
        agent, System.Security.Cryptography.RandomNumberGenerator.GetBytes(16), Hash, new byte[size], now);

    private void Run(string sql, params object?[] arguments) => _connection!.Query(sql, arguments, _ => 0);

    private static long NowUs() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / 10;
}
