using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Agents;

/// <summary>Everything that is stored about the agent and its owner, a page at a time.</summary>
internal static class ExportData
{
    private const string Filter = "export";

    public static async Task<Reply> Handle(Call call)
    {
        var (caller, _, unknown) = await call.QueryAsync(PlatformQueries.Nothing, needsActive: false);
        if (unknown is not null) return Reply.Refused(unknown);
        int limit = call.Queries.Limit();
        var cursors = call.Deployment.Cursors;
        var after = call.Queries.After(cursors, caller!.Id, Filter);
        if (call.Queries.Refusal is { } unclear) return Reply.Refused(unclear);
        var (section, passOver) = after is { } place ? Read(place) : (0, 0L);
        var page = new List<ExportedRow>();
        while (section < ExportQueries.Count && page.Count < limit)
        {
            int wanted = limit - page.Count;
            var (_, rows, refusal) = await call.QueryAsync(
                ExportQueries.Rows(section, caller.Id, caller.OwnerId, wanted, passOver), needsActive: false);
            if (refusal is not null) return Reply.Refused(refusal);
            page.AddRange(rows.Select(row => new ExportedRow { Kind = ExportQueries.Kind(section), Data = row }));
            (section, passOver) = rows.Count < wanted ? (section + 1, 0) : (section, passOver + rows.Count);
        }
        string? next = section < ExportQueries.Count
            ? cursors.Encode(caller.Id, Filter, Place(section, passOver))
            : null;
        return Answers.Page(page, next, VoxPactJson.Wire.PageExportedRow);
    }

    /// <summary>How far an export has come, in the shape that cursors carry.</summary>
    private static Guid Place(int section, long passOver)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, section);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes[8..], passOver);
        return new Guid(bytes, bigEndian: true);
    }

    private static (int Section, long PassOver) Read(Guid place)
    {
        Span<byte> bytes = stackalloc byte[16];
        place.TryWriteBytes(bytes, bigEndian: true, out _);
        return (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes),
            System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
    }
}
