using System.Net;
using System.Net.Sockets;

namespace VoxPact.Server.Tests.Harness;

/// <summary>
/// Ports that nobody listens on, below those that outgoing connections take: one of those could come between
/// looking and listening.
/// </summary>
internal static class Ports
{
    private const int First = 10_000;
    private const int Count = 20_000;

    // Test processes beside each other start at different places.
    private static int s_next = Environment.ProcessId * 257 % Count;

    public static int Next()
    {
        while (true)
        {
            int port = First + Interlocked.Increment(ref s_next) % Count;
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }
}
