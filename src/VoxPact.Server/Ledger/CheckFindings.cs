using VoxPact.Client;
using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Ledger;

/// <summary>
/// What a check examined and what it found wrong: everything is counted, the first of each kind are kept.
/// </summary>
internal sealed class CheckFindings
{
    public const int Movements = Audit.Movement, Escrows = Audit.Escrow, Closings = Audit.Closing;
    public const int Settled = 4, Known = 5, Balances = 6, Solvency = 7, Deliveries = 8, Answered = 9;
    public const int Overdue = 10, Replays = 11, Chain = 0;
    public const string Holds = "holds", Broken = "broken", Warning = "warning", NotChecked = "not_checked";
    private const int Kept = 20;

    /// <summary>
    /// The invariants by their numbers in the ledger's design; the chain of commits has none.
    /// </summary>
    public static readonly IReadOnlyList<(int Number, string Id, string Title)> Invariants =
    [
        (Movements, "I1", "every movement has exactly its entries, and there are no others"),
        (Escrows, "I2", "every escrow is what its entries say, and 0 once its job is over"),
        (Closings, "I3", "every funded job that is over was closed by one movement"),
        (Settled, "I4", "every settled operation was executed once, as it says"),
        (Known, "I5", "the provider executed nothing that no operation asked for"),
        (Balances, "I6", "no owner's balance is negative, each is the sum of its entries"),
        (Solvency, "I7", "the provider holds what is owed to owners"),
        (Deliveries, "I8", "every event is delivered in order, or dead with a reason"),
        (Answered, "I9", "what was answered is there"),
        (Overdue, "I10", "nothing is overdue"),
        (Replays, "I11", "every stored answer can be replayed"),
        (Chain, "chain", "every commit's entries and facts are as they were written"),
    ];

    private readonly Dictionary<int, (long Count, List<string> First)> _found =
        Invariants.ToDictionary(invariant => invariant.Number, _ => (0L, new List<string>()));

    private readonly Dictionary<int, string> _notes = new()
    {
        [Deliveries] = "What was delivered stands only in the log of attempts, which is kept for 30 days.",
        [Answered] = "Told from stored answers about jobs; sealed ones hold secrets and are not read.",
        [Replays] = "Their form is checked, and that none is stuck; a change that keeps the form is not seen.",
    };

    private readonly HashSet<int> _notChecked = [];

    public Dictionary<string, long> Examined { get; } = [];

    /// <summary>Nothing broken; a warning is none.</summary>
    public bool Passed => Invariants.All(invariant => StatusOf(invariant.Number) is not Broken);

    public bool Complete => _notChecked.Count == 0;

    public void Add(int invariant, string subject, string sentence)
    {
        var (count, first) = _found[invariant];
        if (first.Count < Kept) first.Add($"{subject}: {sentence}");
        _found[invariant] = (count + 1, first);
    }

    public void Add(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings) Add(finding.Invariant, finding.Subject, finding.Sentence);
    }

    /// <summary>Says that an invariant could not be looked at, and why.</summary>
    public void Skip(int invariant, string why)
    {
        _notChecked.Add(invariant);
        _notes[invariant] = why;
    }

    public void Count(string what) => Examined[what] = Examined.GetValueOrDefault(what) + 1;

    public string StatusOf(int invariant) => _found[invariant].Count switch
    {
        > 0 when invariant is Solvency => Warning,
        > 0 => Broken,
        _ when _notChecked.Contains(invariant) => NotChecked,
        _ => Holds,
    };

    public IReadOnlyList<CheckedInvariant> Report() => [.. Invariants.Select(invariant => new CheckedInvariant
    {
        Id = invariant.Id,
        Title = invariant.Title,
        Status = StatusOf(invariant.Number),
        Findings = _found[invariant.Number].Count,
        First = _found[invariant.Number].First,
        Note = _notes.GetValueOrDefault(invariant.Number),
    })];
}
