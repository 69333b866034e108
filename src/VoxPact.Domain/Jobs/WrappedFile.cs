using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// A file that is itself the deliverable: an object with the one member <c>file</c>, which holds name, type, bytes,
/// SHA-256 and the content in base64, so that buyer, hash and criteria see one thing.
/// </summary>
public static class WrappedFile
{
    private const string Member = "file";

    public static JsonElement Wrap(DeliveredFile file, ReadOnlySpan<byte> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(Member);
            json.WriteString("name"u8, file.Name);
            json.WriteString("type"u8, file.Type);
            json.WriteNumber("bytes"u8, file.Bytes);
            json.WriteString("sha256"u8, file.Sha256);
            json.WriteBase64String("content_base64"u8, content);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>The file and its content; null for what is no file, or lies about its content.</summary>
    public static (DeliveredFile File, byte[] Content)? Unwrap(Deliverable work)
    {
        if (work.Json is not { } json || json.GetPropertyCount() != 1 || !json.TryGetProperty(Member, out var file)
            || file.ValueKind is not JsonValueKind.Object || file.GetPropertyCount() != 5) return null;
        if (TextOf(file, "name") is not { } name || TextOf(file, "type") is not { } type
            || TextOf(file, "sha256") is not { } sha256 || !file.TryGetProperty("bytes", out var size)
            || size.ValueKind is not JsonValueKind.Number || !size.TryGetInt64(out long bytes)
            || !file.TryGetProperty("content_base64", out var base64) || base64.ValueKind is not JsonValueKind.String
            || !base64.TryGetBytesFromBase64(out byte[]? content)) return null;
        return content.Length == bytes && Convert.ToHexStringLower(SHA256.HashData(content)) == sha256
            ? (new DeliveredFile(name, type, bytes, sha256), content)
            : null;
    }

    private static string? TextOf(JsonElement file, string member) =>
        file.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
