using System.Diagnostics;
using Npgsql;

namespace VoxPact.CrashTests.Processes;

/// <summary>
/// A PostgreSQL of the battery's own, on loopback only, which can be stopped as by a crash. A shell stands between:
/// it stops the cluster when its input closes, so that it ends with the battery even if that is killed.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    // Processes are killed here, not the machine: what the kernel has taken survives, and the disk may be spared.
    private const string Settings = "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off "
        + "-c max_connections=60 -c shared_buffers=64MB -c jit=off -c log_min_messages=fatal";

    private readonly Process _shell;

    private Cluster(Process shell, string connection) => (_shell, ConnectionString) = (shell, connection);

    public string ConnectionString { get; }

    public static async Task<Cluster> StartAsync(string folder, int port)
    {
        string binaries = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal)
            .Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            ?? throw new InvalidOperationException("There are no PostgreSQL binaries under /usr/lib/postgresql.");
        string home = Path.Combine(folder, "postgres"), data = Path.Combine(home, "data");
        Directory.CreateDirectory(home);
        // PostgreSQL refuses to run as root: then its own user must be able to make the data folder.
        string user = "";
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
        {
            user = "runuser -u postgres -- ";
            File.SetUnixFileMode(home, (UnixFileMode)0b111_111_111);
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_001_001);
        }
        string control = $"{user}'{binaries}/pg_ctl' -D '{data}' -s -w";
        string script = $"""
            cd '{home}'
            {user}'{binaries}/initdb' -D '{data}' -U voxpact -A trust -E UTF8 --locale=C --no-sync >/dev/null || exit 1
            start() {"{"} {control} -l '{home}/log' -o '-c port={port} {Settings}' start >/dev/null 2>&1 </dev/null; {"}"}
            start && echo started
            while read -r word; do
                case $word in
                    crash) {control} -m immediate stop >/dev/null 2>&1; echo crashed ;;
                    start) start; echo started ;;
                esac
            done
            {control} -m immediate stop >/dev/null 2>&1
            """;
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", script },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var cluster = new Cluster(
            Process.Start(start)!, $"Host=127.0.0.1;Port={port};Username=voxpact;Database=postgres");
        await cluster.ExpectAsync("started");
        return cluster;
    }

    /// <summary>Makes a database, and says how to reach it.</summary>
    public static async Task<string> CreateDatabaseAsync(string connection, string name)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var create = source.CreateCommand($"create database {name}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(connection) { Database = name }.ConnectionString;
    }

    /// <summary>PostgreSQL's immediate stop, and the recovery after it.</summary>
    public async Task CrashAsync(TimeSpan downtime)
    {
        await SayAsync("crash", "crashed");
        await Task.Delay(downtime);
        await SayAsync("start", "started");
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private async Task SayAsync(string word, string answer)
    {
        await _shell.StandardInput.WriteLineAsync(word);
        await _shell.StandardInput.FlushAsync();
        await ExpectAsync(answer);
    }

    private async Task ExpectAsync(string answer)
    {
        string? said = await _shell.StandardOutput.ReadLineAsync();
        if (said != answer) throw new InvalidOperationException($"PostgreSQL did not say {answer} but {said ?? "nothing"}.");
    }
}
