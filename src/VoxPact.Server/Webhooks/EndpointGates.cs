namespace VoxPact.Server.Webhooks;

/// <summary>
/// At most so many deliveries in flight per endpoint. Gates exist only while someone is in or before them, so
/// that the table stays as small as the traffic.
/// </summary>
internal sealed class EndpointGates(int inFlightMax)
{
    private sealed class Gate(int max)
    {
        public SemaphoreSlim Places { get; } = new(max);
        public int Users { get; set; }
    }

    private readonly Dictionary<Guid, Gate> _gates = [];

    /// <summary>
    /// Null when no place came free within <paramref name="wait"/>; otherwise dispose to leave.
    /// </summary>
    public async Task<IDisposable?> EnterAsync(Guid endpoint, TimeSpan wait, CancellationToken stop)
    {
        Gate gate = Join(endpoint);
        bool entered = false;
        try
        {
            entered = await gate.Places.WaitAsync(wait, stop);
        }
        finally
        {
            if (!entered) Leave(endpoint, gate);
        }
        return entered ? new Place(this, endpoint, gate) : null;
    }

    public int Count
    {
        get
        {
            lock (_gates) return _gates.Count;
        }
    }

    private Gate Join(Guid endpoint)
    {
        lock (_gates)
        {
            if (!_gates.TryGetValue(endpoint, out Gate? gate))
                _gates[endpoint] = gate = new Gate(inFlightMax);
            gate.Users++;
            return gate;
        }
    }

    private void Leave(Guid endpoint, Gate gate)
    {
        lock (_gates)
        {
            if (--gate.Users == 0) _gates.Remove(endpoint);
        }
    }

    private sealed class Place(EndpointGates gates, Guid endpoint, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Places.Release();
            gates.Leave(endpoint, gate);
        }
    }
}
