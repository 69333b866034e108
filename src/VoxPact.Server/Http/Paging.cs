using System.Buffers.Binary;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Http;

/// <summary>Where a page starts: at the top, or behind the row that the cursor names.</summary>
internal static class Paging
{
    /// <summary>Above every id there can be.</summary>
    public static readonly Guid Top = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <summary>A line's number in the form of the ids that cursors carry.</summary>
    public static Guid IdOf(long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], number);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The number again; above every one there can be for the <see cref="Top"/>.</summary>
    public static long NumberOf(Guid id)
    {
        if (id == Top) return long.MaxValue;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt64BigEndian(bytes[8..]);
    }

    /// <summary>
    /// The caller, and the id below which the page starts; a cursor counts only for the caller and filter it
    /// was made for.
    /// </summary>
    public static async Task<(Agent? Caller, Guid After, Refusal? Refusal)> AfterAsync(Call call, string filter)
    {
        var (caller, _, unknown) = await call.QueryAsync(PlatformQueries.Nothing);
        if (unknown is not null) return (null, Top, unknown);
        var after = call.Queries.After(call.Deployment.Cursors, caller!.Id, filter);
        return (caller, after ?? Top, call.Queries.Refusal);
    }
}
