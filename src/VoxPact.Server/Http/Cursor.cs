using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace VoxPact.Server.Http;

/// <summary>
/// Makes and reads the <c>cursor</c> of a list: the id of the page's last item with an HMAC over it, the
/// asking agent and the filter, so that nobody can make one up or carry one to another list.
/// </summary>
/// <param name="key">Known to every node, derived from the pepper for this purpose only.</param>
internal sealed class Cursor(byte[] key)
{
    private const int IdBytes = 16;
    private const int MacBytes = 16;

    /// <summary>The text that continues after <paramref name="last"/>.</summary>
    /// <param name="agentId">Who asks; empty for public lists.</param>
    /// <param name="filter">Everything but limit and cursor that chooses the items, in a fixed order.</param>
    /// <param name="last">The last item of the page.</param>
    public string Encode(Guid agentId, string filter, Guid last)
    {
        Span<byte> token = stackalloc byte[IdBytes + MacBytes];
        last.TryWriteBytes(token, bigEndian: true, out _);
        Mac(agentId, filter, token[..IdBytes], token[IdBytes..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>
    /// Reads a cursor back; false for anything that <see cref="Encode"/> did not write for the same caller.
    /// </summary>
    public bool TryDecode(Guid agentId, string filter, string text, out Guid last)
    {
        last = default;
        Span<byte> token = stackalloc byte[IdBytes + MacBytes];
        if (text.Length != Base64Url.GetEncodedLength(token.Length)
            // The Try method of this class throws on characters that are not base64.
            || Base64Url.DecodeFromChars(text, token, out _, out int written) != OperationStatus.Done
            || written != token.Length) return false;
        Span<byte> expected = stackalloc byte[MacBytes];
        Mac(agentId, filter, token[..IdBytes], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, token[IdBytes..])) return false;
        // The last digit has bits to spare: a text with other ones there decodes to the same bytes and is not
        // ours.
        if (Base64Url.EncodeToString(token) != text) return false;
        last = new Guid(token[..IdBytes], bigEndian: true);
        return true;
    }

    private void Mac(Guid agentId, string filter, ReadOnlySpan<byte> id, Span<byte> target)
    {
        Span<byte> head = stackalloc byte[IdBytes + sizeof(int)];
        agentId.TryWriteBytes(head, bigEndian: true, out _);
        byte[] text = Encoding.UTF8.GetBytes(filter);
        BinaryPrimitives.WriteInt32BigEndian(head[IdBytes..], text.Length);
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(head);
        mac.AppendData(text);
        mac.AppendData(id);
        mac.GetHashAndReset().AsSpan(0, MacBytes).CopyTo(target);
    }
}
