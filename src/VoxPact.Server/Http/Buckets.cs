using System.Globalization;
using System.Threading.RateLimiting;

namespace VoxPact.Server.Http;

/// <summary>
/// The size of a bucket: it holds <paramref name="Burst"/> requests and gains <paramref name="PerMinute"/> in
/// a minute.
/// </summary>
internal sealed record RateLimit(int PerMinute, int Burst);

/// <summary>Token buckets of one size, one for each caller who was seen lately.</summary>
internal sealed class Buckets : IDisposable
{
    // As often as the framework looks after its buckets.
    private const int TicksPerMinute = 600;

    private const string PolicyHeader = "RateLimit-Policy";
    private const string StateHeader = "RateLimit";

    private readonly PartitionedRateLimiter<UInt128> _limiter;
    private readonly RateLimit _limit;
    private readonly string _name;
    private readonly string _policy;

    /// <summary>Buckets of this size, under the name that the headers show.</summary>
    public Buckets(string name, RateLimit limit)
    {
        _limit = limit;
        _name = name;
        _policy = string.Create(CultureInfo.InvariantCulture,
            $"\"{name}\";q={limit.Burst};w={SecondsFor(limit.Burst)}");
        var options = new TokenBucketRateLimiterOptions
        {
            TokenLimit = limit.Burst,
            TokensPerPeriod = Math.Max(1, limit.PerMinute / TicksPerMinute),
            ReplenishmentPeriod = TimeSpan.FromMinutes(1.0 / Math.Min(limit.PerMinute, TicksPerMinute)),
            QueueLimit = 0,
            AutoReplenishment = false,
        };
        _limiter = PartitionedRateLimiter.Create<UInt128, UInt128>(
            caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => options));
    }

    /// <summary>How much a full bucket holds: more than that can never be taken at once.</summary>
    public int Most => _limit.Burst;

    /// <summary>
    /// Takes so many from the caller's bucket and shows what is left; false, and how long to wait, when there are
    /// fewer.
    /// </summary>
    public bool TryTake(UInt128 caller, HttpResponse response, out int retryAfterSeconds, int count = 1)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire(caller, count);
        retryAfterSeconds = 0;
        if (!lease.IsAcquired) retryAfterSeconds = Refuse(lease);
        Show(caller, response);
        return lease.IsAcquired;
    }

    /// <summary>As <see cref="TryTake"/>, but shows the bucket only when it is empty.</summary>
    public bool TryTakeQuietly(UInt128 caller, HttpResponse response, out int retryAfterSeconds, int count = 1)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire(caller, count);
        retryAfterSeconds = 0;
        if (lease.IsAcquired) return true;
        retryAfterSeconds = Refuse(lease);
        Show(caller, response);
        return false;
    }

    /// <summary>The headers of a caller who is not counted.</summary>
    public static void WriteFree(HttpResponse response)
    {
        response.Headers[PolicyHeader] = "\"loopback\";q=1000000;w=1";
        response.Headers[StateHeader] = "\"loopback\";r=1000000;t=1";
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    private static int Refuse(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait)
            ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;

    private void Show(UInt128 caller, HttpResponse response)
    {
        long left = _limiter.GetStatistics(caller)?.CurrentAvailablePermits ?? 0;
        response.Headers[PolicyHeader] = _policy;
        response.Headers[StateHeader] = string.Create(CultureInfo.InvariantCulture,
            $"\"{_name}\";r={left};t={SecondsFor(_limit.Burst - left)}");
    }

    // How long so many tokens take to come back, in whole seconds.
    private long SecondsFor(long tokens) => ((tokens * 60) + _limit.PerMinute - 1) / _limit.PerMinute;
}
