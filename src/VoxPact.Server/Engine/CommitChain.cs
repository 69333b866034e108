using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using VoxPact.Domain;

namespace VoxPact.Server.Engine;

/// <summary>
/// Chains a node's commits: each batch row carries an HMAC, under a key derived from the pepper, of the previous
/// row's and of every entry and fact it wrote. Whoever changes, adds or removes one breaks the chain.
/// </summary>
internal sealed class CommitChain(byte[] key, long node)
{
    private const int SequenceBits = 40;
    private byte[] _head = new byte[32];
    private long _sequence;

    public long NextId => (node << SequenceBits) | (_sequence + 1);

    /// <summary>The row for a commit that is about to be made; <see cref="Advance"/> makes it the head.</summary>
    public Batch Next(Snapshot changes, long atUs) => new(NextId, Mac(
        key, _head, NextId,
        changes.Entries.Changed(RowChange.Insert).Where(e => e.Batch == NextId),
        changes.Facts.Changed(RowChange.Insert).Where(f => f.Batch == NextId)), atUs);

    public void Advance(Batch committed)
    {
        _head = committed.Mac;
        _sequence++;
    }

    /// <summary>The number of the node that made a batch, and whether it was the node's first.</summary>
    public static (long Node, bool IsFirst) Origin(long batch) =>
        (batch >> SequenceBits, (batch & ((1L << SequenceBits) - 1)) == 1);

    public static byte[] Mac(
        byte[] key, byte[] previous, long batch, IEnumerable<LoggedEntry> entries, IEnumerable<LoggedFact> facts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(previous);
        Append(hash, batch);
        foreach (var entry in entries.OrderBy(e => e.Entry.Subject).ThenBy(e => e.Entry.Slot).ThenBy(e => e.Entry.Leg))
        {
            var e = entry.Entry;
            Append(hash, e.Subject);
            Append(hash, ((long)e.Slot << 32) | (uint)e.Leg);
            Append(hash, ((long)e.Movement << 32) | ((long)e.Debit.Kind << 16) | (uint)e.Credit.Kind);
            Append(hash, e.Debit.Holder);
            Append(hash, e.Credit.Holder);
            Append(hash, e.Amount.Minor);
            Append(hash, e.AtUs);
        }
        foreach (var fact in facts.OrderBy(f => f.Subject).ThenBy(f => f.Sequence))
        {
            Append(hash, fact.Subject);
            Append(hash, ((long)fact.Sequence << 32) | (uint)fact.Type);
            Append(hash, fact.EventId);
            Append(hash, fact.AtUs);
            hash.AppendData(Encoding.UTF8.GetBytes(fact.Data));
        }
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        hash.AppendData(bytes);
    }
}
