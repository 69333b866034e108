using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// What a worker hands in: a text, or a JSON object in its canonical form (no white space, members in ordinal
/// order),
/// so that the same work has the same bytes, size and hash however it was spelled on the wire.
/// </summary>
public sealed class Deliverable
{
    private Deliverable(string text, JsonElement? json)
    {
        Text = text;
        Json = json;
        Bytes = Encoding.UTF8.GetBytes(text);
        Hash = SHA256.HashData(Bytes.Span);
        Length = SchemaRun.CodePoints(text);
    }

    /// <summary>Why <see cref="TryParse"/> did not take what is too large.</summary>
    public static readonly string TooLarge =
        $"The deliverable is larger than {Limits.DeliverableBytes} bytes; send less.";

    /// <summary>The text itself, or the object's canonical JSON; what every text check looks at.</summary>
    public string Text { get; }

    /// <summary>The object, when the deliverable is one.</summary>
    public JsonElement? Json { get; }

    /// <summary>Canonical UTF-8.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>
    /// SHA-256 of <see cref="Bytes"/>, 32 bytes. A verdict counts only for this hash.
    /// </summary>
    public byte[] Hash { get; }

    /// <summary>The size of <see cref="Bytes"/>.</summary>
    public int Size => Bytes.Length;

    /// <summary>Length of <see cref="Text"/> in characters (Unicode code points).</summary>
    public int Length { get; }

    /// <summary>As canonical JSON, a string or the object: how it is stored and read back.</summary>
    public string ToJson() => Json is null ? CanonicalJson.Quote(Text) : Text;

    /// <summary>Reads back what <see cref="ToJson"/> wrote.</summary>
    public static Deliverable Stored(string json)
    {
        var element = JsonElement.Parse(json);
        return element.ValueKind is JsonValueKind.String ? FromText(element.GetString()!) : FromJson(element);
    }

    public static Deliverable FromText(string text) => new(text, null);

    /// <summary>The element must be an object that <see cref="TryParse"/> would accept.</summary>
    public static Deliverable FromJson(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new ArgumentException("Only an object is a deliverable.", nameof(json));
        return new Deliverable(CanonicalJson.Write(json, byValue: false), json.Clone());
    }

    /// <summary>
    /// Reads the member <c>deliverable</c> of a request: a string or an object, in size, in clean Unicode.
    /// </summary>
    public static bool TryParse(
        JsonElement element,
        [NotNullWhen(true)] out Deliverable? deliverable,
        [NotNullWhen(false)] out string? error)
    {
        deliverable = null;
        error = element.ValueKind is JsonValueKind.String or JsonValueKind.Object
            ? JsonShape.Fault(element)?.Sentence
            : "The deliverable must be a text or a JSON object.";
        if (error is not null) return false;
        bool text = element.ValueKind == JsonValueKind.String;
        deliverable = text ? FromText(element.GetString()!) : FromJson(element);
        if (deliverable.Bytes.Length <= Limits.DeliverableBytes) return true;
        deliverable = null;
        error = TooLarge;
        return false;
    }

    /// <summary>
    /// Why this is never paid, whatever a judge would say, as a sentence for the worker; null when it may be
    /// judged:
    /// nothing visible, a single character, an error report, a placeholder, or the job's own text.
    /// </summary>
    /// <param name="jobTexts">Title, description and the texts of the task as the buyer posted them.</param>
    /// <param name="hasFiles">Files were handed in beside it: then a covering letter may be all that it is.</param>
    public string? NeverPaid(IReadOnlyList<string> jobTexts, bool hasFiles = false) =>
        EmptyWork.Reason(this, jobTexts, hasFiles);
}
