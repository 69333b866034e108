namespace VoxPact.StripeSimulator.Misbehaviour;

/// <summary>
/// Decides what goes wrong, by the plan or by what was asked for next, and counts it. It is forgotten at a restart.
/// </summary>
internal sealed class FaultDice
{
    private readonly Lock _lock = new();
    private readonly List<Awaited> _next = [];
    private readonly SortedDictionary<PlannedFault, long> _happened = [];
    private Random _random = new(0);

    public FaultPlan Plan { get; private set; } = FaultPlan.Behaved;

    public void Follow(FaultPlan plan)
    {
        lock (_lock)
        {
            (Plan, _random) = (plan, new Random(plan.Seed));
            _next.Clear();
        }
    }

    /// <summary>The next so many matching requests get this fault, whatever the plan says.</summary>
    public void Await(PlannedFault fault, string method, string path, int count)
    {
        lock (_lock)
            _next.Add(new Awaited(fault, method, path) { Left = count });
    }

    /// <summary>What happens to one request; at most one thing does.</summary>
    public PlannedFault OfRequest(string method, string path, bool hasKey)
    {
        lock (_lock)
        {
            var fault = Awaiting(method, path) ?? (path.StartsWith(Plan.Path, StringComparison.Ordinal)
                ? Plan.OfRequest(_random.Next(1_000))
                : PlannedFault.None);
            // What is only read cannot be done late, and only a key can be in use.
            if (!hasKey && fault is PlannedFault.Late or PlannedFault.Busy or PlannedFault.Decline)
                fault = PlannedFault.None;
            return Counted(fault);
        }
    }

    /// <summary>Whether something else goes wrong than a request.</summary>
    public bool Rolls(PlannedFault fault)
    {
        lock (_lock)
            return Plan.PerMille.TryGetValue(fault, out var rate) && _random.Next(1_000) < rate
                && Counted(fault) == fault;
    }

    /// <summary>From 0 to just below the bound.</summary>
    public int Below(int bound)
    {
        lock (_lock)
            return bound < 1 ? 0 : _random.Next(bound);
    }

    public IReadOnlyDictionary<PlannedFault, long> Happened()
    {
        lock (_lock)
            return new Dictionary<PlannedFault, long>(_happened);
    }

    private PlannedFault? Awaiting(string method, string path)
    {
        var awaited = _next.Find(one => (one.Method.Length == 0 || one.Method == method)
            && path.StartsWith(one.Path, StringComparison.Ordinal));
        if (awaited is null)
            return null;
        if (--awaited.Left == 0)
            _next.Remove(awaited);
        return awaited.Fault;
    }

    private PlannedFault Counted(PlannedFault fault)
    {
        if (fault is not PlannedFault.None)
            _happened[fault] = _happened.GetValueOrDefault(fault) + 1;
        return fault;
    }

    private sealed class Awaited(PlannedFault fault, string method, string path)
    {
        public PlannedFault Fault { get; } = fault;

        public string Method { get; } = method;

        public string Path { get; } = path;

        public int Left { get; set; }
    }
}
