using VoxPact.StripeSimulator.Misbehaviour;

namespace VoxPact.StripeSimulator.Storage;

/// <summary>
/// The simulator's durable state behind one lock. Whatever a transaction changed is on disk before
/// a write returns; an exception undoes it.
/// </summary>
internal sealed class Store : IDisposable
{
    private readonly Database _db;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly TimeProvider _time;
    private readonly SimulatorOptions _options;
    private readonly FaultDice _dice;
    private readonly Action<Session> _ripen;

    public Store(SimulatorOptions options, FaultDice dice, Action<Session> ripen)
    {
        _options = options;
        _dice = dice;
        _time = options.Time;
        _ripen = ripen;
        _db = new Database(options.DatabasePath);
        _db.Run("INSERT OR IGNORE INTO secrets VALUES ('fingerprint', @0)", Wire.Ids.New("", 32));
        _db.Run("INSERT OR IGNORE INTO secrets VALUES ('platform', @0)", Wire.Ids.New("acct_", 16));
        FingerprintSalt = (string)_db.Scalar("SELECT value FROM secrets WHERE name = 'fingerprint'")!;
    }

    /// <summary>Makes a card's fingerprint the same within one database and different in the next.</summary>
    public string FingerprintSalt { get; }

    /// <summary>Called after a commit that has left events to deliver.</summary>
    public Action EventsWaiting { get; set; } = static () => { };

    /// <summary>Wall-clock time in Unix milliseconds: signatures and retries live on it.</summary>
    public long WallMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<T> WriteAsync<T>(Func<Session, T> work, RequestMark mark, CancellationToken stop)
    {
        await _gate.WaitAsync(stop);
        bool events;
        T result;
        try
        {
            _db.Run("BEGIN IMMEDIATE");
            try
            {
                var session = new Session(_db, Now(), mark, WallMs, _options, _dice, FingerprintSalt);
                _ripen(session);
                result = work(session);
                session.Flush();
                events = session.HasEvents;
                _db.Run("COMMIT");
            }
            catch
            {
                _db.Run("ROLLBACK");
                throw;
            }
        }
        finally
        {
            _gate.Release();
        }
        if (events)
            EventsWaiting();
        return result;
    }

    public Task<T> WriteAsync<T>(Func<Session, T> work, CancellationToken stop)
        => WriteAsync(work, RequestMark.None, stop);

    /// <summary>Work on the bookkeeping tables alone, without loading objects or letting time pass.</summary>
    public async Task<T> KeepAsync<T>(Func<Database, T> work, CancellationToken stop)
    {
        await _gate.WaitAsync(stop);
        try
        {
            return work(_db);
        }
        finally
        {
            _gate.Release();
        }
    }

    public Task<long> AdvanceAsync(long seconds, CancellationToken stop) => WriteAsync(
        session =>
        {
            _db.Run("UPDATE clock SET offset_seconds = offset_seconds + @0", seconds);
            session.Now += seconds;
            _ripen(session);
            return session.Now;
        },
        stop);

    public void Dispose()
    {
        _gate.Wait(CancellationToken.None);
        _db.Dispose();
        _gate.Dispose();
    }

    private long Now()
        => _time.GetUtcNow().ToUnixTimeSeconds() + _db.Long("SELECT offset_seconds FROM clock");
}

/// <summary>What an event says about the request that caused it.</summary>
internal sealed record RequestMark(string? RequestId, string? IdempotencyKey)
{
    public static readonly RequestMark None = new(null, null);
}
