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
    private readonly Dictionary<long, ChainHead> _heads = [];

    /// <summary>How far each node's chain was read.</summary>
    public IReadOnlyDictionary<long, ChainHead> Heads => _heads;

    /// <summary>What the commits since a checkpoint are about.</summary>
    public HashSet<Guid> Touched { get; } = [];

    /// <summary>
    /// What a checkpoint saw and the database does not have any more: it was put back to an older copy, or
    /// somebody removed commits. Empty when all of it is there.
    /// </summary>
    public static async Task<IReadOnlyList<string>> MissingSinceAsync(
        IReading reading, Checkpoint checkpoint, CancellationToken stop)
    {
        var missing = new List<string>();
        foreach (var (node, head) in checkpoint.Heads)
        {
            long id = CommitChain.IdOf(node, head.Sequence);
            if (await reading.QueryAsync(CheckQueries.Batch(id), stop) is not [var batch]
                || !CryptographicOperations.FixedTimeEquals(batch.Mac, head.Mac)) missing.Add(Name(id));
        }
        return missing;
    }

    /// <summary>
    /// Reads only what was committed since. False when a commit does not say what it is about: then everything
    /// has to be read.
    /// </summary>
    /// <param name="moved">Is given every entry of those commits.</param>
    public async Task<bool> RunSinceAsync(
        IReading reading, Checkpoint checkpoint, Action<LoggedEntry> moved, CancellationToken stop)
    {
        foreach (var (node, head) in checkpoint.Heads) _heads[node] = head;
        foreach (long node in await reading.QueryAsync(CheckQueries.Nodes, stop))
        {
            var some = new List<Batch>();
            var head = _heads.GetValueOrDefault(node, ChainHead.Start);
            await foreach (var batch in reading.StreamAsync(CheckQueries.BatchesAfter(
                CommitChain.IdOf(node, head.Sequence), CommitChain.IdOf(node + 1, 0)), stop))
            {
                if (batch.Subjects is null) return false;
                some.Add(batch);
                if (some.Sum(one => one.Subjects!.Length) < CheckQueries.AtOnce * 8) continue;
                await ExamineAsync(reading, some, moved, stop);
                some.Clear();
            }
            await ExamineAsync(reading, some, moved, stop);
        }
        return true;
    }

    private async Task ExamineAsync(
        IReading reading, List<Batch> batches, Action<LoggedEntry> moved, CancellationToken stop)
    {
        if (batches.Count == 0) return;
        var wanted = batches.ToDictionary(
            batch => batch.Id, _ => (Entries: new List<LoggedEntry>(), Facts: new List<LoggedFact>()));
        var subjects = batches.SelectMany(batch => CommitChain.Subjects(batch.Subjects!)).ToHashSet();
        Touched.UnionWith(subjects);
        foreach (var ids in subjects.Chunk(CheckQueries.AtOnce))
        {
            foreach (var entry in await reading.QueryAsync(CheckQueries.EntriesOf(ids), stop))
                if (wanted.TryGetValue(entry.Batch, out var one)) one.Entries.Add(entry);
            foreach (var fact in await reading.QueryAsync(CheckQueries.FactsOf(ids), stop))
                if (wanted.TryGetValue(fact.Batch, out var one)) one.Facts.Add(fact);
        }
        foreach (var batch in batches)
        {
            var (entries, facts) = wanted[batch.Id];
            entries.ForEach(moved);
            foreach (var _ in facts) findings.Count("facts");
            Examine(batch, entries, facts);
        }
    }

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
        var previous = _heads.GetValueOrDefault(node, ChainHead.Start);
        long missing = sequence - previous.Sequence - 1;
        if (missing > 0)
            findings.Add(CheckFindings.Chain, Name(batch.Id), $"{missing} commits before it are not there.");
        byte[] mac = CommitChain.Mac(key, previous.Mac, batch.Id, batch.AtUs, moved, told);
        // After a gap the link to what came before cannot be known, and the gap is told already.
        if (missing == 0 && !CryptographicOperations.FixedTimeEquals(mac, batch.Mac))
            findings.Add(CheckFindings.Chain, Name(batch.Id),
                $"It is not as it was written at {CheckMoney.At(batch.AtUs)}{List(moved, told)}.");
        // What follows is held against the stored value, so that one change is one finding.
        _heads[node] = new ChainHead(sequence, batch.Mac);
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
