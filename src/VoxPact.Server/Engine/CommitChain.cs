using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using VoxPact.Domain;
using VoxPact.Domain.Ledger;

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

    public long NextId => IdOf(node, _sequence + 1);

    /// <summary>The row for a commit that is about to be made; <see cref="Advance"/> makes it the head.</summary>
    public Batch Next(Snapshot changes, long atUs) => new(NextId, Mac(
        key, _head, NextId, atUs,
        [.. changes.Entries.Changed(RowChange.Insert).Where(e => e.Batch == NextId)],
        [.. changes.Facts.Changed(RowChange.Insert).Where(f => f.Batch == NextId)]), atUs, SubjectsOf(changes));

    public void Advance(Batch committed)
    {
        _head = committed.Mac;
        _sequence++;
    }

    /// <summary>The key of every chain of a deployment, so that only who has the pepper can make one.</summary>
    public static byte[] KeyFrom(byte[] pepper) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, pepper, 32, info: "voxpact commit chain"u8.ToArray());

    /// <summary>The number of the node that made a batch, and how many it had made with it.</summary>
    public static (long Node, long Sequence) Origin(long batch) =>
        (batch >> SequenceBits, batch & ((1L << SequenceBits) - 1));

    /// <summary>The ids that a batch names.</summary>
    public static IEnumerable<Guid> Subjects(byte[] packed)
    {
        for (int at = 0; at + 16 <= packed.Length; at += 16)
            yield return new Guid(packed.AsSpan(at, 16), bigEndian: true);
    }

    private static byte[] SubjectsOf(Snapshot changes)
    {
        var ids = new HashSet<Guid>();
        foreach (var entry in changes.Entries.Changed(RowChange.Insert)) ids.Add(entry.Entry.Subject);
        foreach (var fact in changes.Facts.Changed(RowChange.Insert)) ids.Add(fact.Subject);
        foreach (var change in (RowChange[])[RowChange.Insert, RowChange.Update])
        {
            foreach (var job in changes.Jobs.Changed(change)) ids.Add(job.Id);
            foreach (var operation in changes.Operations.Changed(change)) ids.Add(operation.Id);
        }
        byte[] packed = new byte[ids.Count * 16];
        int at = 0;
        foreach (var id in ids) id.TryWriteBytes(packed.AsSpan(16 * at++), bigEndian: true, out _);
        return packed;
    }

    public static long IdOf(long node, long sequence) => (node << SequenceBits) | sequence;

    /// <summary>Every field by itself and every list and text with its length: no two commits read the same.</summary>
    public static byte[] Mac(
        byte[] key, byte[] previous, long batch, long atUs,
        IReadOnlyCollection<LoggedEntry> entries, IReadOnlyCollection<LoggedFact> facts)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(previous);
        Append(hash, batch);
        Append(hash, atUs);
        Append(hash, entries.Count);
        foreach (var entry in entries.OrderBy(e => e.Entry.Subject).ThenBy(e => e.Entry.Slot).ThenBy(e => e.Entry.Leg))
            Append(hash, entry.Entry);
        Append(hash, facts.Count);
        foreach (var fact in facts.OrderBy(f => f.Subject).ThenBy(f => f.Sequence)) Append(hash, fact);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, Entry entry)
    {
        Append(hash, entry.Subject);
        Append(hash, (int)entry.Slot);
        Append(hash, entry.Leg);
        Append(hash, (int)entry.Movement);
        Append(hash, (int)entry.Debit.Kind);
        Append(hash, entry.Debit.Holder);
        Append(hash, (int)entry.Credit.Kind);
        Append(hash, entry.Credit.Holder);
        Append(hash, entry.Amount.Minor);
        Append(hash, entry.AtUs);
    }

    private static void Append(IncrementalHash hash, LoggedFact fact)
    {
        Append(hash, fact.Subject);
        Append(hash, fact.Sequence);
        Append(hash, fact.Type);
        Append(hash, fact.EventId);
        Append(hash, fact.AtUs);
        byte[] data = Encoding.UTF8.GetBytes(fact.Data);
        Append(hash, data.Length);
        hash.AppendData(data);
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
