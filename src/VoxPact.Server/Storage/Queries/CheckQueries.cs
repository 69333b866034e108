using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Whole tables in the order in which <c>voxpact check</c> holds them against each other.</summary>
internal static class CheckQueries
{
    /// <summary>How many rows are asked for by id at once.</summary>
    public const int AtOnce = 200;

    /// <summary>Owners whose newest line is missing, or says something else than their row.</summary>
    public static readonly Statement<Guid> WrongStatements = new(
        "select o.id from owners o left join account_lines l on l.owner_id = o.id and l.number = o.statement_lines "
        + "where o.statement_lines > 0 and (l.number is null or l.available_minor <> o.available_minor "
        + "or l.escrow_minor <> o.escrow_minor or l.earnings_minor <> o.earnings_minor "
        + "or l.in_transit_minor <> o.in_transit_minor or l.held_minor <> o.held_minor "
        + "or l.receivable_minor <> o.receivable_minor)", [], row => row.Guid(0));

    public static readonly Statement<Owner> Owners = All(Tables.Owners, "id");
    public static readonly Statement<Job> Jobs = All(Tables.Jobs, "id");
    public static readonly Statement<Operation> Operations = All(Tables.Operations, "id");
    public static readonly Statement<LoggedEntry> EntriesBySubject = All(LogTables.Entries,
        "subject, slot, leg");
    public static readonly Statement<Batch> Batches = All(LogTables.Batches, "id");
    public static readonly Statement<LoggedEntry> EntriesByBatch = All(LogTables.Entries,
        "batch, subject, slot, leg");
    public static readonly Statement<LoggedFact> FactsByBatch = All(LogTables.Facts,
        "batch, subject, sequence");
    public static readonly Statement<StoredAnswer> Answers = All(LogTables.Answers, "agent_id, scope");

    /// <summary>The scopes of answers that are known when a job's money is there, or is not to be had.</summary>
    public static readonly Statement<byte[]> WaitingAnswers = new(
        "select idempotency_scope from funding_requests where idempotency_scope is not null", [], row => row.Bytes(0));

    /// <summary>Every process that ever wrote.</summary>
    public static readonly Statement<long> Nodes = new("select id from nodes order by id", [], row => row.Long(0));

    /// <summary>When the first node started on the database, in real time; no row on a new one.</summary>
    public static readonly Statement<long> FirstStart = new(
        "select min(started_us) from nodes having count(*) > 0", [], row => row.Long(0));

    private static readonly string JobsByIdSql = ByIdSql(Tables.Jobs.Select(), "jobs", "id");
    private static readonly string OperationsByIdSql = ByIdSql(Tables.Operations.Select(), "operations", "id");
    private static readonly string BidIdsSql = ByIdSql("id", "bids", "id");
    private static readonly string EntriesOfSql = ByIdSql(LogTables.Entries.Select(), "entries", "subject");
    private static readonly string FactsOfSql = ByIdSql(LogTables.Facts.Select(), "facts", "subject");
    private static readonly string BatchSql = $"select {LogTables.Batches.Select()} from batches where id = $1";

    private static readonly string SomeAnswersSql =
        $"select {LogTables.Answers.Select()} from idempotency where agent_id >= $1 order by agent_id, scope limit $2";

    // Each row is a breach: 1 no such fact, 2 dead without a reason, 3 both dead and pending, 4 tried before its turn:
    // while an earlier one was neither delivered nor given up, not even before it was sent again on demand.
    private const string DeliveriesSql =
        "select 1, d.endpoint_id, d.subject, d.sequence from deliveries d where not exists "
        + "(select 1 from facts f where f.subject = d.subject and f.sequence = d.sequence) "
        + "union all select 2, endpoint_id, subject, sequence from dead_deliveries where reason = '' "
        + "union all select 3, d.endpoint_id, d.subject, d.sequence from dead_deliveries d join deliveries p "
        + "on p.endpoint_id = d.endpoint_id and p.subject = d.subject and p.sequence = d.sequence "
        + "union all select 4, d.endpoint_id, d.subject, d.sequence from deliveries d where d.attempts > 0 and exists "
        + "(select 1 from deliveries e where e.endpoint_id = d.endpoint_id and e.subject = d.subject "
        + "and e.sequence < d.sequence and not exists (select 1 from webhook_attempts a "
        + "where a.endpoint_id = e.endpoint_id and a.subject = e.subject and a.sequence = e.sequence "
        + "and a.outcome in (1, 3)))";

