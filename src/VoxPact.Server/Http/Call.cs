using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Http;

/// <summary>
/// One request on its way: what an operation needs of HTTP, so that it can be read without knowing any. The route
/// has already parsed the credential; whether it is known is for the engine, or the read's own statement, to say.
/// </summary>
internal sealed class Call(HttpContext http, Deployment deployment, Credential? credential, KeyScopes scope)
{
    private byte[] _bodyHash = SHA256.HashData([]);

    public Deployment Deployment => deployment;
    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>True when the caller sits on this machine.</summary>
    public bool IsLoopback =>
        http.Connection.RemoteIpAddress is { } address && System.Net.IPAddress.IsLoopback(address);
    /// <summary>Where a stream that was broken off goes on.</summary>
    public string? LastEventId => http.Request.Headers["Last-Event-ID"];

    public Query Queries { get; } = new(http.Request);

    /// <summary>The hash of the caller's key; null on routes that need none and got none.</summary>
    public byte[]? CallerKey { get; } = credential is { } given ? deployment.Tokens.KeyHashOf(given) : null;

    /// <summary>
    /// The id in the path; a malformed one is answered like a missing thing, once the caller is known.
    /// </summary>
    public Guid PathId(string prefix, string name = "id") =>
        Id.TryParse(prefix, http.Request.RouteValues[name] as string, out var id) ? id : Guid.Empty;

    public string PathText(string name) => http.Request.RouteValues[name] as string ?? "";

    /// <summary>Reads the JSON body strictly; the hash of its bytes is part of the idempotency claim.</summary>
    public async Task<(T? Value, Refusal? Refusal)> ReadAsync<T>(
        JsonTypeInfo<T> type, int maxBytes = Limits.BodyBytes, bool optional = false) where T : class
    {
        var (value, hash, refusal) = await StrictBody.ReadAsync(http, type, maxBytes, optional);
        _bodyHash = hash;
        return (value, refusal);
    }

    /// <summary>Reads the body as it is, with the media type it is said to have and the name of its file.</summary>
    public async Task<(RawBody? Body, Refusal? Refusal)> ReadRawAsync(int maxBytes)
    {
        var (body, hash, refusal) = await RawBody.ReadAsync(http, maxBytes);
        _bodyHash = hash;
        return (body, refusal);
    }

    /// <summary>SHA-256 of method, path and body, once the body was read: what an approval is for.</summary>
    public byte[] RequestHash() => HashOf(http.Request.Method, http.Request.Path, _bodyHash);

    /// <summary>That of another request with this body, for parts that stand for one.</summary>
    public static byte[] HashOfPart(string method, string path, byte[] body) =>
        HashOf(method, path, SHA256.HashData(body));

    private static byte[] HashOf(string method, string path, byte[] bodyHash) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{method} {path} "), .. bodyHash]);

    /// <summary>
    /// The claim of the Idempotency-Key, or null without one. <paramref name="hidesSecret"/> encrypts the stored answer
    /// under this very credential and key.
    /// </summary>
    public (IdempotencyClaim? Claim, Refusal? Refusal) Idempotency(bool hidesSecret = false)
    {
        var (key, refusal) = IdempotencyKey.Read(http.Request, credential is not null);
        if (refusal is not null || key is null) return (null, refusal);
        // Each named key has its own: what one key was answered is not for another.
        string named = CallerKey is { } hash && ApiKey.IsNamed(hash) ? Convert.ToHexString(hash) : "";
        string claimed = $"{http.Request.Method} {http.Request.Path} {key}{named}";
        byte[] hmac = HMACSHA256.HashData(deployment.Pepper, Encoding.UTF8.GetBytes(claimed));
        byte[] secret = hidesSecret && credential is { } given ? deployment.Tokens.SecretOf(given) : [];
        byte[]? seal = hidesSecret ? deployment.Seal.KeyFor(secret, key) : null;
        return (new IdempotencyClaim(hmac[..16], _bodyHash, seal), null);
    }

    /// <summary>The claim of one part of a request, derived from that of the whole.</summary>
    /// <param name="whole">Of the request.</param>
    /// <param name="part">Its place in it.</param>
    /// <param name="body">What it asks.</param>
    public IdempotencyClaim? IdempotencyOfPart(IdempotencyClaim? whole, int part, byte[] body) => whole is null
        ? null
        : new IdempotencyClaim(
            HMACSHA256.HashData(deployment.Pepper, (byte[])[.. whole.Scope, .. BitConverter.GetBytes(part)])[..16],
            SHA256.HashData(body), null);

    /// <summary>
    /// Counts the parts of this request against the rate limits, as so many requests; null when they are let through.
    /// </summary>
    /// <param name="name">The member of the body that carries them.</param>
    public Reply? CountParts(int parts, string name) =>
        deployment.RateLimits.TakeParts(http, parts, name, out int wait) is { } refusal
            ? Reply.Refused(refusal) with { RetryAfterSeconds = wait > 0 ? wait : null }
            : null;

    /// <summary>The refusal as the problem that it would be answered with, for answers that carry several.</summary>
    public (int Status, byte[] Body) Problem(Refusal refusal) =>
        Problems.Render(refusal, http.Request.Path, RequestIds.Of(http));

    /// <summary>Null when the credential is this deployment's operator key.</summary>
    /// <param name="orTheLast">
    /// True where the key that the last rotation killed may still ask for that rotation's answer.
    /// </param>
    public async Task<Refusal?> RefuseUnlessOperatorAsync(bool orTheLast = false)
    {
        if (credential?.Kind is not CredentialKind.Operator)
        {
            // A key that nobody has is unknown, whatever it was used for.
            if (CallerKey is not null
                && (await QueryAsync(PlatformQueries.Nothing, needsActive: false)).Refusal is { } unknown)
                return unknown;
            return new Refusal(RefusalCode.OperatorOnly,
                "Only the operator of this server may do this; send the vxp_operator_… key.");
        }
        return await IsStoredAsync(OperatorKey.SettingKey)
            || (orTheLast && await IsStoredAsync(OperatorKey.KilledSettingKey))
            ? null
            : Refusal.UnknownCredential;
    }

    private async Task<bool> IsStoredAsync(string setting)
    {
        var known = await deployment.Store.QueryAsync(PlatformQueries.Setting(setting), Aborted);
        byte[] hash = known is [var hex] ? Convert.FromHexString(hex) : new byte[32];
        return CryptographicOperations.FixedTimeEquals(hash, CallerKey);
    }

    /// <summary>Decides and makes durable, then hands back the answer.</summary>
    public Task<Reply> RunAsync(Command command)
    {
        command.Scope = scope;
        return deployment.Engine.RunAsync(command);
    }

    /// <summary>
    /// A read for the caller: refused, in the same round trip, when their key is unknown or the agent may not act yet.
    /// </summary>
    public async Task<(Agent? Caller, List<T> Rows, Refusal? Refusal)> QueryAsync<T>(
        Statement<T> statement, bool needsActive = true)
    {
        var (caller, rows) = await deployment.Store.QueryForAsync(CallerKey!, statement, Aborted);
        if (caller is null) return (null, rows, Refusal.UnknownCredential);
        if (caller.Key?.RefuseFor(scope, deployment.Clock.NowUs) is { } notWithIt) return (null, rows, notWithIt);
        return needsActive && caller.Agent.Standing is { } refusal
            ? (null, rows, refusal)
            : (caller.Agent, rows, null);
    }
}
