using System.Security.Cryptography;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>
/// Recomputes every commit's MAC from the one before it and from the entries and facts that it wrote: whoever
/// changed, added or removed one of them is found out, unless they hold the pepper.
/// </summary>
internal sealed class CheckChain(CheckFindings findings, byte[] key)
{
    private static readonly byte[] Start = new byte[32];
    private (long Node, long Sequence, byte[] Mac) _previous = (0, 0, Start);

    public async Task RunAsync(IReading reading, CancellationToken stop)
    {
        await using var batches = Sorted<Batch>(reading.StreamAsync(CheckQueries.Batches, stop), batch =>
            batch.Id);
        await using var entries = Sorted<LoggedEntry>(
            reading.StreamAsync(CheckQueries.EntriesByBatch, stop), entry => entry.Batch);
        await using var facts = Sorted<LoggedFact>(
            reading.StreamAsync(CheckQueries.FactsByBatch, stop), fact => fact.Batch);
        await batches.StartAsync();
        await entries.StartAsync();
        await facts.StartAsync();
        while (SortedStream<long, Batch>.Smallest(batches.Next, entries.Next, facts.Next) is { } id)
        {
            var moved = await entries.TakeAsync(id);
            var told = await facts.TakeAsync(id);
            foreach (var _ in told) findings.Count("facts");
            if ((await batches.TakeAsync(id)).FirstOrDefault() is { } batch) Examine(batch, moved, told);
            else
                findings.Add(CheckFindings.Chain, Name(id), "The commit is not there, yet it wrote "
                    + $"{moved.Count} entries and {told.Count} facts{List(moved, told)}.");
        }
    }

    private static SortedStream<long, T> Sorted<T>(IAsyncEnumerable<T> rows, Func<T, long> key) =>
        new(rows, key);

    private void Examine(Batch batch, List<LoggedEntry> moved, List<LoggedFact> told)
    {
        findings.Count("commits");
        var (node, sequence) = CommitChain.Origin(batch.Id);
        if (node != _previous.Node) _previous = (node, 0, Start);
        long missing = sequence - _previous.Sequence - 1;
        if (missing > 0)
            findings.Add(CheckFindings.Chain, Name(batch.Id), $"{missing} commits before it are not there.");
        byte[] mac = CommitChain.Mac(key, _previous.Mac, batch.Id, batch.AtUs, moved, told);
        // After a gap the link to what came before cannot be known, and the gap is told already.
        if (missing == 0 && !CryptographicOperations.FixedTimeEquals(mac, batch.Mac))
            findings.Add(CheckFindings.Chain, Name(batch.Id),
                $"It is not as it was written at {CheckMoney.At(batch.AtUs)}{List(moved, told)}.");
        // What follows is held against the stored value, so that one change is one finding.
        _previous = (node, sequence, batch.Mac);
    }

    private static string Name(long batch)
    {
        var (node, sequence) = CommitChain.Origin(batch);
        return $"commit {sequence} of node {node}";
    }

    private static string List(List<LoggedEntry> moved, List<LoggedFact> told)
    {
        const int shown = 5;
        string[] names =
        [
            .. moved.Select(entry => Domain.Ledger.Audit.Name(entry.Entry)),
            .. told.Select(fact => Id.Format(Id.Event, fact.EventId)),
        ];
        if (names.Length == 0) return "";
        string more = names.Length > shown ? ", …" : "";
        return $" ({string.Join(", ", names.Take(shown))}{more})";
    }
}
