using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace VoxPact.Domain.Agents;

/// <summary>
/// The text form of a credential: a public prefix, 43 base62 digits of 32 random bytes, and 6 of a checksum,
/// so that a mistyped key is told from an unknown one without asking the database, and a leaked one is found
/// by its shape.
/// </summary>
public static class ApiKey
{
    /// <summary>What an agent's key starts with.</summary>
    public const string AgentPrefix = "vxp_live_";

    /// <summary>What the operator's key starts with.</summary>
    public const string OperatorPrefix = "vxp_operator_";

    /// <summary>What a named key starts with, so that its form tells it from the agent's own.</summary>
    public const string NamedPrefix = "vxp_key_";

    /// <summary>How many random bytes a key carries.</summary>
    public const int RandomBytes = 32;

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const byte NamedTag = 1;
    private const int BodyChars = 43;
    private const int ChecksumChars = 6;

    /// <summary>The key whose secret is <paramref name="random32"/>.</summary>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public static string Create(string prefix, ReadOnlySpan<byte> random32)
    {
        if (random32.Length != RandomBytes)
            throw new ArgumentException($"A key has {RandomBytes} random bytes.", nameof(random32));
        Span<char> text = stackalloc char[prefix.Length + BodyChars + ChecksumChars];
        prefix.CopyTo(text);
        WriteBase62(new BigInteger(random32, isUnsigned: true, isBigEndian: true),
            text.Slice(prefix.Length, BodyChars));
        WriteBase62(Checksum(text[..^ChecksumChars]), text[^ChecksumChars..]);
        return new string(text);
    }

    /// <summary>Whether the text has the prefix, the length, the digits and the checksum of a key.</summary>
    public static bool IsWellFormed(string text, string prefix)
    {
        if (text.Length != prefix.Length + BodyChars + ChecksumChars
            || !text.StartsWith(prefix, StringComparison.Ordinal)) return false;
        foreach (char c in text.AsSpan(prefix.Length))
            if (!char.IsAsciiLetterOrDigit(c)) return false;
        Span<char> checksum = stackalloc char[ChecksumChars];
        WriteBase62(Checksum(text.AsSpan(0, text.Length - ChecksumChars)), checksum);
        return checksum.SequenceEqual(text.AsSpan(text.Length - ChecksumChars));
    }

    /// <summary>
    /// What is stored instead of the key: HMAC-SHA256 under a pepper kept outside the database. A named key's has a
    /// byte more, so that whoever looks it up knows where, and never takes it for another kind of key.
    /// </summary>
    public static byte[] Hash(string key, ReadOnlySpan<byte> pepper)
    {
        byte[] hash = HMACSHA256.HashData(pepper, Encoding.UTF8.GetBytes(key));
        return key.StartsWith(NamedPrefix, StringComparison.Ordinal) ? [.. hash, NamedTag] : hash;
    }

    /// <summary>Whether it is the hash of a named key.</summary>
    public static bool IsNamed(ReadOnlySpan<byte> hash) => hash.Length == HMACSHA256.HashSizeInBytes + 1;

    private static uint Checksum(ReadOnlySpan<char> text)
    {
        uint crc = uint.MaxValue;
        foreach (char c in text) crc = BitOperations.Crc32C(crc, (byte)c);
        return ~crc;
    }

    private static void WriteBase62(BigInteger value, Span<char> target)
    {
        for (int i = target.Length - 1; i >= 0; i--)
        {
            value = BigInteger.DivRem(value, Digits.Length, out BigInteger digit);
            target[i] = Digits[(int)digit];
        }
    }
}
