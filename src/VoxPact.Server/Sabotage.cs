using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using VoxPact.Server.Engine;

namespace VoxPact.Server;

/// <summary>
/// What a crash test may ask of a sandbox server by one environment variable: to kill itself at a named point, to tell
/// the points it passes, and to break its own protocol, so that the test's eyes are tested too. Refused in every other
/// mode; without the variable there is no such object.
/// </summary>
internal sealed partial class Sabotage
{
    public const string Variable = "VOXPACT_SABOTAGE";
    private const string CrashAt = "crash-at=", TellPoints = "tell-points", FreshKeys = "fresh-keys";
    private const string LeaseSeconds = "lease-seconds=";

    private readonly Lock _lock = new();
    private readonly HashSet<string> _told = [];
    private string? _point;
    private int _left;
    private bool _tells, _freshKeys;

    /// <summary>How long work is leased: what a dead process held is taken up soon. Null for as usual.</summary>
    public long? LeaseUs { get; private set; }

    /// <param name="asked">
    /// Words between semicolons: <c>crash-at=POINT:3</c> dies when it passes the point for the third time,
    /// <c>tell-points</c> writes each point once, <c>lease-seconds=6</c> leases work for so long,
    /// <c>fresh-keys</c> sends every attempt to Stripe under a key of its own.
    /// </param>
    public static Sabotage? Read(string? asked, Mode mode)
    {
        if (string.IsNullOrEmpty(asked)) return null;
        if (mode is not Mode.Sandbox)
            throw new BadSettings($"{Variable} is for crash tests in sandbox mode only; unset it.");
        var sabotage = new Sabotage();
        foreach (string word in asked.Split(';', StringSplitOptions.RemoveEmptyEntries))
            if (word == TellPoints) sabotage._tells = true;
            else if (word == FreshKeys) sabotage._freshKeys = true;
            else if (!sabotage.TryArm(word) && !sabotage.TryLease(word))
                throw new BadSettings($"{Variable}: \"{word}\" is none of {CrashAt}POINT:3, {LeaseSeconds}6, "
                    + $"{TellPoints}, {FreshKeys}.");
        return sabotage;
    }

    /// <summary>A batch of commands stands before its commit, or after it and before its answers.</summary>
    public void ReachCommit(IEnumerable<Command> commands, string side)
    {
        foreach (string name in commands.Select(NameOf).Distinct()) Reach($"commit.{name}.{side}");
    }

    /// <summary>Dies here, if that was asked for.</summary>
    public void Reach(string point)
    {
        lock (_lock)
        {
            if (_tells && _told.Add(point)) Console.WriteLine($"crash point {point}");
            if (point != _point || --_left > 0) return;
            // SIGKILL: nothing is flushed, nobody is told.
            Process.GetCurrentProcess().Kill();
            using var never = new ManualResetEventSlim();
            never.Wait();
        }
    }

    /// <summary>Every call to Stripe passes a point before it is sent and one after it is answered.</summary>
    public HttpMessageHandler Around(HttpMessageHandler inner) => new Watching(this) { InnerHandler = inner };

    private bool TryArm(string word)
    {
        if (!word.StartsWith(CrashAt, StringComparison.Ordinal)) return false;
        int colon = word.LastIndexOf(':');
        _point = word[CrashAt.Length..Math.Max(colon, CrashAt.Length)];
        return _point.Length > 0
            && int.TryParse(word[(colon + 1)..], CultureInfo.InvariantCulture, out _left) && _left > 0;
    }

    private bool TryLease(string word)
    {
        if (!word.StartsWith(LeaseSeconds, StringComparison.Ordinal)) return false;
        bool isNumber = int.TryParse(
            word[LeaseSeconds.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds);
        LeaseUs = seconds * 1_000_000L;
        return isNumber && seconds is > 0 and <= 3_600;
    }

    private static string NameOf(Command command)
    {
        var type = command.GetType();
        return type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name;
    }

    [GeneratedRegex("/[a-z]+(_test)?_[A-Za-z0-9]{14,}")]
    private static partial Regex ObjectId();

    private sealed class Watching(Sabotage sabotage) : DelegatingHandler
    {
        private const string Key = "Idempotency-Key";

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string path = ObjectId().Replace(request.RequestUri!.AbsolutePath, "/{id}");
            string point = $"stripe.{request.Method}.{path.Replace("/v1/", "")}";
            if (sabotage._freshKeys && request.Headers.TryGetValues(Key, out var keys))
            {
                string fresh = $"{keys.First()}:{RandomNumberGenerator.GetHexString(16)}";
                request.Headers.Remove(Key);
                request.Headers.Add(Key, fresh);
            }
            sabotage.Reach(point + ".before");
            var answer = await base.SendAsync(request, cancellationToken);
            sabotage.Reach(point + ".after");
            return answer;
        }
    }
}
