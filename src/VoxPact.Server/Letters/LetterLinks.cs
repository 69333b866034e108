using System.Buffers.Text;
using System.Security.Cryptography;
using VoxPact.Domain.Agents;

namespace VoxPact.Server.Letters;

/// <summary>
/// Links in letters: the letter's id, and an HMAC of it under a key derived from the pepper. Whoever reads the database
/// has no link, and whoever has a link learns nothing of another one.
/// </summary>
internal sealed class LetterLinks(byte[] pepper, string publicUrl)
{
    public const string Path = "/letters";
    private const int IdBytes = 16;
    private readonly byte[] _key =
        HKDF.DeriveKey(HashAlgorithmName.SHA256, pepper, 32, info: "voxpact letters"u8.ToArray());

    public string UrlOf(Letter letter) => $"{publicUrl}{Path}/{TokenOf(letter.Id)}";

    /// <summary>The letter that a link is of; null for what this server never made.</summary>
    public Guid? Read(string token)
    {
        if (!Base64Url.IsValid(token) || Base64Url.GetMaxDecodedLength(token.Length) > IdBytes + 32) return null;
        byte[] bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length != IdBytes + 32) return null;
        return CryptographicOperations.FixedTimeEquals(bytes.AsSpan(IdBytes), MacOf(bytes.AsSpan(0, IdBytes)))
            ? new Guid(bytes.AsSpan(0, IdBytes), bigEndian: true)
            : null;
    }

    private string TokenOf(Guid id)
    {
        byte[] bytes = new byte[IdBytes];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Base64Url.EncodeToString([.. bytes, .. MacOf(bytes)]);
    }

    private byte[] MacOf(ReadOnlySpan<byte> id) => HMACSHA256.HashData(_key, id);
}
