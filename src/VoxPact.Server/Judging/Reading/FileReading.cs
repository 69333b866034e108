using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace VoxPact.Server.Judging.Reading;

/// <summary>
/// Reads strangers' files. Text is decoded here; a document is parsed by a child process that has no settings, no
/// secrets, a bounded heap and a bounded time, so that bytes which break a parser break nothing else. Whatever happens,
/// the answer is a <see cref="FileText"/> that says what was not seen.
/// </summary>
internal sealed class FileReading(ILogger log)
{
    private const int AtOnce = 2;

    /// <summary>What a .NET process needs to start; everything else of the server's own stays with it.</summary>
    private static readonly string[] s_variables =
        ["PATH", "HOME", "TMPDIR", "TMP", "TEMP", "SystemRoot", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64",
            "DOTNET_BUNDLE_EXTRACT_BASE_DIR"];

    private static readonly FileText s_brokeTheReader =
        FileText.NotRead("could not be read: reading it took too much time or memory");

    private readonly SemaphoreSlim _places = new(AtOnce);

    public long HeapBytes { get; init; } = ReadingLimits.HeapBytes;
    public TimeSpan FileTime { get; init; } = ReadingLimits.FileTime;

    public static FileText TooLarge { get; } =
        FileText.NotRead($"is larger than {ReadingLimits.FileBytes} bytes, so it was not read");

    public async Task<FileText> ReadAsync(byte[] bytes, CancellationToken stop)
    {
        if (bytes.Length > ReadingLimits.FileBytes) return TooLarge;
        if (!DocumentText.IsDocument(bytes)) return DocumentText.Decode(bytes);
        await _places.WaitAsync(stop);
        try
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
            late.CancelAfter(FileTime);
            return await InChildAsync(bytes, late.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return s_brokeTheReader;
        }
        catch (Win32Exception fault)
        {
            log.LogError(fault, "No process could be started to read a document");
            return FileText.NotRead("could not be read: this server can start no process to read documents");
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<FileText> InChildAsync(byte[] bytes, CancellationToken stop)
    {
        using var child = Process.Start(Start(HeapBytes))!;
        try
        {
            var errors = TakeAsync(child.StandardError, stop);
            var answer = TakeAsync(child.StandardOutput, stop);
            await SendAsync(child, bytes, stop);
            await child.WaitForExitAsync(stop);
            if (child.ExitCode == 0 && await answer is { } json)
                return JsonSerializer.Deserialize(json, FileTextJson.Default.FileText)!;
            log.LogWarning("The process that read a document ended with {Code}: {Error}",
                child.ExitCode, (await errors)?.Split('\n')[0]);
            return s_brokeTheReader;
        }
        finally
        {
            if (!child.HasExited) child.Kill(entireProcessTree: true);
        }
    }

    private static async Task SendAsync(Process child, byte[] bytes, CancellationToken stop)
    {
        try
        {
            await child.StandardInput.BaseStream.WriteAsync(bytes, stop);
            child.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; its exit code says more.
        }
    }

    /// <summary>Everything that comes, or null when it is more than any honest answer.</summary>
    private static async Task<string?> TakeAsync(StreamReader from, CancellationToken stop)
    {
        char[] buffer = new char[ReadingLimits.AnswerChars];
        int length = await from.ReadBlockAsync(buffer, stop);
        return length == buffer.Length ? null : new string(buffer, 0, length);
    }

    private static ProcessStartInfo Start(long heapBytes)
    {
        string name = OperatingSystem.IsWindows() ? "voxpact.exe" : "voxpact";
        string beside = Path.Combine(AppContext.BaseDirectory, name);
        var start = new ProcessStartInfo
        {
            FileName = File.Exists(beside) ? beside : Environment.ProcessPath!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) is "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "voxpact.dll"));
        foreach (string word in new[] { "judge", "read", "-" }) start.ArgumentList.Add(word);
        start.Environment.Clear();
        foreach (string variable in s_variables)
            if (Environment.GetEnvironmentVariable(variable) is { } value) start.Environment[variable] = value;
        // The host of a program looks for .NET in the usual places only; this process knows where it is.
        start.Environment.TryAdd("DOTNET_ROOT", Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory()));
        start.Environment["DOTNET_GCHeapHardLimit"] =
            heapBytes.ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }
}
