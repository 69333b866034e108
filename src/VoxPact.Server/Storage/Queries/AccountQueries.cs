using VoxPact.Domain.Agents;
using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Storage.Queries;

/// <summary>An owner's accounts: what is in them, and the ledger's lines that made it so.</summary>
internal static class AccountQueries
{
    private static readonly AccountKind[] Kinds =
    [
        AccountKind.OwnerAvailable, AccountKind.JobEscrow, AccountKind.OwnerEarnings, AccountKind.OwnerInTransit,
        AccountKind.OwnerHeld, AccountKind.OwnerReceivable,
    ];

    private static readonly int AfterOwner = Tables.Owners.Columns.Count;
    private static readonly int AfterEntry = LogTables.Entries.Columns.Count;

    private static readonly string BalanceSql =
        $"select {Tables.Owners.Select("o")}, cast((select coalesce(sum(j.escrow_minor), 0) from jobs j "
        + "join agents b on b.id = j.buyer_agent where b.owner_id = o.id and j.escrow_minor > 0) as bigint) "
        + $"from owners o join agents a on a.owner_id = o.id where a.id = {CallerQueries.Id}";

    // Jobs and operations are found by the owner's indexes, their entries by key: an index of entries by owner would be
    // one more for every job to write. So a page costs as much as the owner has had jobs.
    private static readonly string LinesSql =
        "with subjects as ("
        + "select j.id, j.buyer_owner from jobs j join agents a on a.id = j.buyer_agent where a.owner_id = $1 "
        + "union select j.id, j.buyer_owner from jobs j join agents a on a.id = j.worker_agent where a.owner_id = $1 "
        + "union select o.id, o.owner_id from operations o where o.owner_id = $1 "
        + "union select o.id, o.owner_id from operations o join jobs j on j.id = o.parent_id "
        + "join agents a on a.id = j.worker_agent where o.kind = 7 and a.owner_id = $1), "
        + $"lines as (select {LogTables.Entries.Select("e")}, row_number() over w as line, "
        + string.Join(", ", Kinds.Select(kind => $"cast(sum({Change(kind)}) over w as bigint) as of_{(int)kind}"))
        + " from subjects s join entries e on e.subject = s.id where e.debit_holder = $1 or e.credit_holder = $1 "
        + $"or (s.buyer_owner = $1 and {(int)AccountKind.JobEscrow} in (e.debit_kind, e.credit_kind)) "
        + "window w as (order by e.at_us, e.batch, e.subject, e.slot, e.leg)) "
        + $"select {LogTables.Entries.Select("l")}, l.line, "
        + string.Join(", ", Kinds.Select(kind => $"l.of_{(int)kind}"))
        + " from lines l where l.line < $2";

    /// <summary>An owner with the sum of the escrows that they pay for.</summary>
    public sealed record Balance(Owner Owner, long EscrowMinor);

    /// <summary>One entry with what it left in the owner's accounts, in the order of <see cref="Kinds"/>.</summary>
    public sealed record Line(Entry Entry, long Number, IReadOnlyList<long> Left);

    public static Statement<Balance> BalanceOfKey(byte[]? keyHash) => new(BalanceSql, [keyHash],
        row => new Balance(Tables.Owners.Read(row), row.Long(AfterOwner)));

    /// <summary>The owner's lines below a number, the newest first.</summary>
    public static Statement<Line> Lines(
        Guid owner, long below, Guid? job, IReadOnlyList<MovementKind> kinds, int limit)
    {
        string filter = kinds.Count == 0 ? ""
            : $" and l.movement in ({string.Join(", ", kinds.Select(kind => (int)kind))})";
        if (job is not null) filter += " and l.subject = $4";
        object?[] arguments = job is { } id ? [owner, below, limit, id] : [owner, below, limit];
        return new($"{LinesSql}{filter} order by l.line desc limit $3", arguments, row => new Line(
            LogTables.Entries.Read(row).Entry, row.Long(AfterEntry),
            [.. Enumerable.Range(AfterEntry + 1, Kinds.Length).Select(row.Long)]));
    }

    /// <summary>
    /// What an entry adds to the owner's account of a kind; what an owner owes is an asset, and grows by debits.
    /// </summary>
    private static string Change(AccountKind kind)
    {
        string side(string name) => kind is AccountKind.JobEscrow
            ? $"case when e.{name}_kind = {(int)kind} and s.buyer_owner = $1 then e.amount_minor else 0 end"
            : $"case when e.{name}_kind = {(int)kind} and e.{name}_holder = $1 then e.amount_minor else 0 end";
        var (plus, minus) = new Account(kind, default).IsAsset ? ("debit", "credit") : ("credit", "debit");
        return $"{side(plus)} - {side(minus)}";
    }
}
