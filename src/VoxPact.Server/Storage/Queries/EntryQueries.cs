using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Storage.Queries;

/// <summary>The ledger itself.</summary>
internal static class EntryQueries
{
    /// <summary>Every entry there is, in the order in which they were written.</summary>
    public static readonly Statement<Entry> All = new(
        $"select {LogTables.Entries.Select()} from entries order by batch, at_us, subject, slot, leg", [],
        row => LogTables.Entries.Read(row).Entry);
}
