using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VoxPact.Server.Payments;

/// <summary>
/// A hint from Stripe that an object changed; what it changed to is fetched, because events come late, twice
/// and out of order.
/// </summary>
/// <param name="ObjectId">Null for the few objects without an id, such as a balance.</param>
/// <param name="Account">The connected account it is about; null for the platform's own.</param>
internal sealed record StripeEvent(
    string Id, string Type, string? ObjectId, DateTimeOffset Created, bool LiveMode, string? Account);

/// <summary>
/// Verifies Stripe's events on the raw bytes, and reads no more of them than the hint. Stripe.net's own
/// parser verifies a decoded string and refuses every API version but its own.
/// </summary>
internal static class StripeEvents
{
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(300);

    private const string Scheme = "v1=";

    /// <param name="body">The request's body, byte for byte.</param>
    /// <param name="signatureHeader">The header <c>Stripe-Signature</c>.</param>
    /// <param name="secret">The endpoint's <c>whsec_…</c>, used as it is written.</param>
    /// <param name="tolerance">How far the signing may lie from <paramref name="now"/>, either way.</param>
    /// <param name="now">Real time, also where business time was moved.</param>
    /// <returns>Null when the signature, its time or the body is not right.</returns>
    public static StripeEvent? TryParse(
        ReadOnlyMemory<byte> body, string? signatureHeader, string secret, TimeSpan tolerance,
        DateTimeOffset now) =>
        IsSigned(body.Span, signatureHeader, secret, tolerance, now) ? Read(body) : null;

    private static bool IsSigned(
        ReadOnlySpan<byte> body, string? header, string secret, TimeSpan tolerance, DateTimeOffset now)
    {
        string[] parts = header?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        string? time = parts.FirstOrDefault(part => part.StartsWith("t=", StringComparison.Ordinal))?[2..];
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long signedAt))
            return false;
        // Comparing with both bounds cannot overflow for absurd times, as a difference could.
        long clock = now.ToUnixTimeSeconds(), slack = (long)tolerance.TotalSeconds;
        if (signedAt < clock - slack || signedAt > clock + slack) return false;

        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        mac.AppendData(Encoding.UTF8.GetBytes(time + "."));
        mac.AppendData(body);
        byte[] expected = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(mac.GetHashAndReset()));
        bool right = false;
        // While a secret is being rolled there is one signature for each.
        foreach (string part in parts)
            if (part.StartsWith(Scheme, StringComparison.Ordinal))
                right |= CryptographicOperations.FixedTimeEquals(
                    expected, Encoding.UTF8.GetBytes(part[Scheme.Length..]));
        return right;
    }

    private static StripeEvent? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            JsonElement root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return null;
            if (Text(root, "id") is not { } id || Text(root, "type") is not { } type) return null;
            var created = DateTimeOffset.FromUnixTimeSeconds(root.GetProperty("created").GetInt64());
            bool live = root.GetProperty("livemode").GetBoolean();
            return new StripeEvent(id, type, ObjectId(root), created, live, Text(root, "account"));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException
            or KeyNotFoundException or ArgumentOutOfRangeException)
        {
            // Signed by Stripe and yet not an event: not ours to guess at.
            return null;
        }
    }

    private static string? ObjectId(JsonElement root) =>
        root.TryGetProperty("data", out JsonElement data) && data.ValueKind == JsonValueKind.Object
        && data.TryGetProperty("object", out JsonElement about) && about.ValueKind == JsonValueKind.Object
            ? Text(about, "id") : null;

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
