using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VoxPact.Client;

/// <summary>
/// Signs and verifies events as Standard Webhooks say: <c>v1,</c> and the base64 of HMAC-SHA256 over
/// <c>id.timestamp.body</c>. A header may carry several signatures separated by a space, as it does after a
/// rotation.
/// </summary>
/// <example><code>
/// WebhookEvent? e = WebhookSignature.Open(secret, request.Headers["webhook-id"],
///     request.Headers["webhook-timestamp"], request.Headers["webhook-signature"], body, clock.GetUtcNow());
/// if (e is null) return Results.Unauthorized();
/// </code></example>
public static class WebhookSignature
{
    /// <summary>Carries the event's id.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>Carries the time of sending, in whole seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>Carries one signature or more.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>What a secret starts with; base64 of the key follows.</summary>
    public const string SecretPrefix = "whsec_";

    /// <summary>How far the time of sending may be from the receiver's clock, in either direction.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    private const string Version = "v1,";

    /// <summary>The text of a secret from its key; 24 to 64 random bytes.</summary>
    public static string FormatSecret(ReadOnlySpan<byte> key)
    {
        if (key.Length is < 24 or > 64) throw new ArgumentException("A key has 24 to 64 bytes.", nameof(key));
        return SecretPrefix + Convert.ToBase64String(key);
    }

    /// <summary>The value of <c>webhook-signature</c> under one secret.</summary>
    /// <exception cref="FormatException">The secret is not base64.</exception>
    public static string Sign(string secret, string id, DateTimeOffset sentAt, ReadOnlySpan<byte> body)
    {
        string timestamp = sentAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return Version + Convert.ToBase64String(Mac(KeyOf(secret), id, timestamp, body));
    }

    /// <summary>The value of <c>webhook-signature</c> while both an old and a new secret are good.</summary>
    public static string Sign(
        IEnumerable<string> secrets, string id, DateTimeOffset sentAt, ReadOnlySpan<byte> body)
    {
        var signatures = new List<string>();
        foreach (string secret in secrets) signatures.Add(Sign(secret, id, sentAt, body));
        return string.Join(' ', signatures);
    }

    /// <summary>
    /// Whether one of the signatures is right for the raw bytes of the body and the time is within
    /// <see cref="Tolerance"/> of <paramref name="now"/>. Missing or malformed headers are simply not right.
    /// </summary>
    public static bool Verify(
        string secret, string? id, string? timestamp, string? signatures,
        ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(signatures)) return false;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long sentAt))
            return false;
        // Subtracting could overflow for absurd times; comparing with the two bounds cannot.
        long clock = now.ToUnixTimeSeconds(), tolerance = (long)Tolerance.TotalSeconds;
        if (sentAt < clock - tolerance || sentAt > clock + tolerance) return false;

        byte[] expected = Mac(KeyOf(secret), id, timestamp, body);
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        bool right = false;
        foreach (Range part in signatures.AsSpan().Split(' '))
        {
            ReadOnlySpan<char> signature = signatures.AsSpan()[part];
            if (signature.StartsWith(Version, StringComparison.Ordinal)
                && Convert.TryFromBase64Chars(signature[Version.Length..], given, out int written)
                && written == given.Length)
                right |= CryptographicOperations.FixedTimeEquals(expected, given);
        }
        return right;
    }

    /// <summary>
    /// The event, when its signature is right (see <see cref="Verify"/>) and its body is one; else null.
    /// </summary>
    public static WebhookEvent? Open(
        string secret, string? id, string? timestamp, string? signatures,
        ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!Verify(secret, id, timestamp, signatures, body, now)) return null;
        try
        {
            return JsonSerializer.Deserialize(body, VoxPactJson.Wire.WebhookEvent);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] KeyOf(string secret) => Convert.FromBase64String(
        secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret);

    private static byte[] Mac(byte[] key, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }
}
