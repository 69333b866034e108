using System.Text;
using System.Text.Json;
using VoxPact.Domain.Jobs;

namespace VoxPact.Domain.Verdicts;

/// <summary>
/// How a judge's confidence is read: from the raw text of its answer, never through a binary float.
/// </summary>
public static class Confidence
{
    /// <summary>
    /// Reads the bytes of a JSON number from 0 to 1 as basis points, rounding down, so that 0.79999 is not
    /// 0.80.
    /// False for anything else: a percentage, a text, a number out of range.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> rawNumber, out BasisPoints confidence)
    {
        confidence = BasisPoints.Zero;
        if (rawNumber.Length is 0 or > Limits.NumberChars) return false;
        var reader = new Utf8JsonReader(rawNumber);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number) return false;
            string text = Encoding.ASCII.GetString(reader.ValueSpan);
            if (reader.Read()) return false;
            JsonNumber value = JsonNumber.Parse(text);
            if (value.Sign < 0 || value.CompareTo(JsonNumber.One) > 0) return false;
            confidence = new BasisPoints(value.ToBasisPoints());
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
