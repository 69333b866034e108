using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Queries;

/// <summary>The ledger's lines that made an owner's balances what they are.</summary>
internal static class AccountQueries
{
    private static readonly int AfterEntry = LogTables.Entries.Columns.Count;

    private static readonly string LinesSql =
        $"select {LogTables.Entries.Select("e")}, {LogTables.Lines.Select("l")} from account_lines l join entries e "
        + "on e.subject = l.subject and e.slot = l.slot and e.leg = l.leg where l.owner_id = $1 and l.number < $2";

    /// <summary>One entry, and what it left in the owner's accounts.</summary>
    public sealed record Line(Entry Entry, AccountLine Left);

    /// <summary>The owner's lines below a number, the newest first.</summary>
    public static Statement<Line> Lines(
        Guid owner, long below, Guid? job, IReadOnlyList<MovementKind> kinds, int limit)
    {
        string filter = kinds.Count == 0 ? ""
            : $" and l.movement in ({string.Join(", ", kinds.Select(kind => (int)kind))})";
        if (job is not null) filter += " and l.subject = $4";
        object?[] arguments = job is { } id ? [owner, below, limit, id] : [owner, below, limit];
        return new($"{LinesSql}{filter} order by l.number desc limit $3", arguments, row => new Line(
            LogTables.Entries.Read(row).Entry, LogTables.Lines.Read(row, AfterEntry)));
    }
}
