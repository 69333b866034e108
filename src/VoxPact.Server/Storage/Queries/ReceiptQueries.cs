using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Storage.Queries;

/// <summary>What a receipt says of a job beside the job itself.</summary>
internal static class ReceiptQueries
{
    private static readonly string EntriesSql =
        $"select {LogTables.Entries.Select()} from entries where subject = $1 order by at_us, slot, leg";

    private static readonly string CommitSql =
        $"select {LogTables.Batches.Select("b")} from batches b where b.id = "
        + "(select min(f.batch) from facts f where f.subject = $1 and f.at_us = $2)";

    public static Statement<Entry> Entries(Guid job) =>
        new(EntriesSql, [job], row => LogTables.Entries.Read(row).Entry);

    /// <summary>The commit that told what happened to the job at that time.</summary>
    public static Statement<Batch> Commit(Guid job, long atUs) =>
        new(CommitSql, [job, atUs], row => LogTables.Batches.Read(row));
}
