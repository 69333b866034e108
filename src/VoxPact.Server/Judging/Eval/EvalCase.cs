using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Judging.Reading;

namespace VoxPact.Server.Judging.Eval;

/// <summary>A job of the suite, with its criteria as a buyer would post them.</summary>
internal sealed record EvalJob(
    string Id, string Title, string Description, string? TaskSpec, Acceptance? Acceptance);

/// <summary>
/// One written case: a job, a work, and what the work is. <paramref name="Expect"/> is a word of
/// <see cref="EvalCases.Expectations"/>; <paramref name="Attack"/> its sort when it is one.
/// </summary>
internal sealed record EvalCase(string Id, string Kind, EvalJob Job, string Expect, string? Attack, JsonElement Work)
{
    /// <summary>Files that were handed in with the work, with their bytes.</summary>
    public IReadOnlyList<(DeliveredFile File, byte[] Bytes)> Files { get; init; } = [];

    /// <summary>The work as its judges would see it.</summary>
    public Task<JudgedWork> ReadAsync(Deliverable work, FileReading reading, CancellationToken stop) =>
        JudgedWork.ReadAsync(work,
            [
                .. Files.Select(file =>
                    (file.File, (OpenFile)(_ => Task.FromResult<Stream?>(new MemoryStream(file.Bytes))))),
            ],
            reading, stop);

    /// <summary>The buyer's own text attacks: then the work is honest, and failing it is the harm.</summary>
    public bool IsByBuyer => Attack == EvalCases.ByBuyer;
}

/// <summary>Reads cases from the files of a folder, or from the suite that is built in.</summary>
internal static class EvalCases
{
    public const string Good = "good", AttackWord = "attack", ByBuyer = "buyer";
    private const string BuiltIn = "cases/";

    /// <summary>What a work can be, in the order of the report.</summary>
    public static readonly IReadOnlyList<string> Expectations =
        [Good, "subtly_wrong", "off_topic", "lazy", "format_error", AttackWord];

    public static IReadOnlyList<EvalCase> ReadBuiltIn()
    {
        var assembly = typeof(EvalCases).Assembly;
        var cases = new List<EvalCase>();
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(BuiltIn)).Order())
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(stream);
            cases.AddRange(Read(name, reader.ReadToEnd()));
        }
        return cases;
    }

    public static IReadOnlyList<EvalCase> ReadFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new BadSettings($"There is no folder {folder} with cases.");
        List<EvalCase> cases =
            [.. Directory.GetFiles(folder, "*.json").Order().SelectMany(path => Read(path, File.ReadAllText(path)))];
        return cases.Count > 0 ? cases : throw new BadSettings($"No file *.json in {folder} holds a case.");
    }

    private static List<EvalCase> Read(string file, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            string kind = document.RootElement.GetProperty("kind").GetString()!;
            var jobs = document.RootElement.GetProperty("jobs").EnumerateArray().Select(ReadJob)
                .ToDictionary(job => job.Id);
            return [.. document.RootElement.GetProperty("cases").EnumerateArray()
                .Select(element => ReadCase(element, kind, jobs))];
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException
            or InvalidOperationException or FormatException)
        {
            throw new BadSettings($"{file} is no file of cases: {broken.Message} docs/judging.md shows the form.");
        }
    }

    private static EvalJob ReadJob(JsonElement element)
    {
        string id = Text(element, "id");
        Acceptance? acceptance = null;
        if (element.TryGetProperty("acceptance", out var criteria)
            && !Acceptance.TryParse(criteria.Clone(), out acceptance, out var errors))
            throw new InvalidOperationException(
                $"job {id}: {string.Join(' ', errors.SelectMany(error => error.Value))}");
        return new EvalJob(id, Text(element, "title"), Text(element, "description"),
            element.TryGetProperty("task_spec", out var spec) ? spec.GetRawText() : null, acceptance);
    }

    private static EvalCase ReadCase(JsonElement element, string kind, Dictionary<string, EvalJob> jobs)
    {
        string id = Text(element, "id"), expect = Text(element, "expect");
        if (!Expectations.Contains(expect))
            throw new InvalidOperationException(
                $"case {id}: expect is one of {string.Join(", ", Expectations)}.");
        return new EvalCase(id, kind, jobs[Text(element, "job")], expect,
            element.TryGetProperty("attack", out var attack) ? attack.GetString() : null,
            element.GetProperty("work").Clone())
        {
            Files = element.TryGetProperty("files", out var files) ? [.. files.EnumerateArray().Select(ReadFile)] : [],
        };
    }

    /// <summary>A file of a case has a name, a type, and either its text or its bytes in base64.</summary>
    private static (DeliveredFile, byte[]) ReadFile(JsonElement element)
    {
        byte[] bytes = element.TryGetProperty("text", out var text)
            ? Encoding.UTF8.GetBytes(text.GetString()!)
            : element.GetProperty("base64").GetBytesFromBase64();
        return (new DeliveredFile(Text(element, "name"), Text(element, "type"), bytes.Length,
            Convert.ToHexStringLower(SHA256.HashData(bytes))), bytes);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
