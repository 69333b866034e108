using System.Collections.Concurrent;

namespace VoxPact.Server.Engine;

/// <summary>
/// What this process tells itself after a commit: there is work, there are events, a job or an operation that a
/// request waits for has changed. Other nodes find out by looking; nothing here is needed for correctness.
/// </summary>
internal sealed class Signals
{
    private readonly ConcurrentDictionary<int, Signal> _queues = new();
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _awaited = new();

    public Handover Handover { get; init; } = new();

    /// <summary>Events were told to somebody.</summary>
    public Signal Inbox { get; } = new();

    /// <summary>
    /// Set by those who enable an endpoint, ask for events again, or move the clock: look who has something to send.
    /// </summary>
    public Signal Endpoints { get; } = new();

    /// <summary>Set by every commit that changed work or webhook endpoints.</summary>
    public Signal Progress { get; } = new();

    public void WakeAll()
    {
        Inbox.Set();
        Endpoints.Set();
        foreach (var queue in _queues.Values) queue.Set();
    }

    public Signal Queue(int queue) => _queues.GetOrAdd(queue, static _ => new Signal());

    /// <summary>
    /// Completes when a commit of this process changes the job or operation; ask before the change can happen.
    /// </summary>
    public Task Change(Guid id) =>
        _awaited.GetOrAdd(id,
            static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Nobody waits for it any more.</summary>
    public void Forget(Guid id) => _awaited.TryRemove(id, out _);

    public void Committed(Snapshot changes, long nowUs)
    {
        foreach (var work in changes.Work.Rows)
            if (work.Item.DueUs <= nowUs && work.LeaseUntilUs == 0) Queue(work.Item.Queue).Set();
        if (changes.Inbox.HasChanges) Inbox.Set();
        if (changes.Work.HasChanges || changes.Endpoints.HasChanges) Progress.Set();
        if (_awaited.IsEmpty) return;
        foreach (var job in changes.Jobs.Changed(Domain.RowChange.Update)) Wake(job.Id);
        foreach (var job in changes.Jobs.Changed(Domain.RowChange.Delete)) Wake(job.Id);
        foreach (var operation in changes.Operations.Changed(Domain.RowChange.Update)) Wake(operation.Id);
    }

    private void Wake(Guid id)
    {
        if (_awaited.TryRemove(id, out var waiter)) waiter.TrySetResult();
    }
}

/// <summary>An auto-reset flag that one loop waits for, with a longest wait.</summary>
internal sealed class Signal
{
    private readonly SemaphoreSlim _set = new(0, 1);

    public void Set()
    {
        try
        {
            if (_set.CurrentCount == 0) _set.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else set it at the same moment, which is all that was wanted.
        }
    }

    /// <summary>True when it was set, false when nothing came or the caller is told to stop.</summary>
    public async Task<bool> WasSetAsync(TimeSpan longest, CancellationToken stopping)
    {
        try
        {
            return await _set.WaitAsync(longest, stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public Task WaitAsync(TimeSpan longest, CancellationToken cancellation) => _set.WaitAsync(longest, cancellation);

    /// <summary>As above, but being told to stop only ends the wait: for loops that look for that themselves.</summary>
    public Task TryWaitAsync(TimeSpan longest, CancellationToken stopping) => WasSetAsync(longest, stopping);
}
