using System.Security.Cryptography;
using System.Text;

namespace VoxPact.Server.Engine;

/// <summary>
/// Encrypts what must come back from the database but must not be readable in it (AES-256-GCM): webhook secrets
/// under the pepper alone, replayable answers that hold a secret under pepper, credential and Idempotency-Key.
/// </summary>
internal sealed class SecretSeal(byte[] pepper)
{
    private const int Nonce = 12, Tag = 16;
    private readonly byte[] _own =
        HKDF.DeriveKey(HashAlgorithmName.SHA256, pepper, 32, info: "voxpact secrets"u8.ToArray());

    /// <summary>
    /// The key for one request's answer: nobody without its credential and Idempotency-Key can make it.
    /// </summary>
    public byte[] KeyFor(byte[] credentialSecret, string idempotencyKey) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, pepper, 32, salt: credentialSecret,
        info: Encoding.UTF8.GetBytes("voxpact answer " + idempotencyKey));

    public byte[] Close(ReadOnlySpan<byte> plain, byte[]? key = null)
    {
        byte[] sealedBytes = new byte[Nonce + plain.Length + Tag];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, Nonce));
        using var aes = new AesGcm(key ?? _own, Tag);
        aes.Encrypt(sealedBytes.AsSpan(0, Nonce), plain, sealedBytes.AsSpan(Nonce, plain.Length),
            sealedBytes.AsSpan(Nonce + plain.Length));
        return sealedBytes;
    }

    /// <summary>Null when it was not closed under this key.</summary>
    public byte[]? TryOpen(ReadOnlySpan<byte> closed, byte[] key)
    {
        try
        {
            return Open(closed, key);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    public byte[] Open(ReadOnlySpan<byte> closed, byte[]? key = null)
    {
        byte[] plain = new byte[closed.Length - Nonce - Tag];
        using var aes = new AesGcm(key ?? _own, Tag);
        aes.Decrypt(closed[..Nonce], closed.Slice(Nonce, plain.Length), closed[(Nonce + plain.Length)..], plain);
        return plain;
    }
}
