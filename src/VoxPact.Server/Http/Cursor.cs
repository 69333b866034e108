using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using VoxPact.Domain.Agents;

namespace VoxPact.Server.Http;

/// <summary>
/// Makes and reads the <c>cursor</c> of a list: the page's last item, or a place among events, with an HMAC
/// over it, the asking agent and the filter, so that nobody can make one up or carry one to another list.
/// </summary>
/// <param name="key">Known to every node, derived from the pepper for this purpose only.</param>
internal sealed class Cursor(byte[] key)
{
    private const int MacBytes = 16;
    private const int IdBytes = 16;
    private const int PlaceBytes = 28;
    private const int StretchBytes = (2 * PlaceBytes) + (2 * sizeof(long));
    private const string Events = "events";

    /// <summary>The text that continues after <paramref name="last"/>.</summary>
    /// <param name="agentId">Who asks; empty for public lists.</param>
    /// <param name="filter">Everything but limit and cursor that chooses the items, in a fixed order.</param>
    /// <param name="last">The last item of the page.</param>
    public string Encode(Guid agentId, string filter, Guid last)
    {
        Span<byte> id = stackalloc byte[IdBytes];
        last.TryWriteBytes(id, bigEndian: true, out _);
        return Encode(agentId, filter, id);
    }

    /// <summary>
    /// Reads a cursor back; false for anything that <see cref="Encode(Guid, string, Guid)"/> did not write for the
    /// same caller.
    /// </summary>
    public bool TryDecode(Guid agentId, string filter, string text, out Guid last)
    {
        Span<byte> id = stackalloc byte[IdBytes];
        bool isOurs = TryDecode(agentId, filter, text, id);
        last = isOurs ? new Guid(id, bigEndian: true) : default;
        return isOurs;
    }

    /// <summary>A place among an agent's events: good for any filter, in lists and streams.</summary>
    public string Encode(Guid agentId, InboxPlace place)
    {
        Span<byte> bytes = stackalloc byte[PlaceBytes];
        Write(place, bytes);
        return Encode(agentId, Events, bytes);
    }

    public bool TryDecode(Guid agentId, string text, out InboxPlace place)
    {
        Span<byte> bytes = stackalloc byte[PlaceBytes];
        bool isOurs = TryDecode(agentId, Events, text, bytes);
        place = isOurs ? ReadPlace(bytes) : default;
        return isOurs;
    }

    /// <summary>What is left of a stretch of an agent's events that is sent to one of its endpoints again.</summary>
    public string Encode(Guid agentId, Guid endpoint, Stretch stretch)
    {
        Span<byte> bytes = stackalloc byte[StretchBytes];
        Write(stretch.After, bytes);
        Write(stretch.UpTo, bytes[PlaceBytes..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(2 * PlaceBytes)..], stretch.FromUs);
        BinaryPrimitives.WriteInt64BigEndian(bytes[^sizeof(long)..], stretch.UntilUs);
        return Encode(agentId, $"replay {endpoint:N}", bytes);
    }

    public bool TryDecode(Guid agentId, Guid endpoint, string text, out Stretch stretch)
    {
        Span<byte> bytes = stackalloc byte[StretchBytes];
        bool isOurs = TryDecode(agentId, $"replay {endpoint:N}", text, bytes);
        stretch = isOurs
            ? new Stretch(ReadPlace(bytes), ReadPlace(bytes[PlaceBytes..]),
                BinaryPrimitives.ReadInt64BigEndian(bytes[(2 * PlaceBytes)..]),
                BinaryPrimitives.ReadInt64BigEndian(bytes[^sizeof(long)..]))
            : default;
        return isOurs;
    }

    /// <summary>A place in a public search.</summary>
    public string Encode(string filter, SearchPlace place)
    {
        Span<byte> bytes = stackalloc byte[SearchPlace.Bytes];
        place.Write(bytes);
        return Encode(Guid.Empty, filter, bytes);
    }

    public bool TryDecode(string filter, string text, out SearchPlace place)
    {
        Span<byte> bytes = stackalloc byte[SearchPlace.Bytes];
        bool isOurs = TryDecode(Guid.Empty, filter, text, bytes);
        place = isOurs ? SearchPlace.Read(bytes) : default;
        return isOurs;
    }

    private static void Write(InboxPlace place, Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64BigEndian(bytes, place.Position);
        place.Subject.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes[24..], place.Sequence);
    }

    private static InboxPlace ReadPlace(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64BigEndian(bytes), new Guid(bytes[8..24], bigEndian: true),
        BinaryPrimitives.ReadInt32BigEndian(bytes[24..]));

    private string Encode(Guid agentId, string filter, ReadOnlySpan<byte> what)
    {
        Span<byte> token = stackalloc byte[what.Length + MacBytes];
        what.CopyTo(token);
        Mac(agentId, filter, what, token[what.Length..]);
        return Base64Url.EncodeToString(token);
    }

    private bool TryDecode(Guid agentId, string filter, string text, Span<byte> what)
    {
        Span<byte> token = stackalloc byte[what.Length + MacBytes];
        if (text.Length != Base64Url.GetEncodedLength(token.Length)
            // The Try method of this class throws on characters that are not base64.
            || Base64Url.DecodeFromChars(text, token, out _, out int written) != OperationStatus.Done
            || written != token.Length) return false;
        Span<byte> expected = stackalloc byte[MacBytes];
        Mac(agentId, filter, token[..what.Length], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, token[what.Length..])) return false;
        // The last digit may have bits to spare: a text with other ones there decodes to the same bytes and is not
        // ours.
        if (Base64Url.EncodeToString(token) != text) return false;
        token[..what.Length].CopyTo(what);
        return true;
    }

    private void Mac(Guid agentId, string filter, ReadOnlySpan<byte> what, Span<byte> target)
    {
        Span<byte> head = stackalloc byte[IdBytes + sizeof(int)];
        agentId.TryWriteBytes(head, bigEndian: true, out _);
        byte[] text = Encoding.UTF8.GetBytes(filter);
        BinaryPrimitives.WriteInt32BigEndian(head[IdBytes..], text.Length);
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(head);
        mac.AppendData(text);
        mac.AppendData(what);
        mac.GetHashAndReset().AsSpan(0, MacBytes).CopyTo(target);
    }
}
