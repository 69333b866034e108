using System.Collections.Concurrent;
using VoxPact.Domain;

namespace VoxPact.Server.Engine;

/// <summary>
/// Work that is due the moment it is written goes straight to this node's worker, leased at birth: it needs no claim,
/// and so no commit of its own. A node that dies leaves its lease to run out, as with claimed work.
/// </summary>
internal sealed class Handover
{
    private const long UsualLeaseUs = 120_000_000;

    /// <summary>Real time, longer than the longest call that an item makes.</summary>
    public long LeaseUs { get; init; } = UsualLeaseUs;

    /// <summary>One item on its way: a place is taken for it, and it runs once its commit has landed.</summary>
    internal readonly record struct Leased(StoredWork Work, SemaphoreSlim Places, Action<StoredWork> Run);

    private sealed record Taker(SemaphoreSlim Places, Action<StoredWork> Run);

    private readonly ConcurrentDictionary<int, Taker> _takers = new();

    /// <summary>
    /// From now on the queue's due work is given to <paramref name="run"/>, one place taken for each.
    /// </summary>
    public void Open(int queue, SemaphoreSlim places, Action<StoredWork> run) =>
        _takers[queue] = new Taker(places, run);

    public void Close(int queue) => _takers.TryRemove(queue, out _);

    /// <summary>Before the commit: leases what is due already, as far as there are places for it.</summary>
    public List<Leased> Lease(Snapshot rows, long nowUs, long realNowUs)
    {
        List<Leased> leased = [];
        foreach (var work in rows.Work.Changed(RowChange.Insert))
            if (work.Item.DueUs <= nowUs && _takers.TryGetValue(work.Item.Queue, out var taker) && taker.Places.Wait(0))
                leased.Add(new Leased(
                    work with { LeaseUntilUs = realNowUs + LeaseUs, Attempts = 1 }, taker.Places, taker.Run));
        foreach (var item in leased) rows.Work.Apply(item.Work, RowChange.Insert);
        return leased;
    }

    /// <summary>After the commit.</summary>
    public static void Give(List<Leased> leased)
    {
        foreach (var item in leased) item.Run(item.Work);
    }

    /// <summary>The commit failed: nothing of it was written.</summary>
    public static void Forget(List<Leased> leased)
    {
        foreach (var item in leased) item.Places.Release();
    }
}
