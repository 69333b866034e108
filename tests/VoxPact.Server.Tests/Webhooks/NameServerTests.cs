using System.Net;
using System.Net.Sockets;
using VoxPact.Client;
using VoxPact.Server.Tests.Newcomer;
using VoxPact.Server.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>
/// The guard with the system's own resolver and a real name server that rebinds. A resolver asks port 53 of what
/// /etc/resolv.conf names, so the test runs itself once more in a network of its own, with a file of its own there.
/// That network has no way out, and its loopback device has a public address too.
/// </summary>
public sealed class NameServerTests
{
    private const string Inside = "VOXPACT_TEST_NAMESPACE";
    private const string PublicAddress = "93.184.216.34";
    private const string NameServer = "127.0.53.53";
    private const string Url = "https://rebind.example.com:8443/hook";

    private const string Enter = $"""
        set -e
        ip link set lo up
        ip address add {PublicAddress}/32 dev lo
        mount --bind "$1" /etc/resolv.conf
        exec "$2" -method "$3"
        """;

    [Fact]
    public async Task A_name_server_that_rebinds_to_loopback_or_a_private_address_is_not_followed()
    {
        if (Environment.GetEnvironmentVariable(Inside) is not null)
        {
            await RebindAsync();
            return;
        }
        string[] apart = ["--user", "--map-root-user", "--mount", "--net"];
        bool can = OperatingSystem.IsLinux() && File.Exists("/usr/bin/unshare") && File.Exists("/usr/sbin/ip")
            && (await Repository.RunAsync("unshare", [.. apart, "true"])).Code == 0;
        if (!Runtimes.Has("namespaces", can, "this user cannot make a network namespace with unshare and ip")) return;
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, $"nameserver {NameServer}\n", TestContext.Current.CancellationToken);
            string program = Path.ChangeExtension(typeof(NameServerTests).Assembly.Location, null);
            string test = $"{typeof(NameServerTests).FullName}."
                + nameof(A_name_server_that_rebinds_to_loopback_or_a_private_address_is_not_followed);
            var (code, output) = await Repository.RunAsync("unshare", [.. apart, "sh", "-c", Enter, "sh", file, program, test],
                start =>
                {
                    start.Environment[Inside] = "1";
                    start.Environment["PATH"] += ":/usr/sbin";
                });
            Assert.True(code == 0 && output.Contains("Total: 1,"), output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task RebindAsync()
    {
        var stop = TestContext.Current.CancellationToken;
        foreach (string later in new[] { "127.0.0.1", "10.0.0.1", $"{PublicAddress} 127.0.0.1", "169.254.169.254" })
        {
            await using var names = new LoopbackNameServer(IPAddress.Parse(NameServer), PublicAddress, later);
            using var canary = new Canary();
            var guard = new AddressGuard(new AddressGuard.Options(AllowLoopback: false));
            Assert.Null(guard.Check(Url));
            // What was public when it was dialled is reached: the canary speaks no TLS, and counts.
            Assert.Contains("TLS handshake", await SendAsync(guard, stop));
            Assert.Equal((1, 1), (names.Asked, canary.Connections));
            // Another connection asks again, and nothing is dialled, not even the public one of two.
            Assert.Contains("not on the public Internet", await SendAsync(guard, stop));
            Assert.Equal((2, 1), (names.Asked, canary.Connections));
        }
    }

    private static async Task<string> SendAsync(AddressGuard guard, CancellationToken stop)
    {
        using var sender = new WebhookSender(guard, TimeProvider.System);
        string secret = WebhookSignature.FormatSecret(new byte[32]);
        return Assert.IsType<DeliveryOutcome.Failed>(
            await sender.SendAsync(Guid.Empty, Url, [secret], "evt_1", "{}"u8.ToArray(), stop)).Why;
    }

    /// <summary>Listens on every address of the namespace, counts, and closes.</summary>
    private sealed class Canary : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Any, 8443);
        private int _connections;

        public Canary()
        {
            _listener.Start();
            _ = CountAsync();
        }

        public int Connections => Volatile.Read(ref _connections);

        public void Dispose() => _listener.Stop();

        private async Task CountAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref _connections);
                    await client.GetStream().WriteAsync("no TLS here\r\n"u8.ToArray());
                }
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
