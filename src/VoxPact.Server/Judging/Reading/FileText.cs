using System.Text.Json.Serialization;

namespace VoxPact.Server.Judging.Reading;

/// <summary>What code could read of a file: the text that judges are shown, and what of it they are not.</summary>
internal sealed record FileText
{
    /// <summary><c>text</c>, <c>pdf</c>, <c>docx</c>, <c>xlsx</c>, or <c>none</c>: known by name only.</summary>
    public required string Form { get; init; }
    public string Text { get; init; } = "";

    /// <summary>
    /// What of the file is not in <see cref="Text"/>, each completing "The file …"; empty when all of it is. A work
    /// with an unseen part never passes.
    /// </summary>
    public IReadOnlyList<string> Unseen { get; init; } = [];

    /// <summary>Ways in which the file says more to a program than to a reader, each completing "The file …".</summary>
    public IReadOnlyList<string> Hidden { get; init; } = [];

    /// <summary>A file of which nothing was read, and why.</summary>
    public static FileText NotRead(string why) => new() { Form = "none", Unseen = [why] };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FileText))]
internal sealed partial class FileTextJson : JsonSerializerContext;
