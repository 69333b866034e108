using System.Buffers.Binary;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Http;

/// <summary>A place within a block of a search, best first: by rank, then by trust, the newer first.</summary>
internal readonly record struct RankPlace(int Rank, TrustPlace Trust) : IComparable<RankPlace>
{
    /// <summary>Above the first of any block.</summary>
    public static readonly RankPlace Top = new(short.MaxValue, TrustPlace.Top);

    public int CompareTo(RankPlace other) =>
        (Rank, Trust.Score, Trust.Id).CompareTo((other.Rank, other.Trust.Score, other.Trust.Id));
}

/// <summary>Where a search goes on: the block below one place, and in it behind another.</summary>
internal readonly record struct SearchPlace(TrustPlace Block, RankPlace After)
{
    public const int Bytes = 2 * TrustBytes + sizeof(short);
    private const int TrustBytes = 17;

    public static readonly SearchPlace Start = At(TrustPlace.Top);

    /// <summary>The beginning of a block.</summary>
    public static SearchPlace At(TrustPlace block) => new(block, RankPlace.Top);

    public void Write(Span<byte> bytes)
    {
        Write(Block, bytes);
        BinaryPrimitives.WriteInt16BigEndian(bytes[TrustBytes..], (short)After.Rank);
        Write(After.Trust, bytes[(TrustBytes + sizeof(short))..]);
    }

    public static SearchPlace Read(ReadOnlySpan<byte> bytes) => new(
        ReadTrust(bytes),
        new RankPlace(BinaryPrimitives.ReadInt16BigEndian(bytes[TrustBytes..]),
            ReadTrust(bytes[(TrustBytes + sizeof(short))..])));

    private static void Write(TrustPlace place, Span<byte> bytes)
    {
        bytes[0] = (byte)place.Score;
        place.Id.TryWriteBytes(bytes[1..], bigEndian: true, out _);
    }

    private static TrustPlace ReadTrust(ReadOnlySpan<byte> bytes) =>
        new(bytes[0], new Guid(bytes[1..TrustBytes], bigEndian: true));
}
