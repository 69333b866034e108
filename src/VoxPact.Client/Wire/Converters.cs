using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxPact.Client;

/// <summary>
/// Reads a decimal from the number's own text, never through a binary float, and keeps its scale, so that
/// <c>0.10</c> stays <c>0.10</c>. Exponents, strings and more than 18 digits are refused.
/// </summary>
public sealed class AmountConverter : JsonConverter<decimal>
{
    /// <summary>As many digits as fit a 64-bit integer of minor units whatever the currency.</summary>
    public const int MaxDigits = 18;

    /// <inheritdoc/>
    public override decimal Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number)
            throw new JsonException("Write this as a JSON number such as 0.10, not as text.");
        // One sign and one point more than the digits: a longer text cannot be an amount, whatever it says.
        Span<byte> copy = stackalloc byte[MaxDigits + 2];
        long length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (length > copy.Length) throw TooLong();
        copy = copy[..reader.CopyNumber(copy)];
        int digits = 0;
        foreach (byte b in copy)
        {
            if (b is (byte)'e' or (byte)'E')
                throw new JsonException("Write this number out in digits such as 0.10, without an exponent.");
            if (b is >= (byte)'0' and <= (byte)'9') digits++;
        }
        if (digits > MaxDigits) throw TooLong();
        if (!Utf8Parser.TryParse(copy, out decimal value, out int consumed) || consumed != copy.Length)
            throw new JsonException("Write this as a JSON number such as 0.10.");
        return value;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value);

    private static JsonException TooLong() =>
        new($"Write this number with at most {MaxDigits} digits.");
}

/// <summary>
/// Times on the wire: RFC 3339 in UTC with exactly three decimals and <c>Z</c>. Reading needs an offset.
/// </summary>
public sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // Optional fractions up to the runtime's own resolution; an offset is required, else the time is
    // ambiguous.
    private static readonly string[] Accepted =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>The text of a time as the API writes it, such as <c>2026-01-31T09:00:00.000Z</c>.</summary>
    public static string ToText(DateTimeOffset time) =>
        time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String
            && DateTimeOffset.TryParseExact(reader.GetString(), Accepted, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
            return time;
        throw new JsonException(
            "Write this as a time of RFC 3339 with its offset, such as 2026-01-31T09:00:00.000Z.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ToText(value));
}

internal static class NumberText
{
    /// <summary>Copies the raw text of the number under the reader; the target is at least as long.</summary>
    public static int CopyNumber(this scoped ref Utf8JsonReader reader, scoped Span<byte> target)
    {
        if (!reader.HasValueSequence)
        {
            reader.ValueSpan.CopyTo(target);
            return reader.ValueSpan.Length;
        }
        reader.ValueSequence.CopyTo(target);
        return (int)reader.ValueSequence.Length;
    }
}
