using Microsoft.Extensions.Primitives;
using VoxPact.Domain;

namespace VoxPact.Server.Http;

/// <summary>Reads the <c>Idempotency-Key</c> header.</summary>
internal static class IdempotencyKey
{
    /// <summary>The header's name, which <c>errors</c> names too.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>
    /// The key, or null when the client sent none. Without a credential anybody could replay a guessed key
    /// and read the stored answer, so there it must be long enough to be unguessable.
    /// </summary>
    public static (string? Key, Refusal? Refusal) Read(HttpRequest request, bool hasCredential)
    {
        StringValues header = request.Headers[Header];
        if (header.Count == 0) return (null, null);
        if (header.Count > 1 || header[0] is not { Length: > 0 and <= Limits.IdempotencyKeyChars } key
            || !IsPrintable(key))
            return (null, Refusal.Invalid(Header,
                $"Send one key of at most {Limits.IdempotencyKeyChars} printable ASCII characters."));
        if (!hasCredential && key.Length < Limits.AnonymousIdempotencyKeyChars)
            return (null, Refusal.Invalid(Header,
                "Without an API key the Idempotency-Key must have at least "
                + $"{Limits.AnonymousIdempotencyKeyChars} characters, random ones."));
        return (key, null);
    }

    private static bool IsPrintable(string key)
    {
        foreach (char c in key)
            if (c is < ' ' or > '~') return false;
        return true;
    }
}
