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

    private readonly Dictionary<string, Gate> _gates = new(StringComparer.Ordinal);

    /// <summary>
    /// Null when no place came free within <paramref name="wait"/>; otherwise dispose to leave.
    /// </summary>
    public async Task<IDisposable?> EnterAsync(string endpoint, TimeSpan wait, CancellationToken stop)
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

    private Gate Join(string endpoint)
    {
        lock (_gates)
        {
            if (!_gates.TryGetValue(endpoint, out Gate? gate))
                _gates[endpoint] = gate = new Gate(inFlightMax);
            gate.Users++;
            return gate;
        }
    }

    private void Leave(string endpoint, Gate gate)
    {
        lock (_gates)
        {
            if (--gate.Users == 0) _gates.Remove(endpoint);
        }
    }

    private sealed class Place(EndpointGates gates, string endpoint, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Places.Release();
            gates.Leave(endpoint, gate);
        }
    }
}
