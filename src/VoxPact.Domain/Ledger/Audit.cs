using System.Text.Json;
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
        List<Entry> expected = [.. Asked(operation, entries), .. Outcome(operation, entries)];
        if (operation.Fee is { } fee)
            expected.AddRange(Movements.Processing(operation.Id, fee, At(entries, Slot.Processing)));
        Compare(findings, Id.Format(Id.Operation, operation.Id), expected, entries);
        return findings;
    }

    /// <summary>What is reserved from the moment in which an operation is decided.</summary>
    private static Entry[] Asked(Operation operation, IReadOnlyList<Entry> entries)
    {
        var (id, owner, amount) = (operation.Id, operation.OwnerId, operation.Amount);
        return operation.Kind switch
        {
            OperationKind.Transfer => Movements.PayOut(id, owner, amount, At(entries, Slot.PayOut)),
            OperationKind.Refund => Movements.Withdraw(id, owner, amount, At(entries, Slot.PayOut)),
            _ => [],
        };
    }

    private static IEnumerable<Entry> Outcome(Operation operation, IReadOnlyList<Entry> entries)
    {
        var (id, owner, amount) = (operation.Id, operation.OwnerId, operation.Amount);
        long at = At(entries, Slot.Outcome), back = At(entries, Slot.Return);
        return (operation.Kind, operation.State) switch
        {
            (OperationKind.Charge, OperationState.Done) => Movements.TopUp(id, owner, amount,
                At(entries, Slot.TopUp)),
            (OperationKind.Transfer, OperationState.Done) => Movements.PayOutSent(id, owner, amount, at),
            (OperationKind.Transfer, OperationState.Declined) => Movements.TransferFailed(id, owner, amount, at),
            (OperationKind.Refund, OperationState.Done) =>
                [.. Movements.WithdrawSent(id, owner, amount, at),
                    .. Movements.RefundReturned(id, owner, operation.Returned, back)],
            (OperationKind.Refund, OperationState.Declined) => Movements.RefundFailed(id, owner, amount, at),
            (OperationKind.ActivationFee, OperationState.Done) => Movements.ActivationFee(id, amount, at),
            (OperationKind.Reversal, OperationState.Done) => Movements.TransferReversed(id, owner, amount, at),
            (OperationKind.Dispute, _) => Disputed(operation, entries, at, back),
            (OperationKind.Bonus, OperationState.Done) => Bonus(operation, entries, at),
            (OperationKind.Recovery, OperationState.Done) => Divided(entries, Slot.Outcome, amount,
                (balance, earnings) => Movements.Recover(id, owner, balance, earnings, at)),
            (OperationKind.WriteOff, OperationState.Done) => Movements.WriteOff(id, owner, amount, at),
            (OperationKind.CapitalAdded, OperationState.Done) => Movements.Capital(id, amount, true, at),
            (OperationKind.CapitalTaken, OperationState.Done) => Movements.Capital(id, amount, false, at),
            (OperationKind.FeeTaken or OperationKind.FeeReturned, OperationState.Done) => Movements.Processing(
                id, amount, At(entries, Slot.Processing), operation.Kind is OperationKind.FeeReturned),
            _ => [],
        };
    }

    private static IEnumerable<Entry> Disputed(
        Operation dispute, IReadOnlyList<Entry> entries, long at, long back)
    {
        var (id, owner, amount) = (dispute.Id, dispute.OwnerId, dispute.Amount);
        var taken = Divided(entries, Slot.Outcome, amount,
            (balance, debt) => Movements.Chargeback(id, owner, balance, debt, at));
        return dispute.State is not OperationState.Declined ? taken : taken.Concat(
            Divided(entries, Slot.Return, amount,
                (balance, debt) => Movements.ChargebackWon(id, owner, balance, debt, back)));
    }

    private static IEnumerable<Entry> Bonus(Operation bonus, IReadOnlyList<Entry> entries, long at)
    {
        var body = JsonSerializer.Deserialize<BonusBody>(bonus.Body)!;
        var (id, owner, fee) = (bonus.Id, bonus.OwnerId, new BasisPoints(body.FeeBps));
        return Movements.Bonus(id, owner, body.WorkerOwner, bonus.Amount, fee, at, IsHeld(entries, Slot.Outcome))
            .Concat(Matured(id, body.WorkerOwner, entries, Slot.Outcome, Slot.MatureBonus));
    }

    /// <summary>A movement of which only the sum is fixed: how it divided depends on what there was.</summary>
    private static Entry[] Divided(
        IReadOnlyList<Entry> entries, Slot slot, Money amount, Func<Money, Money, Entry[]> movement)
    {
        var second = SumOf(entries, slot, 1);
        return second > amount ? [] : movement(amount - second, second);
    }

    private static List<Entry> Expected(Job job, IReadOnlyList<Entry> entries)
    {
        var (id, buyer) = (job.Id, job.BuyerOwner);
        List<Entry> expected = [];
        var reduced = SumOf(entries, Slot.Reduce, 0);
        var raised = Money.Min(SumOf(entries, Slot.Raise, 0), job.Amount);
        bool isFunded = entries.Any(entry => entry.Slot is Slot.Hold) || job.AcceptedUs is not null
            || job.State is not (JobState.Funding or JobState.Cancelled);
        if (isFunded) expected.AddRange(Movements.Hold(id, buyer, job.Amount + reduced - raised,
            At(entries, Slot.Hold)));
        expected.AddRange(Movements.Raise(id, buyer, raised, At(entries, Slot.Raise)));
        expected.AddRange(Movements.Reduce(id, buyer, reduced, At(entries, Slot.Reduce)));
        if (job.State is JobState.Completed && job.WorkerOwner is { } worker)
        {
            bool isHeld = IsHeld(entries, Slot.Close);
            long at = At(entries, Slot.Close);
            var back = job.Closed is ClosedReason.DisputeSplit ? SumOf(entries, Slot.Close, 2) : Money.Zero;
            expected.AddRange(job.Closed is ClosedReason.DisputeSplit
                ? Movements.Split(
                    id, worker, buyer, job.Amount - Money.Min(back, job.Amount), back, job.Fee, at, isHeld)
                : Movements.Release(id, worker, job.Amount, job.Fee, at, isHeld));
            expected.AddRange(Matured(id, worker, entries, Slot.Close, Slot.Mature));
        }
        if (job.State is JobState.Cancelled && isFunded)
            expected.AddRange(Movements.Refund(id, buyer, job.Amount, At(entries, Slot.Close)));
        return expected;
    }

    /// <summary>What was held may have become payable, whole and once.</summary>
    private static Entry[] Matured(Guid subject, Guid worker, IReadOnlyList<Entry> entries, Slot earned, Slot slot) =>
        IsHeld(entries, earned) && entries.Any(entry => entry.Slot == slot)
            ? Movements.Mature(subject, slot, worker, SumOf(entries, earned, 0), At(entries, slot))
            : [];

    private static bool IsHeld(IReadOnlyList<Entry> entries, Slot slot) =>
        entries.Any(entry => entry.Slot == slot && entry.Leg == 0 && entry.Credit.Kind is AccountKind.OwnerHeld);

    private static Money SumOf(IReadOnlyList<Entry> entries, Slot slot, int leg) =>
        entries.Where(entry => entry.Slot == slot && entry.Leg == leg)
            .Aggregate(Money.Zero, (sum, entry) => sum + entry.Amount);

    private static string? ClosingProblem(Job job, IReadOnlyList<Entry> entries)
    {
        var kinds = entries.Where(entry => entry.Slot is Slot.Close).Select(entry => entry.Movement)
            .Distinct().ToList();
        var raised = Money.Min(SumOf(entries, Slot.Raise, 0), job.Amount);
        bool isFunded = entries.Any(entry => entry.Slot is Slot.Hold);
        string state = JobWords.Of(job.State);
        if (kinds.Count > 1) return $"It was closed by {string.Join(" and ", kinds)}; exactly one may.";
        if (!job.IsFinal) return kinds.Count == 0 ? null
            : $"It is {state}, yet a {kinds[0]} took its escrow.";
        if (job.State is JobState.Completed)
        {
            var closing = job.Closed is ClosedReason.DisputeSplit ? MovementKind.Split : MovementKind.Release;
            return kinds.Count == 1 && kinds[0] == closing ? null : $"It is {state} without a {closing}.";
        }
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
