using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using VoxPact.Domain;

namespace VoxPact.Server.Http;

/// <summary>
/// How much one caller may ask. Clients poll every 5 s per job: the defaults carry hundreds of jobs.
/// </summary>
internal sealed record RateLimitSettings
{
    /// <summary>Each key.</summary>
    public RateLimit Credential { get; init; } = new(PerMinute: 6_000, Burst: 400);

    /// <summary>
    /// Each address with whatever keys it sends, so that made-up keys bring no buckets of their own.
    /// </summary>
    public RateLimit Address { get; init; } = new(PerMinute: 24_000, Burst: 1_600);

    /// <summary>Each address on public calls.</summary>
    public RateLimit Anonymous { get; init; } = new(PerMinute: 1_200, Burst: 100);

    /// <summary>Each address on registration.</summary>
    public RateLimit Registration { get; init; } = new(PerMinute: 2, Burst: 20);

    /// <summary>
    /// Whether loopback is not counted, as in sandbox mode, for demos, tests and measurements.
    /// </summary>
    public bool LoopbackIsFree { get; init; }
}

/// <summary>
/// Route metadata: the route makes accounts and counts against <see cref="RateLimitSettings.Registration"/>.
/// </summary>
internal sealed class RegistrationLimit
{
    /// <summary>The only one: <c>.WithMetadata(RegistrationLimit.Instance)</c>.</summary>
    public static readonly RegistrationLimit Instance = new();

    private RegistrationLimit()
    {
    }
}

/// <summary>
/// Token buckets per key and per address, with the headers of the IETF's draft. Runs on real time.
/// </summary>
internal sealed class RateLimits(RateLimitSettings settings, AccessTokens? tokens = null) : IDisposable
{
    private static readonly Refusal s_refusal = new(RefusalCode.RateLimited,
        "Too many requests; wait as long as Retry-After says and send the request again.");

    private readonly Buckets _credential = new("credential", settings.Credential);
    private readonly Buckets _address = new("address", settings.Address);
    private readonly Buckets _anonymous = new("anonymous", settings.Anonymous);
    private readonly Buckets _registration = new("registration", settings.Registration);

    /// <summary>
    /// Counts a request and writes the headers that say what is left; false, and the seconds to wait, when a
    /// bucket is empty.
    /// </summary>
    public bool TryTake(HttpContext http, bool isRegistration, out int retryAfterSeconds)
    {
        retryAfterSeconds = 0;
        IPAddress address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (settings.LoopbackIsFree && IPAddress.IsLoopback(address))
        {
            Buckets.WriteFree(http.Response);
            return true;
        }
        UInt128 place = PlaceOf(address);
        (Credential? credential, _) = Credentials.Read(http.Request);
        if (!isRegistration && credential is null)
            return _anonymous.TryTake(place, http.Response, out retryAfterSeconds);

        // The caller's own bucket first: whoever is over it must not empty its neighbours' as well.
        bool own = isRegistration
            ? _registration.TryTake(place, http.Response, out retryAfterSeconds)
            : _credential.TryTake(BucketOf(credential!.Value), http.Response, out retryAfterSeconds);
        return own && _address.TryTakeQuietly(place, http.Response, out retryAfterSeconds);
    }

    /// <summary>
    /// Counts the parts of a request that stands for many: the request itself was counted as the first of them. All of
    /// them or none; null when they are let through.
    /// </summary>
    /// <param name="parts">How many requests it stands for, one or more.</param>
    /// <param name="name">The member of the body that carries them.</param>
    /// <param name="retryAfterSeconds">When a repeat makes sense.</param>
    public Refusal? TakeParts(HttpContext http, int parts, string name, out int retryAfterSeconds)
    {
        retryAfterSeconds = 0;
        IPAddress address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (parts <= 1 || (settings.LoopbackIsFree && IPAddress.IsLoopback(address))) return null;
        int most = Math.Min(_credential.Most, _address.Most);
        if (parts > most)
            return Refusal.Invalid(name, $"Each entry of {name} counts as a request, and the rate limit of this "
                + $"server lets {most} through at once; send at most {most} entries.");
        UInt128 caller = BucketOf(Credentials.Read(http.Request).Credential!.Value);
        if (_credential.TryTake(caller, http.Response, out retryAfterSeconds, parts - 1)
            && _address.TryTakeQuietly(PlaceOf(address), http.Response, out retryAfterSeconds, parts - 1)) return null;
        return new Refusal(RefusalCode.RateLimited, $"Each of the {parts} entries of {name} counts as a request, and "
            + "fewer are left now; nothing was done. Wait as long as Retry-After says and send all of it again, or "
            + "send fewer.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _credential.Dispose();
        _address.Dispose();
        _anonymous.Dispose();
        _registration.Dispose();
    }

    /// <summary>The answer to a request that <see cref="TryTake"/> did not let through.</summary>
    public static Task RefuseAsync(HttpContext http, int retryAfterSeconds) =>
        Problems.WriteAsync(http, s_refusal, retryAfterSeconds);

    // One household has a whole /64 of IPv6: counting single addresses would count nothing.
    private static UInt128 PlaceOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetworkV6) bytes[8..].Clear();
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    // All tokens of one key share a bucket: minting more of them buys nothing.
    private UInt128 BucketOf(Credential credential) => credential.Kind is CredentialKind.Token && tokens is not null
        ? BinaryPrimitives.ReadUInt128BigEndian(tokens.KeyHashOf(credential))
        : HashOf(credential.Key);

    // The names of buckets stay in memory for a while: they must not be credentials.
    private static UInt128 HashOf(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}

/// <summary>Puts the limits into the pipeline.</summary>
internal static class RateLimiting
{
    /// <summary>Comes after routing, since a route's metadata says whether it registers.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app, RateLimits limits) =>
        app.Use(next => http =>
        {
            bool isRegistration = http.GetEndpoint()?.Metadata.GetMetadata<RegistrationLimit>() is not null;
            return limits.TryTake(http, isRegistration, out int retryAfterSeconds)
                ? next(http)
                : RateLimits.RefuseAsync(http, retryAfterSeconds);
        });
}
