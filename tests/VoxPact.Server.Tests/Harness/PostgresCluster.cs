using System.Diagnostics;
using Npgsql;

namespace VoxPact.Server.Tests.Harness;

/// <summary>
/// A PostgreSQL of our own in a temporary folder, on loopback only. A shell stands between, which stops it when its
/// input closes: so it ends with the tests, even if they are killed.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string User = "voxpact";

    // Durability is what the crash tests are about; here only the answers count.
    private const string Settings = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off "
        + "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 -c shared_buffers=64MB "
        + "-c log_min_messages=fatal";

    private readonly string _folder;
    private readonly Process _guard;

    private PostgresCluster(string folder, Process guard, int port)
    {
        (_folder, _guard) = (folder, guard);
        ConnectionString = $"Host=127.0.0.1;Port={port};Username={User};Database=postgres";
    }

    public string ConnectionString { get; }

    /// <summary>
    /// The folder with <c>initdb</c> and <c>postgres</c>, the newest version first; null without one.
    /// </summary>
    public static string? FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var folders = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).OrderByDescending(folder => folder, StringComparer.Ordinal)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        string[] onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Concat(onPath).FirstOrDefault(folder =>
            File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));
    }

    public static async Task<PostgresCluster> StartAsync()
    {
        string binaries = FindBinaries() ?? throw new InvalidOperationException("There are no PostgreSQL binaries.");
        string folder = Directory.CreateTempSubdirectory("voxpact-postgres-").FullName;
        // PostgreSQL refuses to run as root: then its own user must be able to make the data folder.
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        string data = Path.Combine(folder, "data");
        int port = Ports.Next();
        var guard = Shell(folder, $"""
            '{binaries}/initdb' -D '{data}' -U {User} -A trust -E UTF8 --locale=C --no-sync \
                >'{folder}/initdb.log' 2>&1 || exit 1
            '{binaries}/postgres' -D '{data}' -p {port} {Settings} >'{folder}/log' 2>&1 </dev/null &
            pid=$!
            read end
            kill -INT $pid
            wait $pid
            """);
        var cluster = new PostgresCluster(folder, guard, port);
        try
        {
            await cluster.WaitUntilUpAsync();
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Process Shell(string folder, string script)
    {
        var start = new ProcessStartInfo { RedirectStandardInput = true, WorkingDirectory = folder };
        string[] words = Environment.IsPrivilegedProcess
            ? ["runuser", "-u", "postgres", "--", "sh", "-c", script]
            : ["sh", "-c", script];
        start.FileName = words[0];
        foreach (string word in words[1..]) start.ArgumentList.Add(word);
        return Process.Start(start)!;
    }

    private async Task WaitUntilUpAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        long since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (!_guard.HasExited
                && TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromMinutes(2))
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }
}
