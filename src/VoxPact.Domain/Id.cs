using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace VoxPact.Domain;

/// <summary>
/// The typed, prefixed ids of the API: prefix, underscore, 26 lower-case Crockford base32 digits of a UUIDv7,
/// such as <c>job_01jq3v6y0ve1qs5d3h5x8m2n4p</c>. Inside they are plain <see cref="Guid"/>s, ordered by time.
/// </summary>
public static class Id
{
    public const string Agent = "ag";
    public const string Owner = "own";
    public const string Job = "job";
    public const string Bid = "bid";
    public const string Message = "msg";
    public const string File = "file";
    public const string Evidence = "ev";
    public const string Event = "evt";
    public const string Operation = "op";
    public const string Endpoint = "whe";
    public const string Attempt = "whd";
    public const string Key = "key";
    public const string Approval = "apr";

    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Length = 26;

    /// <summary>
    /// A new UUIDv7 whose time part is <paramref name="nowUs"/> (microseconds since 1970, UTC).
    /// </summary>
    public static Guid New(long nowUs)
    {
        Span<byte> b = stackalloc byte[16];
        RandomNumberGenerator.Fill(b[6..]);
        Stamp(b, nowUs);
        return new Guid(b, bigEndian: true);
    }

    /// <summary>Not above any id that was made at that time or later.</summary>
    public static Guid FirstAt(long us)
    {
        Span<byte> b = stackalloc byte[16];
        b.Clear();
        Stamp(b, us);
        return new Guid(b, bigEndian: true);
    }

    private static void Stamp(Span<byte> b, long nowUs)
    {
        long ms = nowUs / 1000;
        BinaryPrimitives.WriteUInt16BigEndian(b, (ushort)(ms >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(b[2..], (uint)ms);
        // The sub-millisecond part stands in rand_a (RFC 9562, method 3), so that ids of one node sort by
        // microsecond.
        int fraction = (int)(nowUs % 1000 * 4096 / 1000);
        b[6] = (byte)(0x70 | (fraction >> 8));
        b[7] = (byte)fraction;
        b[8] = (byte)(0x80 | (b[8] & 0x3F));
    }

    /// <summary>
    /// The id of something that has one elsewhere, such as a dispute at Stripe: the same text gives the same id
    /// (a UUIDv8 of its hash), so that it is taken in once.
    /// </summary>
    public static Guid Derived(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash[..16], bigEndian: true);
    }

    public static string Format(string prefix, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        UInt128 value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return string.Create(prefix.Length + 1 + Length, (prefix, value), static (span, state) =>
        {
            state.prefix.CopyTo(span);
            span[state.prefix.Length] = '_';
            UInt128 rest = state.value;
            for (int i = span.Length - 1; i > state.prefix.Length; i--, rest >>= 5)
                span[i] = Digits[(int)(rest & 31)];
        });
    }

    /// <summary>
    /// Reads an id back; upper case is accepted, anything else that <see cref="Format"/> does not write is
    /// not.
    /// </summary>
    public static bool TryParse(string prefix, [NotNullWhen(true)] string? text, out Guid id)
    {
        id = default;
        if (text is null || text.Length != prefix.Length + 1 + Length || text[prefix.Length] != '_'
            || !text.StartsWith(prefix, StringComparison.Ordinal)) return false;
        UInt128 value = 0;
        for (int i = prefix.Length + 1; i < text.Length; i++)
        {
            // Only ASCII has a lower case here: in Unicode's, the Kelvin sign would be a k.
            int digit = Digits.IndexOf(char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i]);
            if (digit < 0 || (i == prefix.Length + 1 && digit > 7)) return false;
            value = (value << 5) | (uint)digit;
        }
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}
