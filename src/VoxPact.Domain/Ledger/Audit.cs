using VoxPact.Domain.Jobs;

namespace VoxPact.Domain.Ledger;

/// <summary>
/// Something that must not be: the number of the invariant that it breaks, what it is about, and what is
/// wrong.
/// </summary>
public sealed record Finding(int Invariant, string Subject, string Sentence);

/// <summary>
/// Holds the entries of one job or operation against what <see cref="Movements"/> would have written: the
/// movements themselves (I1), the escrow's equation (I2) and its one closing (I3). Pure, so tests and
/// <c>voxpact check</c> share it.
/// </summary>
public static class Audit
{
    public const int Movement = 1, Escrow = 2, Closing = 3;

    /// <param name="entries">Every entry whose subject is the job, in any order.</param>
    public static List<Finding> Of(Job job, IReadOnlyList<Entry> entries)
    {
        var findings = new List<Finding>();
        string name = Id.Format(Id.Job, job.Id);
        Compare(findings, name, Expected(job, entries), entries);
        var balance = Money.Zero;
        foreach (var entry in entries)
        {
            if (entry.Credit == Account.Escrow(job.Id)) balance += entry.Amount;
            if (entry.Debit == Account.Escrow(job.Id)) balance -= entry.Amount;
        }
        var due = job.State is JobState.Funding || job.IsFinal ? Money.Zero : job.Amount;
        if (balance != job.Escrow)
            findings.Add(
                new Finding(Escrow, name,
                $"The job says its escrow is {job.Escrow}, its entries sum to {balance}."));
        if (balance != due)
            findings.Add(
                new Finding(Escrow, name,
                $"A job that is {JobWords.Of(job.State)} must hold {due}, its entries sum to {balance}."));
        if (ClosingProblem(job, entries) is { } problem) findings.Add(new Finding(Closing, name, problem));
        return findings;
    }

    /// <param name="entries">Every entry whose subject is the operation, in any order.</param>
    public static List<Finding> Of(Operation operation, IReadOnlyList<Entry> entries)
    {
        var findings = new List<Finding>();
        var (id, owner, amount) = (operation.Id, operation.OwnerId, operation.Amount);
        List<Entry> expected = [];
        if (operation.Kind is OperationKind.Transfer) expected.AddRange(Movements.PayOut(id, owner, amount,
            At(entries, Slot.PayOut)));
        expected.AddRange((operation.Kind, operation.State) switch
        {
            (OperationKind.Charge, OperationState.Done) => Movements.TopUp(id, owner, amount,
                At(entries, Slot.TopUp)),
            (OperationKind.Transfer, OperationState.Done) =>
                Movements.PayOutSent(id, owner, amount, At(entries, Slot.Outcome)),
            (OperationKind.Transfer, OperationState.Declined) =>
                Movements.TransferFailed(id, owner, amount, At(entries, Slot.Outcome)),
            _ => [],
        });
        Compare(findings, Id.Format(Id.Operation, id), expected, entries);
        return findings;
    }

    private static List<Entry> Expected(Job job, IReadOnlyList<Entry> entries)
    {
        var (id, buyer) = (job.Id, job.BuyerOwner);
        List<Entry> expected = [];
        var reduced = entries.Where(entry => entry.Slot is Slot.Reduce).Aggregate(Money.Zero, (sum, entry) =>
            sum + entry.Amount);
        bool isFunded = entries.Any(entry => entry.Slot is Slot.Hold) || job.AcceptedUs is not null
            || job.State is not (JobState.Funding or JobState.Cancelled);
        if (isFunded) expected.AddRange(Movements.Hold(id, buyer, job.Amount + reduced,
            At(entries, Slot.Hold)));
        expected.AddRange(Movements.Reduce(id, buyer, reduced, At(entries, Slot.Reduce)));
        if (job.State is JobState.Completed && job.WorkerOwner is { } worker)
            expected.AddRange(Movements.Release(id, worker, job.Amount, job.Fee, At(entries, Slot.Close)));
        if (job.State is JobState.Cancelled && isFunded)
            expected.AddRange(Movements.Refund(id, buyer, job.Amount, At(entries, Slot.Close)));
        return expected;
    }

    private static string? ClosingProblem(Job job, IReadOnlyList<Entry> entries)
    {
        var kinds = entries.Where(entry => entry.Slot is Slot.Close).Select(entry => entry.Movement)
            .Distinct().ToList();
        bool isFunded = entries.Any(entry => entry.Slot is Slot.Hold);
        string state = JobWords.Of(job.State);
        if (kinds.Count > 1) return $"It was closed by {string.Join(" and ", kinds)}; exactly one may.";
        if (!job.IsFinal) return kinds.Count == 0 ? null
            : $"It is {state}, yet a {kinds[0]} took its escrow.";
        if (job.State is JobState.Completed) return kinds is [MovementKind.Release] ? null
            : $"It is {state} without a Release.";
        return kinds switch
        {
            [] when isFunded => $"It is {state}, but nothing gave its escrow back.",
            [MovementKind.Refund] or [] => null,
            _ => $"It is {state}, yet a {kinds[0]} took its escrow.",
        };
    }

    /// <summary>
    /// When the movement in that slot happened: its legs must agree about it, so the first one tells.
    /// </summary>
    private static long At(IReadOnlyList<Entry> entries, Slot slot) =>
        entries.Where(entry => entry.Slot == slot).Select(entry => entry.AtUs).DefaultIfEmpty().Min();

    private static void Compare(List<Finding> findings, string subject, List<Entry> expected,
        IReadOnlyList<Entry> actual)
    {
        foreach (var entry in expected)
            if (!actual.Contains(entry))
                findings.Add(new Finding(Movement, subject, $"There should be {Show(entry)}."));
        foreach (var entry in actual)
            if (!expected.Contains(entry))
                findings.Add(new Finding(Movement, subject, $"There should not be {Show(entry)}."));
        foreach (var twice in actual.GroupBy(entry => (entry.Slot, entry.Leg))
            .Where(group => group.Count() > 1))
            findings.Add(new Finding(Movement, subject,
                $"{Show(twice.First())} is there {twice.Count()} times."));
    }

    private static string Show(Entry entry) =>
        $"{Name(entry)} of {entry.Amount} (debit {Name(entry.Debit)}, credit {Name(entry.Credit)})";

    /// <summary>
    /// Its id; what was tampered with may carry a number that no movement has, and must still be told.
    /// </summary>
    public static string Name(Entry entry) => Enum.IsDefined(entry.Movement)
        ? entry.EntryId
        : $"movement {(int)entry.Movement} of {Id.Format(Id.Job, entry.Subject)}";

    private static string Name(Account account) =>
        Enum.IsDefined(account.Kind) ? account.ToString() : $"account kind {(int)account.Kind}";
}
