using VoxPact.Server.Engine;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// Tells those who wait for an agent's events that there are some: one entry for each that waits, and no work for
/// those whose agents nothing happens to. What it says is only "look"; the events are read from the inbox.
/// </summary>
internal sealed class EventHub : IDisposable
{
    private readonly Dictionary<Guid, List<Listener>> _listeners = [];
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Set when the server stops: whoever waits lets go.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Null when the agent has as many listeners as it may; otherwise dispose to leave.</summary>
    public Listener? Join(Guid agent, int most)
    {
        lock (_listeners)
        {
            if (!_listeners.TryGetValue(agent, out var others)) _listeners[agent] = others = [];
            if (others.Count >= most) return null;
            var listener = new Listener(this, agent);
            others.Add(listener);
            return listener;
        }
    }

    public void Tell(IEnumerable<Guid> agents)
    {
        lock (_listeners)
        {
            foreach (var agent in agents)
                if (_listeners.TryGetValue(agent, out var waiting))
                    foreach (var listener in waiting) listener.News.Set();
        }
    }

    public void Close() => _closing.Cancel();

    public void Dispose() => _closing.Dispose();

    private void Leave(Listener listener)
    {
        lock (_listeners)
        {
            if (!_listeners.TryGetValue(listener.Agent, out var others)) return;
            others.Remove(listener);
            if (others.Count == 0) _listeners.Remove(listener.Agent);
        }
    }

    internal sealed class Listener(EventHub hub, Guid agent) : IDisposable
    {
        public Guid Agent => agent;

        /// <summary>Set whenever the agent was told something.</summary>
        public Signal News { get; } = new();

        public void Dispose() => hub.Leave(this);
    }
}
