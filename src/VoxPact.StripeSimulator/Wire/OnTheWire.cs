using System.Collections.Concurrent;

namespace VoxPact.StripeSimulator.Wire;

/// <summary>Requests that were sent and have not arrived.</summary>
internal sealed class OnTheWire
{
    private readonly ConcurrentDictionary<Held, bool> _held = new();

    public Held Hold()
    {
        var held = new Held(this);
        _held[held] = true;
        return held;
    }

    public Task ArriveAsync() => Task.WhenAll(_held.Keys.Select(held => held.ArriveAsync()));

    /// <summary>One of them; disposed when it was done.</summary>
    internal sealed class Held(OnTheWire wire) : IDisposable
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when it need be held no longer.</summary>
        public Task Released => _released.Task;

        public Task ArriveAsync()
        {
            _released.TrySetResult();
            return _done.Task;
        }

        public void Dispose()
        {
            wire._held.TryRemove(this, out _);
            _done.TrySetResult();
        }
    }
}
