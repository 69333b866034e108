using Microsoft.AspNetCore.Server.Kestrel.Core;
using VoxPact.Domain;

namespace VoxPact.Server.Http;

/// <summary>Every bound of the listener, set explicitly: none is left to a default that may move.</summary>
internal static class KestrelLimits
{
    /// <summary>More than the 4,000 slow clients that a test throws at the server.</summary>
    private const int Connections = 10_000;

    /// <summary>Sets the bounds of a listener.</summary>
    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxConcurrentConnections = Connections;
        limits.MaxConcurrentUpgradedConnections = 100;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestBodySize = Limits.SubmitBodyBytes;
        limits.MaxRequestBufferSize = 128 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        var slowest = new MinDataRate(bytesPerSecond: 1_024, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinRequestBodyDataRate = slowest;
        limits.MinResponseDataRate = slowest;
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.MaxRequestHeaderFieldSize = 8 * 1024;
    }
}
