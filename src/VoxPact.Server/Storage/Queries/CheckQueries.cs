using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Whole tables in the order in which <c>voxpact check</c> holds them against each other.</summary>
internal static class CheckQueries
{
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

    /// <summary>How many things of a kind wait, and since when the first of them is due.</summary>
    public sealed record Waiting(int Kind, long Count, long SinceUs);

    /// <summary>Work that was due by then and that nobody has held since.</summary>
    /// <param name="dueUs">Business time.</param>
    /// <param name="leaseUs">Real time.</param>
    public static Statement<Waiting> OverdueWork(long dueUs, long leaseUs) => new(
        "select kind, count(*), min(due_us) from work where due_us < $1 and lease_until_us < $2 "
        + "group by kind order by kind",
        [dueUs, leaseUs], row => new Waiting(row.Int(0), row.Long(1), row.Long(2)));

    /// <summary>
    /// The same of webhooks; one that waits for an earlier one of its job is not late by itself.
    /// </summary>
    public static Statement<Waiting> OverdueDeliveries(long dueUs, long leaseUs) => new(
        "select 0, count(*), min(d.due_us) from deliveries d where d.due_us < $1 and d.lease_until_us < $2 "
        + "and not exists (select 1 from deliveries e where e.agent_id = d.agent_id "
        + "and e.subject = d.subject and e.sequence < d.sequence) having count(*) > 0",
        [dueUs, leaseUs], row => new Waiting(row.Int(0), row.Long(1), row.Long(2)));

    private static Statement<T> All<T>(Table<T> table, string order) where T : notnull =>
        new($"select {table.Select()} from {table.Name} order by {order}", [], row => table.Read(row));
}
