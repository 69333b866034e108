using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Agents;

namespace VoxPact.Server.Http;

/// <summary>
/// Tokens (JWT, HS256) that stand for an agent's key for an hour. A token is bound to the very key it was exchanged
/// for, whose hash it carries encrypted, so every look-up by key works as ever, nothing is cached, and rotation kills
/// it on every node in the same moment as the key. The key itself is never in it.
/// </summary>
internal sealed class AccessTokens(byte[] pepper, TimeProvider time)
{
    public const int LifetimeSeconds = 3_600;
    private const int Longest = 1_024;
    private const int SecretBytes = 32;

    // The one header that is ever minted; another, such as alg none, is not ours and is not looked at.
    private static readonly string s_header =
        Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8) + ".";

    // What the database holds for no key.
    private static readonly byte[] s_nobody = new byte[SecretBytes];

    private readonly byte[] _signing = Derive(pepper, "voxpact token signatures");
    private readonly Engine.SecretSeal _seal = new(Derive(pepper, "voxpact token contents"));

    public static bool IsWellFormed(string text)
    {
        if (text.Length > Longest || !text.StartsWith(s_header, StringComparison.Ordinal)) return false;
        int dots = 0;
        foreach (char c in text)
        {
            if (c == '.') dots++;
            else if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) return false;
        }
        return dots == 2;
    }

    /// <summary>A token for a key of the agent: its own, or a named one.</summary>
    public (string Token, DateTimeOffset ExpiresAt) Mint(Agent agent, string key, AgentKey? named = null)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        byte[] bound = [.. ApiKey.Hash(key, pepper), .. SecretOf(key)];
        string scope = named is null ? "" : $"\"scope\":\"{string.Join(' ', KeyView.Words(named.Scopes))}\",";
        string payload = string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $$"""
            {"iss":"voxpact","sub":"{{Id.Format(Id.Agent, agent.Id)}}","iat":{{now}},"exp":{{now + LifetimeSeconds}},
            "gen":{{agent.KeyGeneration}},{{scope}}"key":"{{Base64Url.EncodeToString(_seal.Close(bound))}}"}
            """).ReplaceLineEndings("");
        string signed = s_header + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));
        return ($"{signed}.{Signature(signed)}", DateTimeOffset.FromUnixTimeSeconds(now + LifetimeSeconds));
    }

    /// <summary>
    /// The hash under which the database knows the credential's key; for a token that is forged or past its hour, one
    /// that it knows for nobody.
    /// </summary>
    public byte[] KeyHashOf(Credential credential) => credential.Kind is CredentialKind.Token
        ? Open(credential.Key)?[..^SecretBytes] ?? s_nobody
        : ApiKey.Hash(credential.Key, pepper);

    /// <summary>
    /// What only holders of the key or of its token know, for encrypting answers; the key does not follow from it.
    /// </summary>
    public byte[] SecretOf(Credential credential) => credential.Kind is CredentialKind.Token
        ? Open(credential.Key)?[^SecretBytes..] ?? s_nobody
        : SecretOf(credential.Key);

    private static byte[] SecretOf(string key) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), "voxpact answers"u8);

    private byte[]? Open(string token)
    {
        int end = token.LastIndexOf('.');
        byte[] given = Encoding.ASCII.GetBytes(token[(end + 1)..]);
        byte[] right = Encoding.ASCII.GetBytes(Signature(token[..end]));
        if (!CryptographicOperations.FixedTimeEquals(given, right)) return null;
        // Signed by this server, so it is of the shape that Mint gave it.
        using var payload = JsonDocument.Parse(
            Base64Url.DecodeFromChars(token.AsSpan(s_header.Length, end - s_header.Length)));
        long expires = payload.RootElement.GetProperty("exp").GetInt64();
        if (time.GetUtcNow().ToUnixTimeSeconds() >= expires) return null;
        return _seal.Open(Base64Url.DecodeFromChars(payload.RootElement.GetProperty("key").GetString()));
    }

    private string Signature(string signed) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_signing, Encoding.ASCII.GetBytes(signed)));

    private static byte[] Derive(byte[] pepper, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, pepper, 32, info: Encoding.ASCII.GetBytes(purpose));
}
