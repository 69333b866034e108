using System.Diagnostics;

namespace VoxPact.CrashTests.Processes;

/// <summary>A process that this battery has started, and that it ends by its id alone.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private Child(Process process, string log, Func<string, bool> hear)
    {
        _process = process;
        _log = new StreamWriter(log, append: true) { AutoFlush = true };
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, hear), ReadAsync(process.StandardError, _ => false));
    }

    /// <summary>True once it has said that it serves; false when it ended before.</summary>
    public Task<bool> Ready => _ready.Task;

    public Task Exited => _process.WaitForExitAsync();

    public bool HasExited => _process.HasExited;

    /// <param name="hear">Is given every line; true for the one that says that it serves.</param>
    public static Child Start(
        string dll, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables, string log,
        Func<string, bool> hear)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(dll);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return new Child(Process.Start(start)!, log, hear);
    }

    /// <summary>SIGKILL; nothing is flushed and nobody is told.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private async Task ReadAsync(StreamReader words, Func<string, bool> hear)
    {
        while (await words.ReadLineAsync() is { } line)
        {
            lock (_log) _log.WriteLine(line);
            if (hear(line)) _ready.TrySetResult(true);
        }
        _ready.TrySetResult(false);
    }
}
