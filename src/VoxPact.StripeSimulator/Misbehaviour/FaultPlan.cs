using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Misbehaviour;

/// <summary>How often what goes wrong. The same seed and the same order of requests give the same faults.</summary>
internal sealed record FaultPlan(int Seed, IReadOnlyDictionary<PlannedFault, int> PerMille)
{
    private const int Thousand = 1_000;

    public static readonly FaultPlan Behaved = new(0, new Dictionary<PlannedFault, int>());

    /// <summary>Only requests whose path begins so.</summary>
    public string Path { get; private init; } = "/v1/";

    /// <summary>
    /// True as at Stripe: a status 500 is kept under its idempotency key and replayed. False as if the fault was
    /// somewhere before Stripe: the same key sent again finds out.
    /// </summary>
    public bool KeepsErrors { get; private init; } = true;

    /// <summary>Until a late request is done, in the simulator's time.</summary>
    public long LateSeconds { get; private init; } = 300;

    public int SlowMs { get; private init; } = 2_000;

    public int DelayMs { get; private init; } = 10_000;

    public int ReorderMs { get; private init; } = 1_000;

    /// <summary>Until a charge is disputed, in the simulator's time.</summary>
    public long DisputeSeconds { get; private init; } = 3_600;

    /// <summary>Requests get at most one fault, so the rates of those share one thousand.</summary>
    private static readonly PlannedFault[] OfRequests =
    [
        PlannedFault.Reset, PlannedFault.Lost, PlannedFault.Error, PlannedFault.ErrorExecuted, PlannedFault.Late,
        PlannedFault.Busy, PlannedFault.Limited, PlannedFault.Slow, PlannedFault.Held, PlannedFault.Decline,
    ];

    private static readonly IReadOnlyDictionary<string, PlannedFault> ByName =
        Enum.GetValues<PlannedFault>().Where(fault => fault is not PlannedFault.None)
            .ToDictionary(NameOf, fault => fault);

    /// <summary>As the control endpoints write it: <c>error_executed</c>.</summary>
    public static string NameOf(PlannedFault fault) => string.Concat(fault.ToString().Select(
        (letter, i) => (char.IsUpper(letter) && i > 0 ? "_" : "") + char.ToLowerInvariant(letter)));

    public static PlannedFault Named(Params form, string name)
        => ByName.TryGetValue(form.Required(name), out var fault)
            ? fault
            : throw Fault.Invalid($"Invalid {name}: must be one of {string.Join(", ", ByName.Keys)}", name);

    public static FaultPlan Read(Params form)
    {
        form.RefuseUnknown(new HashSet<string>(
        [
            .. ByName.Keys, "seed", "path", "keep_errors", "late_seconds", "slow_ms", "delay_ms", "reorder_ms",
            "dispute_seconds",
        ]));
        var rates = new Dictionary<PlannedFault, int>();
        foreach (var (name, fault) in ByName)
            if (Bounded(form, name, 0, Thousand) is > 0 and var rate)
                rates[fault] = (int)rate;
        if (OfRequests.Sum(fault => rates.GetValueOrDefault(fault)) > Thousand)
            throw Fault.Invalid("The rates of what can happen to one request add up to more than a thousand.");
        return new FaultPlan((int)Bounded(form, "seed", 0, int.MaxValue), rates)
        {
            Path = form.Text("path") ?? Behaved.Path,
            KeepsErrors = form.Boolean("keep_errors") ?? true,
            LateSeconds = Bounded(form, "late_seconds", Behaved.LateSeconds, 7 * 24 * 3600),
            SlowMs = (int)Bounded(form, "slow_ms", Behaved.SlowMs, 120_000),
            DelayMs = (int)Bounded(form, "delay_ms", Behaved.DelayMs, 3_600_000),
            ReorderMs = (int)Bounded(form, "reorder_ms", Behaved.ReorderMs, 60_000),
            DisputeSeconds = Bounded(form, "dispute_seconds", Behaved.DisputeSeconds, 365 * 24 * 3600),
        };
    }

    /// <summary>The fault that a roll from 0 to 999 means for one request.</summary>
    public PlannedFault OfRequest(int roll)
    {
        foreach (var fault in OfRequests)
        {
            roll -= PerMille.GetValueOrDefault(fault);
            if (roll < 0)
                return fault;
        }
        return PlannedFault.None;
    }

    private static long Bounded(Params form, string name, long otherwise, long max) => form.Integer(name) switch
    {
        null => otherwise,
        >= 0 and var number when number <= max => number,
        _ => throw Fault.Invalid($"{name} must be 0 to {max}.", name),
    };
}
