using System.Globalization;
using System.Text.Json;
using VoxPact.Domain;

namespace VoxPact.Server.Http;

/// <summary>
/// One pass over the raw text of a body for what the serializer would take or could not name: nesting, text
/// behind the object, and characters that no database or peer must see.
/// </summary>
internal static class JsonScan
{
    // Deeper than any limit of ours, so that the limit's own sentence is the one that is read.
    private const int ReaderDepth = 1_000;

    /// <summary>Null when the bytes are one JSON object with sound text in it, else why not.</summary>
    /// <param name="body">Valid UTF-8.</param>
    /// <param name="maxDepth">How many objects and arrays may stand in each other; at most 64.</param>
    /// <param name="hasNullItems">Whether an array somewhere has a null in it.</param>
    public static Refusal? Check(ReadOnlySpan<byte> body, int maxDepth, out bool hasNullItems)
    {
        hasNullItems = false;
        ulong arrays = 0;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = ReaderDepth });
        try
        {
            while (reader.Read())
            {
                int depth = reader.CurrentDepth;
                if (depth == 0
                    && reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
                    return StrictBody.Malformed("The body must be a JSON object, in braces.");
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        if (depth >= maxDepth)
                            return StrictBody.Malformed($"The body is nested deeper than {maxDepth} levels.");
                        ulong bit = 1UL << depth;
                        arrays = reader.TokenType == JsonTokenType.StartArray ? arrays | bit : arrays & ~bit;
                        break;
                    case JsonTokenType.Null:
                        hasNullItems |= (arrays >> (depth - 1) & 1) == 1;
                        break;
                    case JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped:
                        if (Unsound(reader.ValueSpan) is { } why) return At(reader.TokenStartIndex, why);
                        break;
                }
            }
        }
        catch (JsonException e)
        {
            return StrictBody.Malformed(string.Create(CultureInfo.InvariantCulture,
                $"The body is not one JSON object: see line {e.LineNumber + 1}, "
                + $"byte {e.BytePositionInLine + 1}."));
        }
        return null;
    }

    private static Refusal At(long byteIndex, string why) => StrictBody.Malformed(
        string.Create(CultureInfo.InvariantCulture, $"The text at byte {byteIndex + 1} {why}."));

    // Raw control characters are no JSON and raw surrogates no UTF-8: only escapes can bring them in.
    private static string? Unsound(ReadOnlySpan<byte> text)
    {
        bool high = false;
        for (int i = 0; i < text.Length; i++)
        {
            bool low = false;
            if (text[i] == '\\' && text[++i] == 'u')
            {
                int unit = int.Parse(
                    text.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                i += 4;
                if (unit == 0) return "has a NUL character (\\u0000), which nothing can store";
                low = unit is >= 0xDC00 and <= 0xDFFF;
                if (high != low) return Half;
                high = unit is >= 0xD800 and <= 0xDBFF;
            }
            else if (high) return Half;
        }
        return high ? Half : null;
    }

    private const string Half = "has half of a surrogate pair, which is no character";
}
