using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using VoxPact.StripeSimulator.Storage;

namespace VoxPact.StripeSimulator.Wire;

/// <summary>
/// Stripe's rules for repeated requests; the kept answer commits with the work it answers for.
/// </summary>
internal sealed class Idempotency
{
    public const int MaxKeyLength = 255;
    private const long KeptSeconds = 24 * 3600;

    private readonly ConcurrentDictionary<string, bool> _inFlight = new(StringComparer.Ordinal);

    public static string Fingerprint(string method, string path, string? account, Params parameters)
    {
        var text = new StringBuilder().Append(method).Append(' ').Append(path).Append(' ').Append(account);
        foreach (var line in parameters.Canonical())
            text.Append('\n').Append(line);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Claims a key for the time of one request; disposing gives it back.</summary>
    public IDisposable Claim(string key)
        => _inFlight.TryAdd(key, true) ? new Claimed(_inFlight, key) : throw Fault.KeyInUse(key);

    public static Answer? Kept(Session session, string key, string fingerprint)
    {
        session.Db.ForgetAnswersUntil(session.Now - KeptSeconds);
        if (session.Db.AnswerUnder(key) is not { } kept)
            return null;
        return kept.Fingerprint == fingerprint
            ? new Answer(kept.Status, kept.Body, Replayed: true)
            : throw Fault.KeyReused(key);
    }

    public static void Keep(Session session, string key, string fingerprint, Answer answer)
        => session.Db.KeepAnswer(key, new KeptAnswer(fingerprint, answer.Status, answer.Body), session.Now);

    private sealed class Claimed(ConcurrentDictionary<string, bool> inFlight, string key) : IDisposable
    {
        public void Dispose() => inFlight.TryRemove(key, out _);
    }
}
