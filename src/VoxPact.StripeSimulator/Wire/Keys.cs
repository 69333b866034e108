using System.Security.Cryptography;
using System.Text;

namespace VoxPact.StripeSimulator.Wire;

internal enum KeyKind
{
    Publishable,
    Secret,
}

/// <summary>Tells by Basic or Bearer credentials, or a browser's <c>key</c> field, who is asking.</summary>
internal sealed class Keys(SimulatorOptions options)
{
    public KeyKind Recognize(HttpContext http, string? field)
    {
        var key = FromHeader(http) ?? field;
        if (string.IsNullOrEmpty(key))
            throw Fault.Unauthorized(
                "You did not provide an API key. You need to provide your API key in the Authorization "
                + "header, "
                + "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
        if (Same(key, options.SecretKey))
            return KeyKind.Secret;
        if (Same(key, options.PublishableKey))
            return KeyKind.Publishable;
        throw Fault.Unauthorized($"Invalid API Key provided: {Masked(key)}");
    }

    private static string? FromHeader(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return header["Bearer ".Length..].Trim();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length).Split(':')[0]
            : "";
    }

    private static bool Same(string given, string wanted) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(wanted)));

    private static string Masked(string key)
        => key.Length <= 12 ? new string('*', key.Length) : $"{key[..8]}{new string('*', 8)}{key[^4..]}";
}
