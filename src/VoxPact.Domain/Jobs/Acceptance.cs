using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// One check's answer: <paramref name="Check"/> names the criterion, as in <c>must_include/0</c>.
/// </summary>
public sealed record AcceptanceResult(string Check, bool Passed, string Reason);

/// <summary>
/// One file that must be delivered. <paramref name="Name"/> is exact, or <c>*.ext</c> for any file of that
/// ending; what is
/// null is not asked. Sizes in bytes, the hash in lower-case hexadecimal.
/// </summary>
public sealed record FileRule(string Name, string? Type, long? MinBytes, long? MaxBytes, string? Sha256);

/// <summary>A file that came with a submission, as the server measured it.</summary>
public sealed record DeliveredFile(string Name, string Type, long Bytes, string Sha256);

/// <summary>
/// A job's acceptance criteria, fixed when it is posted: everything but <see cref="Rubric"/> is decided by
/// code, before
/// any judge is asked. Lengths are in characters (Unicode code points) of the deliverable's text.
/// </summary>
public sealed record Acceptance
{
    /// <summary>No criteria: every deliverable satisfies it.</summary>
    public static readonly Acceptance None = new();

    public JsonSchema? Schema { get; internal init; }

    /// <summary>Texts that must occur, exactly as written.</summary>
    public IReadOnlyList<string> MustInclude { get; internal init; } = [];

    /// <summary>Patterns that must match somewhere in the text.</summary>
    public IReadOnlyList<Pattern> MustMatch { get; internal init; } = [];

    public int? MinLength { get; internal init; }

    public int? MaxLength { get; internal init; }

    public IReadOnlyList<FileRule> Files { get; internal init; } = [];

    /// <summary>Sentences for the judges; code never decides them.</summary>
    public IReadOnlyList<string> Rubric { get; internal init; } = [];

    /// <summary>Reads back criteria that <see cref="TryParse"/> accepted when the job was posted.</summary>
    public static Acceptance Stored(string json) => TryParse(JsonElement.Parse(json), out var known, out _)
        ? known
        : throw new InvalidOperationException("Stored acceptance criteria are not readable any more.");

    /// <summary>
    /// Reads the member <c>acceptance</c> of a job and checks it for sense. On failure <paramref
    /// name="errors"/> holds
    /// sentences by field, as in <c>acceptance.schema/properties/a</c>; unknown members are named.
    /// </summary>
    public static bool TryParse(
        JsonElement element,
        [NotNullWhen(true)] out Acceptance? acceptance,
        out Dictionary<string, string[]> errors)
    {
        var reader = new AcceptanceReader();
        Acceptance read = reader.Read(element);
        errors = reader.Errors.ToDictionary(e => e.Key, e => e.Value.ToArray(), StringComparer.Ordinal);
        acceptance = errors.Count == 0 ? read : null;
        return acceptance is not null;
    }

    /// <summary>
    /// Every check that code can decide, passed or not, in a fixed order; <paramref name="files"/> came with the work.
    /// </summary>
    /// <param name="work">The deliverable.</param>
    /// <param name="files">What came with it.</param>
    /// <param name="hasTime">Asked before each pattern; none is begun any more once it says no.</param>
    public IReadOnlyList<AcceptanceResult> Evaluate(
        Deliverable work, IReadOnlyList<DeliveredFile>? files = null, Func<bool>? hasTime = null)
    {
        var results = new List<AcceptanceResult>();
        if (Schema is not null) CheckSchema(Schema, work, results);
        for (int i = 0; i < MustInclude.Count; i++)
        {
            bool found = work.Text.Contains(MustInclude[i], StringComparison.Ordinal);
            results.Add(new AcceptanceResult($"must_include/{i}", found,
                $"The text \"{MustInclude[i]}\" {(found ? "occurs" : "must occur and does not")}."));
        }
        for (int i = 0; i < MustMatch.Count; i++)
        {
            // Each has its own limit; what is left when all together took too long is not begun.
            bool? matches = hasTime?.Invoke() is false ? null : MustMatch[i].Matches(work.Text);
            results.Add(new AcceptanceResult($"must_match/{i}", matches == true, matches switch
            {
                true => $"The pattern {MustMatch[i]} matches.",
                false => $"The text must match the pattern {MustMatch[i]} and does not.",
                null => $"The pattern {MustMatch[i]} could not be decided in time; send a shorter text.",
            }));
        }
        if (MinLength is { } least)
        {
            results.Add(new AcceptanceResult("min_length", work.Length >= least,
                $"The deliverable must have at least {least} characters; it has {work.Length}."));
        }
        if (MaxLength is { } most)
        {
            results.Add(new AcceptanceResult("max_length", work.Length <= most,
                $"The deliverable may have at most {most} characters; it has {work.Length}."));
        }
        for (int i = 0; i < Files.Count; i++) results.Add(CheckFile($"files/{i}", Files[i], files ?? []));
        return results;
    }

    private static void CheckSchema(JsonSchema schema, Deliverable work, List<AcceptanceResult> results)
    {
        if (work.Json is not { } json)
        {
            results.Add(new AcceptanceResult("schema", false,
                "The job asks for a JSON object; send the deliverable as an object, not as a text."));
            return;
        }
        IReadOnlyList<SchemaViolation> violations = schema.Evaluate(json);
        if (violations.Count == 0)
            results.Add(new AcceptanceResult("schema", true, "The object follows the schema."));
        foreach (SchemaViolation v in violations)
        {
            string where = v.InstancePointer.Length == 0 ? "The deliverable" : v.InstancePointer;
            results.Add(new AcceptanceResult($"schema{v.SchemaPointer}", false, $"{where}: {v.Sentence}"));
        }
    }

    private static AcceptanceResult CheckFile(string check, FileRule rule, IReadOnlyList<DeliveredFile> files)
    {
        string reason = $"The file {rule.Name} is missing: deliver it, or upload it with the purpose "
            + $"{JobFile.ForDeliverable} and confirm it before you submit.";
        foreach (DeliveredFile file in files)
        {
            bool named = rule.Name.StartsWith('*')
                ? file.Name.EndsWith(rule.Name[1..], StringComparison.OrdinalIgnoreCase)
                : file.Name == rule.Name;
            if (!named) continue;
            if (rule.Type is not null && !rule.Type.Equals(file.Type, StringComparison.OrdinalIgnoreCase))
                reason = $"{file.Name} must be of type {rule.Type}; it is {file.Type}.";
            else if (file.Bytes < rule.MinBytes)
                reason = $"{file.Name} must have at least {rule.MinBytes} bytes; it has {file.Bytes}.";
            else if (file.Bytes > rule.MaxBytes)
                reason = $"{file.Name} may have at most {rule.MaxBytes} bytes; it has {file.Bytes}.";
            else if (rule.Sha256 is not null && rule.Sha256 != file.Sha256)
                reason = $"{file.Name} must have the SHA-256 {rule.Sha256}; it has {file.Sha256}.";
            else
                return new AcceptanceResult(check, true, $"The file {file.Name} is as described.");
        }
        return new AcceptanceResult(check, false, reason);
    }
}
