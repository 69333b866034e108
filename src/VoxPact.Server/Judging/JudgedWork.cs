using System.Globalization;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Judging.Reading;

namespace VoxPact.Server.Judging;

/// <summary>Opens a file's bytes; null when they are gone.</summary>
internal delegate Task<Stream?> OpenFile(CancellationToken stop);

/// <summary>A file of a work: as the server measured it, and what could be read of it.</summary>
internal sealed record JudgedFile(DeliveredFile File, FileText Read)
{
    /// <summary>Name, type, size and hash in a line, then the text; strangers' words like all of the work.</summary>
    public string Shown { get; } = string.Create(CultureInfo.InvariantCulture,
        $"{File.Name}, {File.Type}, {File.Bytes} bytes, SHA-256 {File.Sha256}\n\n{Read.Text}");

    /// <summary>What of it was not read, as sentences that name it.</summary>
    public IEnumerable<string> Unseen => Read.Unseen.Select(what => $"The file {File.Name} {what}.");
}

/// <summary>
/// All that is judged of a submission: what was handed in, and the text of its files. One place says what of that
/// judges are shown, and what they are not.
/// </summary>
internal sealed class JudgedWork
{
    /// <summary>What the section is called that holds what was handed in itself; files have theirs.</summary>
    public const string Section = "WORK";

    private readonly bool _isFile;

    private JudgedWork(Deliverable deliverable, IReadOnlyList<JudgedFile> files, bool isFile)
    {
        Deliverable = deliverable;
        Files = files;
        _isFile = isFile;
        Text = string.Join("\n\n", Parts);
    }

    public Deliverable Deliverable { get; }
    public IReadOnlyList<JudgedFile> Files { get; }

    /// <summary>The deliverable unless it is itself a file, then each file as it is shown.</summary>
    public IEnumerable<string> Parts =>
        (_isFile ? [] : new[] { Deliverable.Text }).Concat(Files.Select(file => file.Shown));

    /// <summary>What stands in the deliverable and the files, without a word between them.</summary>
    public string Contents => string.Join(' ',
        (_isFile ? [] : new[] { Deliverable.Text }).Concat(Files.Select(file => file.Read.Text)));

    /// <summary>Everything in one text.</summary>
    public string Text { get; }

    /// <summary>What judges do not see of it, as sentences; empty when they see all of it.</summary>
    public IReadOnlyList<string> Unseen =>
    [
        .. Text.Length > JudgePrompt.WorkChars
            ? [$"Only the first {JudgePrompt.WorkChars} characters were judged, so this is not certain."]
            : Array.Empty<string>(),
        .. Files.SelectMany(file => file.Unseen),
    ];

    /// <summary>What is shown, under the names of its sections, up to the bound in all.</summary>
    public IEnumerable<(string Name, string Text)> Sections(int chars = JudgePrompt.WorkChars)
    {
        int left = chars;
        if (!_isFile) yield return (Section, Take(Deliverable.Text));
        for (int i = 0; i < Files.Count && left > 0; i++)
            yield return (string.Create(CultureInfo.InvariantCulture, $"FILE_{i + 1}"), Take(Files[i].Shown));

        string Take(string text)
        {
            int end = Math.Min(text.Length, left);
            if (end < text.Length && end > 0 && char.IsHighSurrogate(text[end - 1])) end--;
            left -= end;
            return text[..end];
        }
    }

    /// <summary>A work without files, or one that is itself a file which nobody reads.</summary>
    public static implicit operator JudgedWork(Deliverable deliverable) => new(deliverable, [], isFile: false);

    /// <summary>Reads what can be read; a deliverable that is itself a file is read as one.</summary>
    /// <param name="deliverable">What was handed in.</param>
    /// <param name="uploaded">Files beside it, each with what opens its bytes: null when they are gone.</param>
    /// <param name="reading">Does the reading.</param>
    /// <param name="stop">Ends it without an answer.</param>
    public static async Task<JudgedWork> ReadAsync(
        Deliverable deliverable, IReadOnlyList<(DeliveredFile File, OpenFile Open)> uploaded, FileReading reading,
        CancellationToken stop)
    {
        var files = new List<JudgedFile>();
        var unwrapped = WrappedFile.Unwrap(deliverable);
        if (unwrapped is var (file, content)) files.Add(new JudgedFile(file, await reading.ReadAsync(content, stop)));
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(ReadingLimits.WorkTime);
        foreach (var (known, open) in uploaded)
        {
            var text = files.Count < ReadingLimits.Files
                ? await ReadAsync(known, open, reading, late.Token, stop)
                : FileText.NotRead($"was not read, since only {ReadingLimits.Files} files of a work are");
            files.Add(new JudgedFile(known, text));
        }
        return new JudgedWork(deliverable, files, unwrapped is not null);
    }

    private static async Task<FileText> ReadAsync(
        DeliveredFile file, OpenFile open, FileReading reading, CancellationToken late, CancellationToken stop)
    {
        if (file.Bytes > ReadingLimits.FileBytes) return FileReading.TooLarge;
        try
        {
            await using var stream = await open(late);
            if (stream is null) return FileText.NotRead("is gone from this server, so it was not read");
            byte[] bytes = new byte[file.Bytes];
            await stream.ReadExactlyAsync(bytes, late);
            return await reading.ReadAsync(bytes, late);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return FileText.NotRead("was not read, since the files before it took all the time");
        }
        catch (IOException)
        {
            return FileText.NotRead("could not be opened on this server, so it was not read");
        }
    }
}
