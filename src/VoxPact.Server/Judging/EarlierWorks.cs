using System.Collections.Concurrent;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Judging;

/// <summary>
/// Finds works that their worker has sold before: the same, or nearly the same, handed to another buyer. A worker's
/// newest submissions are kept in memory for a few seconds, so that a busy worker costs a query now and then and not
/// one for each job; no table is written for this.
/// </summary>
internal sealed class EarlierWorks(IStore store, WorkReading reading, TimeProvider time)
{
    private const int PerWorker = 200;
    private const int Workers = 1_000;
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, Known> _known = [];

    private sealed record Known(long At, IReadOnlyList<JudgingQueries.Earlier> Works);

    /// <summary>What the work copies, as a sentence; null when it copies nothing.</summary>
    public async Task<string?> CopyAsync(
        JobQueries.ToJudge source, JudgedWork work, long? fingerprint, CancellationToken stop)
    {
        if (fingerprint is not { } print || source.Job.WorkerAgent is not { } worker) return null;
        foreach (var earlier in await OfAsync(worker, stop))
        {
            bool mayBe = earlier.Job != source.Job.Id && earlier.BuyerOwner != source.Job.BuyerOwner
                && (earlier.Hash.AsSpan().SequenceEqual(source.Submission.Hash)
                    || (earlier.Fingerprint is { } other && Fingerprint.IsNear(print, other)));
            if (mayBe && await IsCopyAsync(source, work, earlier, stop))
                return "The work is the same as, or nearly the same as, one that its worker delivered to another buyer "
                    + "for another task.";
        }
        return null;
    }

    /// <summary>A work was judged: the next one of its worker is compared with it too.</summary>
    public void Remember(JobQueries.ToJudge source, long? fingerprint)
    {
        if (fingerprint is null || source.Job.WorkerAgent is not { } worker) return;
        if (!_known.TryGetValue(worker, out var known)) return;
        var newest = new JudgingQueries.Earlier(source.Job.Id, source.Submission.Number, source.Submission.Hash,
            fingerprint, source.Job.BuyerOwner);
        _known[worker] = known with { Works = [newest, .. known.Works.Take(PerWorker)] };
    }

    private async Task<IReadOnlyList<JudgingQueries.Earlier>> OfAsync(Guid worker, CancellationToken stop)
    {
        if (_known.TryGetValue(worker, out var known) && time.GetElapsedTime(known.At) < Keep) return known.Works;
        if (_known.Count >= Workers) _known.Clear();
        long at = time.GetTimestamp();
        var works = await store.QueryAsync(JudgingQueries.EarlierOf(worker, PerWorker), stop);
        _known[worker] = new Known(at, works);
        return works;
    }

    /// <summary>The texts decide; and who is asked the same thing twice may answer the same twice.</summary>
    private async Task<bool> IsCopyAsync(
        JobQueries.ToJudge source, JudgedWork work, JudgingQueries.Earlier earlier, CancellationToken stop)
    {
        var found = await store.QueryAsync(JobQueries.Submission(earlier.Job, earlier.Number), stop);
        return found is [var other] && (other.Job.Title, other.Terms.Description, other.Terms.TaskSpec)
                != (source.Job.Title, source.Terms.Description, source.Terms.TaskSpec)
            && Fingerprint.IsSame(work.Text, (await reading.OfAsync(other.Submission, stop)).Text);
    }
}
