using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Http;

/// <summary>A body taken as it came: a file, or JSON whose shape is not fixed.</summary>
/// <param name="Type">The media type without parameters, in lower case.</param>
/// <param name="Name">The file's name as <c>Content-Disposition</c> gives it, without any folder.</param>
internal sealed record RawBody(byte[] Bytes, string Type, bool IsJson, string? Name)
{
    private static readonly Refusal s_noType = new(RefusalCode.UnsupportedMediaType,
        "Say what the body is: Content-Type: application/json for a deliverable in JSON, else the file's own type, "
        + "such as text/markdown or application/pdf; send the file itself, not a form.");

    /// <summary>The body, the SHA-256 of its bytes, or why not: 413 or 415.</summary>
    public static async ValueTask<(RawBody? Body, byte[] Sha256, Refusal? Refusal)> ReadAsync(
        HttpContext http, int maxBytes)
    {
        var headers = http.Request.Headers;
        if (headers.ContentType is not [{ } said] || !MediaTypeHeaderValue.TryParse(said, out var type)
            || type.Type.Equals("multipart", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            || headers.ContentEncoding is not ([] or ["identity"])) return (null, [], s_noType);
        string saidOfIt = headers.ContentDisposition.ToString();
        string? name = ContentDispositionHeaderValue.TryParse(saidOfIt, out var disposition)
            ? (disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value?.Trim('"')
            : null;
        string media = type.MediaType.Value!.ToLowerInvariant();
        bool isJson = StrictBody.IsJson(headers);
        if (media == "application/json" && !isJson) return (null, [], StrictBody.NotJson);
        return await StrictBody.ReadBytesAsync<(RawBody?, byte[], Refusal?)>(http, maxBytes, bytes =>
            (new RawBody(bytes.ToArray(), media, isJson, FileNames.Clean(name)), SHA256.HashData(bytes.Span), null),
            refusal => (null, [], refusal));
    }
}

/// <summary>Names of files that strangers choose.</summary>
internal static class FileNames
{
    /// <summary>
    /// The last part of the name without control, invisible or direction-changing characters, or null when nothing of
    /// it is left.
    /// </summary>
    public static string? Clean(string? name)
    {
        if (name is null) return null;
        string last = name[(name.LastIndexOfAny(['/', '\\', ':']) + 1)..];
        string clean = string.Concat(last.EnumerateRunes()
            .Where(rune => !Rune.IsControl(rune) && !InvisibleText.IsHidden(rune) && rune != Rune.ReplacementChar))
            .Trim(' ', '.');
        return clean.Length is > 0 and <= Limits.FileNameChars ? clean : null;
    }
}
