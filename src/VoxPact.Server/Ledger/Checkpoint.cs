using System.Security.Cryptography;
using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Ledger;

/// <summary>
/// What a check that found nothing leaves for the next one: how far it came in each node's chain, what is not over
/// yet, and the sums of everything that is. Whatever lies before it is not read again until a full check.
/// </summary>
internal sealed class Checkpoint
{
    private const int Version = 1, MacBytes = 32;

    /// <summary>By node: how many commits it had made, and the newest one's seal.</summary>
    public required IReadOnlyDictionary<long, ChainHead> Heads { get; init; }

    /// <summary>Jobs that are not over and operations that are not settled.</summary>
    public required IReadOnlySet<Guid> Open { get; init; }
    public required IReadOnlyDictionary<Account, Int128> Sums { get; init; }

    /// <summary>The moment that was read, in business time.</summary>
    public required long AtUs { get; init; }

    /// <summary>When everything was read for the last time, in real time.</summary>
    public required long FullUs { get; init; }

    /// <summary>
    /// Kept beside the pepper and not in the database, which it outlives: one that was put back to an older copy is
    /// found by it.
    /// </summary>
    public static string FileIn(string folder) => Path.Combine(folder, "checkpoint");

    /// <summary>Null when there is none, or one that this deployment did not write.</summary>
    public static Checkpoint? Read(string folder, byte[] chainKey)
    {
        string file = FileIn(folder);
        if (!File.Exists(file)) return null;
        byte[] bytes = File.ReadAllBytes(file);
        if (bytes.Length < MacBytes) return null;
        var body = bytes.AsSpan(0, bytes.Length - MacBytes);
        return CryptographicOperations.FixedTimeEquals(Mac(chainKey, body), bytes.AsSpan(body.Length))
            ? Parse(body.ToArray()) : null;
    }

    /// <summary>Replaces the last one, whole or not at all.</summary>
    public void Write(string folder, byte[] chainKey)
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        to.Write(Version);
        to.Write(AtUs);
        to.Write(FullUs);
        to.Write(Heads.Count);
        foreach (var (node, head) in Heads)
        {
            to.Write(node);
            to.Write(head.Sequence);
            to.Write(head.Mac);
        }
        to.Write(Open.Count);
        foreach (var id in Open) to.Write(id.ToByteArray());
        to.Write(Sums.Count);
        foreach (var (account, sum) in Sums)
        {
            to.Write((int)account.Kind);
            to.Write(account.Holder.ToByteArray());
            to.Write((long)(sum >> 64));
            to.Write((ulong)sum);
        }
        to.Flush();
        byte[] body = bytes.ToArray();
        string fresh = FileIn(folder) + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        {
            file.Write(body);
            file.Write(Mac(chainKey, body));
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, FileIn(folder), overwrite: true);
    }

    private static Checkpoint? Parse(byte[] body)
    {
        using var from = new BinaryReader(new MemoryStream(body));
        if (from.ReadInt32() != Version) return null;
        long atUs = from.ReadInt64(), fullUs = from.ReadInt64();
        var heads = new Dictionary<long, ChainHead>();
        for (int i = from.ReadInt32(); i > 0; i--)
            heads[from.ReadInt64()] = new ChainHead(from.ReadInt64(), from.ReadBytes(MacBytes));
        var open = new HashSet<Guid>();
        for (int i = from.ReadInt32(); i > 0; i--) open.Add(new Guid(from.ReadBytes(16)));
        var sums = new Dictionary<Account, Int128>();
        for (int i = from.ReadInt32(); i > 0; i--)
        {
            var account = new Account((AccountKind)from.ReadInt32(), new Guid(from.ReadBytes(16)));
            long high = from.ReadInt64();
            sums[account] = ((Int128)high << 64) | from.ReadUInt64();
        }
        return new Checkpoint { Heads = heads, Open = open, Sums = sums, AtUs = atUs, FullUs = fullUs };
    }

    private static byte[] Mac(byte[] chainKey, ReadOnlySpan<byte> body)
    {
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, chainKey, 32, info: "voxpact checkpoint"u8.ToArray());
        return HMACSHA256.HashData(key, body);
    }
}

/// <summary>How far a node's chain goes: the number of its newest commit, and that one's seal.</summary>
internal readonly record struct ChainHead(long Sequence, byte[] Mac)
{
    public static readonly ChainHead Start = new(0, new byte[32]);
}