    /// <summary>How many things of a kind wait, and since when the first of them is due.</summary>
    public sealed record Waiting(int Kind, long Count, long SinceUs);

    /// <summary>A delivery that should not be as it is.</summary>
    public sealed record BadDelivery(int Breach, Guid Endpoint, Guid Subject, int Sequence);

    public static readonly Statement<BadDelivery> BadDeliveries = new(DeliveriesSql, [],
        row => new BadDelivery(row.Int(0), row.Guid(1), row.Guid(2), row.Int(3)));

    public static Statement<Batch> Batch(long id) => new(BatchSql, [id], row => LogTables.Batches.Read(row));

    /// <summary>Those of one node: behind one commit and before another.</summary>
    public static Statement<Batch> BatchesAfter(long id, long before) => new(
        $"select {LogTables.Batches.Select()} from batches where id > {id} and id < {before} order by id", [],
        row => LogTables.Batches.Read(row));

    /// <summary>The next stored answers, by the id of the agent that they were given to.</summary>
    public static Statement<StoredAnswer> SomeAnswers(Guid fromAgent, int limit) =>
        new(SomeAnswersSql, [fromAgent, limit], row => LogTables.Answers.Read(row));

    /// <summary>At most <see cref="AtOnce"/> ids, as everywhere below.</summary>
    public static Statement<LoggedEntry> EntriesOf(IReadOnlyList<Guid> subjects) =>
        new(EntriesOfSql, Padded(subjects), row => LogTables.Entries.Read(row));

    public static Statement<LoggedFact> FactsOf(IReadOnlyList<Guid> subjects) =>
        new(FactsOfSql, Padded(subjects), row => LogTables.Facts.Read(row));

    public static Statement<Job> JobsById(IReadOnlyList<Guid> ids) =>
        new(JobsByIdSql, Padded(ids), row => Tables.Jobs.Read(row));

    public static Statement<Operation> OperationsById(IReadOnlyList<Guid> ids) =>
        new(OperationsByIdSql, Padded(ids), row => Tables.Operations.Read(row));

    public static Statement<Guid> BidIds(IReadOnlyList<Guid> ids) => new(BidIdsSql, Padded(ids), row => row.Guid(0));

    /// <summary>Work that was due by then and that nobody has held since.</summary>
    /// <param name="dueUs">Business time.</param>
    /// <param name="leaseUs">Real time.</param>
    public static Statement<Waiting> OverdueWork(long dueUs, long leaseUs) => new(
        "select kind, count(*), min(due_us) from work where due_us < $1 and lease_until_us < $2 "
        + "group by kind order by kind",
        [dueUs, leaseUs], row => new Waiting(row.Int(0), row.Long(1), row.Long(2)));

    /// <summary>
    /// The same of webhooks; one that waits for an earlier one of its job is not late by itself, and none is at an
    /// endpoint that rests or is switched off.
    /// </summary>
    public static Statement<Waiting> OverdueDeliveries(long dueUs, long leaseUs) => new(
        "select 0, count(*), min(d.due_us) from deliveries d join webhook_endpoints w on w.id = d.endpoint_id "
        + "where d.due_us < $1 and w.lease_until_us < $2 and w.rest_until_us < $1 and w.disabled_us is null "
        + "and not exists (select 1 from deliveries e where e.endpoint_id = d.endpoint_id "
        + "and e.subject = d.subject and e.sequence < d.sequence) having count(*) > 0",
        [dueUs, leaseUs], row => new Waiting(row.Int(0), row.Long(1), row.Long(2)));

    private static Statement<T> All<T>(Table<T> table, string order) where T : notnull =>
        new($"select {table.Select()} from {table.Name} order by {order}", [], row => table.Read(row));

    // One text whatever the number of ids, so that it is prepared once.
    private static string ByIdSql(string columns, string table, string key) =>
        $"select {columns} from {table} where {key} in ("
        + string.Join(", ", Enumerable.Range(1, AtOnce).Select(i => $"${i}")) + ")";

    private static object?[] Padded(IReadOnlyList<Guid> ids)
    {
        var arguments = new object?[AtOnce];
        for (int i = 0; i < AtOnce; i++) arguments[i] = ids[Math.Min(i, ids.Count - 1)];
        return arguments;
    }
}
