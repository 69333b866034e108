using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VoxPact.Bench;

/// <summary>The real server as a process of its own, in sandbox mode, on loopback, in a folder of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    public Uri Url { get; }
    public string SqlitePath => Path.Combine(_folder, "voxpact.db");

    private ServerProcess(Process process, string folder, Uri url) => (_process, _folder, Url) = (process, folder, url);

    /// <param name="dll">The server's executable, as <c>dotnet</c> takes it.</param>
    /// <param name="settings">More settings, the last word on each.</param>
    public static async Task<ServerProcess> StartAsync(string? database, string dll, params string[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("voxpact-bench-").FullName;
        int port = FreePort();
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                dll, "--data", folder, "--urls", $"http://127.0.0.1:{port}", "--topupminor", "1000000",
                "--rundeliveries", "false",
            },
            RedirectStandardOutput = true,
        };
        if (database is not null)
        {
            start.ArgumentList.Add("--database");
            start.ArgumentList.Add(database);
        }
        foreach (string setting in settings) start.ArgumentList.Add(setting);
        var process = Process.Start(start)!;
        // The server says where it serves once it does.
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            if (line.StartsWith("VoxPact", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new ServerProcess(process, folder, new Uri($"http://127.0.0.1:{port}"));
            }
        throw new InvalidOperationException("The server ended before it served; its own words are above.");
    }

    /// <summary>CPU time that the server has used, and its resident memory.</summary>
    public (TimeSpan Cpu, long Resident) Usage
    {
        get
        {
            _process.Refresh();
            return (_process.TotalProcessorTime, _process.WorkingSet64);
        }
    }

    /// <summary>Asks it to stop, as an operator would, and waits until it has.</summary>
    public async Task StopAsync()
    {
        using var ask = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
    }

    /// <summary>As <c>kill -9</c>: nothing is finished, nothing is given back.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
