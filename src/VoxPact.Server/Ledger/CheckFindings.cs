using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Ledger;

/// <summary>
/// What a check examined and what it found wrong: everything is counted, the first of each kind are kept.
/// </summary>
internal sealed class CheckFindings
{
    public const int Movements = Audit.Movement, Escrows = Audit.Escrow, Closings = Audit.Closing;
    public const int Balances = 6, Overdue = 10, Chain = 0;
    private const int Kept = 20;

    /// <summary>
    /// The invariants by their numbers in the ledger's design; the chain of commits has none.
    /// </summary>
    public static readonly IReadOnlyList<(int Number, string Id, string Title)> Invariants =
    [
        (Movements, "I1", "every movement has exactly its entries, and there are no others"),
        (Escrows, "I2", "every escrow is what its entries say, and 0 once its job is over"),
        (Closings, "I3", "every funded job that is over was released or refunded, once"),
        (Balances, "I6", "no owner's balance is negative, each is the sum of its entries"),
        (Overdue, "I10", "nothing is overdue"),
        (Chain, "chain", "every commit's entries and facts are as they were written"),
    ];

    private readonly Dictionary<int, (long Count, List<string> First)> _found =
        Invariants.ToDictionary(invariant => invariant.Number, _ => (0L, new List<string>()));

    public Dictionary<string, long> Examined { get; } = [];

    public bool Passed => _found.Values.All(found => found.Count == 0);

    public (long Count, IReadOnlyList<string> First) Of(int invariant) => _found[invariant];

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

    public void Count(string what) => Examined[what] = Examined.GetValueOrDefault(what) + 1;
}
