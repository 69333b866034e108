using System.Text.Json;

namespace VoxPact.Server.Judging.Reading;

/// <summary>
/// <c>voxpact judge read FILE</c>: prints what judges would be shown of a file, as JSON. The server itself runs it with
/// <c>-</c>, to read a stranger's document in a process of its own.
/// </summary>
internal static class ReadVerb
{
    private const string Usage = "Say: judge read FILE, or judge read - for what comes on the standard input.";

    public static async Task<int> RunAsync(string[] args, Stream input, TextWriter output)
    {
        if (args is not ["read", var path] || path is not ("-" or [_, ..])) throw new BadSettings(Usage);
        await using var file = path == "-" ? input : File.OpenRead(path);
        byte[] bytes = new byte[ReadingLimits.FileBytes + 1];
        int length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false);
        var text = length > ReadingLimits.FileBytes ? FileReading.TooLarge : DocumentText.Read(bytes[..length]);
        await output.WriteLineAsync(JsonSerializer.Serialize(text, FileTextJson.Default.FileText));
        return 0;
    }
}
