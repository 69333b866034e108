using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using VoxPact.Client;
using VoxPact.Domain;

namespace VoxPact.Server.Http;

/// <summary>
/// Reads a request's JSON body so that whatever a client sends is either the record or a 4xx that says why.
/// </summary>
internal static class StrictBody
{
    /// <summary>The body is larger than the endpoint takes.</summary>
    public static Refusal TooLarge(long maxBytes) => new(RefusalCode.PayloadTooLarge,
        $"The body is larger than the {maxBytes} bytes that this endpoint takes; send less.");

    /// <summary>The body does not say that it is JSON in UTF-8.</summary>
    public static readonly Refusal NotJson = new(RefusalCode.UnsupportedMediaType,
        "Send JSON in UTF-8, uncompressed, with the header Content-Type: application/json.");

    private const int FirstBytes = 4_096, ScrapBytes = 16 * 1024;

    /// <summary>How much of a body that is too large is still taken, and for how long.</summary>
    private const int MostDropped = 8 * 1024 * 1024;
    private static readonly TimeSpan s_longestDrop = TimeSpan.FromSeconds(5);

    private static readonly Refusal s_empty = new(RefusalCode.MalformedJson,
        "The body is empty; send a JSON object.");

    /// <summary>
    /// The record, the SHA-256 of the raw bytes (for the comparison of idempotent repeats), or why not: 413,
    /// 415 or 400. With <paramref name="optional"/> an absent body gives neither record nor refusal.
    /// </summary>
    /// <param name="http">The request; its body is read to the end or not at all.</param>
    /// <param name="type">From <see cref="VoxPactJson"/>; the record's own attributes say what is
    /// required.</param> <param name="maxBytes">The largest body that the endpoint takes.</param> <param
    /// name="optional">Whether the body may be left out.</param>
    public static async ValueTask<(T? Value, byte[] Sha256OfRawBody, Refusal? Refusal)> ReadAsync<T>(
        HttpContext http, JsonTypeInfo<T> type, int maxBytes, bool optional) where T : class
    {
        HttpRequest request = http.Request;
        bool saysNothing = request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0;
        if (!(saysNothing && optional) && !IsJson(request.Headers)) return (null, [], NotJson);
        return await ReadBytesAsync<(T?, byte[], Refusal?)>(http, maxBytes, body =>
        {
            byte[] hash = SHA256.HashData(body.Span);
            if (body.Length == 0) return (null, hash, optional ? null : s_empty);
            (T? value, Refusal? wrong) = Parse(body, type);
            return (value, hash, wrong);
        }, refusal => (null, [], refusal));
    }

    /// <summary>
    /// Reads the body to its end and hands its bytes, which are gone afterwards, to <paramref name="take"/>.
    /// </summary>
    public static async ValueTask<T> ReadBytesAsync<T>(
        HttpContext http, int maxBytes, Func<ReadOnlyMemory<byte>, T> take, Func<Refusal, T> refuse)
    {
        HttpRequest request = http.Request;
        // The endpoint's own bound is kept below; the listener's would cut the connection before the refusal is read.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } listener)
            listener.MaxRequestBodySize = MostDropped;
        if (request.ContentLength > maxBytes)
        {
            await DropAsync(http);
            return refuse(TooLarge(maxBytes));
        }
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? FirstBytes) + 1);
        try
        {
            int length = 0;
            while (true)
            {
                int read = await request.Body.ReadAsync(buffer.AsMemory(length), http.RequestAborted);
                if (read == 0) break;
                length += read;
                if (length > maxBytes)
                {
                    await DropAsync(http);
                    return refuse(TooLarge(maxBytes));
                }
                if (length == buffer.Length) buffer = Grow(buffer);
            }
            return take(buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Takes what is left of a body that is too large: a client that is still writing cannot read why it is refused.
    /// One that waits to be asked for its body (Expect) is told at once.
    /// </summary>
    private static async Task DropAsync(HttpContext http)
    {
        if (http.Request.Headers.Expect.Count > 0 || http.Request.ContentLength > MostDropped) return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        patience.CancelAfter(s_longestDrop);
        byte[] scrap = ArrayPool<byte>.Shared.Rent(ScrapBytes);
        try
        {
            while (await http.Request.Body.ReadAsync(scrap, patience.Token) > 0)
            {
                // It goes nowhere.
            }
        }
        catch (Exception enough) when (enough is BadHttpRequestException
            || (enough is OperationCanceledException && !http.RequestAborted.IsCancellationRequested))
        {
            // More than is taken, or slower: the refusal goes out, and the connection with it.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scrap);
        }
    }

    /// <summary>The record in these bytes, or a 400 that says where they break.</summary>
    public static (T? Value, Refusal? Refusal) Parse<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        if (body.Span is [0xEF, 0xBB, 0xBF, ..])
            return (null, Malformed("The body starts with a byte order mark; send plain UTF-8 without one."));
        if (!Utf8.IsValid(body.Span)) return (null, Malformed("The body is not valid UTF-8."));
        if (JsonScan.Check(body.Span, VoxPactJson.MaxDepth, out bool hasNullItems) is { } broken)
            return (null, broken);
        T? value = null;
        JsonException? wrong = null;
        try
        {
            value = JsonSerializer.Deserialize(body.Span, type);
        }
        catch (JsonException e)
        {
            wrong = e;
        }
        // The serializer lets nulls into lists of words, so those bodies are looked through although they
        // were read.
        if (value is not null && !hasNullItems) return (value, null);
        IReadOnlyDictionary<string, string[]> errors = BodyErrors.Find(body, type);
        if (errors.Count > 0) return (null, Refusal.Invalid(errors));
        return wrong is null ? (value, null) : (null, Malformed("The body is not of the shape asked for."));
    }

    /// <summary>A 400 for bytes that are not one JSON object.</summary>
    public static Refusal Malformed(string sentence) => new(RefusalCode.MalformedJson, sentence);

    public static bool IsJson(IHeaderDictionary headers)
    {
        StringValues types = headers.ContentType;
        if (types.Count != 1 || !MediaTypeHeaderValue.TryParse(types[0], out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return false;
        StringSegment charset = HeaderUtilities.RemoveQuotes(type.Charset);
        if (charset.Length > 0 && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)) return false;
        StringValues encodings = headers.ContentEncoding;
        return encodings.Count == 0
            || string.Equals(encodings, "identity", StringComparison.OrdinalIgnoreCase);
    }

    private static byte[] Grow(byte[] full)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
