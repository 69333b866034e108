using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VoxPact.CrashTests.Processes;

/// <summary>
/// HAProxy before several nodes, set up by the file that operators are given, <c>docs/haproxy.cfg</c>. A shell stands
/// between: it ends HAProxy when its input closes, so that it ends with its caller even if that is killed.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private const string Script = """
        haproxy -db -f "$1" & balancer=$!
        while read -r _; do :; done
        kill "$balancer"; wait "$balancer"
        """;

    private readonly Process _shell;

    private Balancer(Process shell, Uri url) => (_shell, Url) = (shell, url);

    public Uri Url { get; }

    /// <param name="folder">Where its settings are written to.</param>
    public static async Task<Balancer> StartAsync(string folder, int port, IEnumerable<Uri> nodes)
    {
        string template = Path.Combine(AppContext.BaseDirectory, "haproxy.cfg");
        var settings = File.ReadLines(template).Where(line => !line.StartsWith("  server ", StringComparison.Ordinal))
            .Concat(nodes.Select((node, i) => $"  server node-{i + 1} {node.Authority}"));
        string file = Path.Combine(folder, "haproxy.cfg");
        await File.WriteAllLinesAsync(file, settings);
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", Script, "balancer", file },
            RedirectStandardInput = true,
            RedirectStandardError = true,
            Environment = { ["LISTEN"] = $"127.0.0.1:{port}" },
        };
        var shell = Process.Start(start)!;
        var words = shell.StandardError.ReadToEndAsync();
        while (!await IsListeningAsync(port))
        {
            if (words.IsCompleted) throw new InvalidOperationException("HAProxy did not start: " + await words);
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
        return new Balancer(shell, new Uri($"http://127.0.0.1:{port}"));
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
