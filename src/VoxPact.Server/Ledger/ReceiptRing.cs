using System.Security.Cryptography;
using System.Text;
using VoxPact.Client;

namespace VoxPact.Server.Ledger;

/// <summary>
/// The keys that receipts are signed with: one for each generation, all derived from the pepper, so that every node has
/// the same and none lies in the database. A new generation signs from its start on; the old ones stay published.
/// </summary>
internal sealed class ReceiptRing(byte[] pepper, int generation)
{
    private readonly (byte[] Private, ReceiptKey Public)[] _keys =
    [
        .. Enumerable.Range(1, generation).Reverse().Select(number =>
        {
            byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, pepper, 32,
                info: Encoding.UTF8.GetBytes($"voxpact receipts {number}"));
            return (key, ReceiptSignature.PublicKeyOf(key));
        }),
    ];

    public ReceiptKeys Public => new() { Keys = [.. _keys.Select(key => key.Public)] };

    public SignedReceipt Sign(Receipt receipt) =>
        ReceiptSignature.Sign(receipt, _keys[0].Private, _keys[0].Public.Kid);
}
