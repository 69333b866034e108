using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// A JSON number of any length, exact: sign × 0.Digits × 10^Point. Digits carry no outer zeros, so that two
/// spellings
/// of one value are equal and 1.0 is an integer. The text must be shorter than <see
/// cref="Limits.NumberChars"/>.
/// </summary>
internal readonly record struct JsonNumber : IComparable<JsonNumber>
{
    public static readonly JsonNumber Zero = Parse("0");
    public static readonly JsonNumber One = Parse("1");

    private JsonNumber(int sign, string digits, BigInteger point) =>
        (Sign, Digits, Point) = (sign, digits, point);

    public int Sign { get; }
    private string Digits { get; }
    private BigInteger Point { get; }

    public bool IsInteger => Digits.Length <= Point || Sign == 0;

    public static JsonNumber Of(JsonElement number) => Parse(number.GetRawText());

    /// <summary>Reads the text of a JSON number; the JSON reader has already checked its grammar.</summary>
    public static JsonNumber Parse(ReadOnlySpan<char> raw)
    {
        int sign = raw[0] == '-' ? -1 : 1;
        if (sign < 0) raw = raw[1..];
        int e = raw.IndexOfAny('e', 'E');
        BigInteger exponent = e < 0 ? 0
            : BigInteger.Parse(raw[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (e >= 0) raw = raw[..e];
        int dot = raw.IndexOf('.');
        int whole = dot < 0 ? raw.Length : dot;
        string all = dot < 0 ? raw.ToString() : string.Concat(raw[..dot], raw[(dot + 1)..]);
        string digits = all.TrimStart('0');
        BigInteger point = exponent + whole - (all.Length - digits.Length);
        digits = digits.TrimEnd('0');
        return digits.Length == 0 ? new JsonNumber(0, "", 0) : new JsonNumber(sign, digits, point);
    }

    public int CompareTo(JsonNumber other)
    {
        if (Sign != other.Sign) return Sign.CompareTo(other.Sign);
        int size = Point.CompareTo(other.Point);
        if (size == 0) size = string.CompareOrdinal(Digits, other.Digits);
        return size * Sign;
    }

    /// <summary>
    /// True when this is a whole multiple of <paramref name="divisor"/>, which is above zero.
    /// </summary>
    public bool IsMultipleOf(JsonNumber divisor)
    {
        if (Sign == 0) return true;
        BigInteger shift = Point - Digits.Length - (divisor.Point - divisor.Digits.Length);
        // The digits end in no zero, so a divisor with a larger power of ten cannot divide them.
        if (shift < 0) return false;
        BigInteger modulus = BigInteger.Parse(divisor.Digits, CultureInfo.InvariantCulture);
        BigInteger rest = BigInteger.Parse(Digits, CultureInfo.InvariantCulture) % modulus;
        return (rest * BigInteger.ModPow(10, shift, modulus) % modulus).IsZero;
    }

    /// <summary>
    /// The value as a count: null unless a whole number of at least 0; beyond int it stays at the largest.
    /// </summary>
    public int? ToCount()
    {
        if (Sign < 0 || !IsInteger) return null;
        if (Sign == 0) return 0;
        if (Point > 9) return int.MaxValue;
        return int.Parse(Digits.PadRight((int)Point, '0'), CultureInfo.InvariantCulture);
    }

    /// <summary>The value × 10,000, rounded down; only for values from 0 to 1.</summary>
    public int ToBasisPoints()
    {
        if (Sign == 0 || Point <= -4) return 0;
        int places = (int)Point + 4;
        string digits = Digits.Length > places ? Digits[..places] : Digits.PadRight(places, '0');
        return int.Parse(digits, CultureInfo.InvariantCulture);
    }

    /// <summary>The value for people: plain digits where that stays short.</summary>
    public string ToPlainString()
    {
        string sign = Sign < 0 ? "-" : "";
        if (Sign == 0) return "0";
        if (Point < -20 || Point > 40) return ToString();
        int point = (int)Point;
        if (point <= 0) return $"{sign}0.{new string('0', -point)}{Digits}";
        return Digits.Length <= point
            ? sign + Digits.PadRight(point, '0') : $"{sign}{Digits[..point]}.{Digits[point..]}";
    }

    /// <summary>One spelling per value, for comparing whole documents.</summary>
    public override string ToString() => Sign == 0 ? "0" : $"{(Sign < 0 ? "-" : "")}0.{Digits}e{Point}";
}
