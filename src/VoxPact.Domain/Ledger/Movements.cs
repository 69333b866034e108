namespace VoxPact.Domain.Ledger;

/// <summary>
/// Every movement of money, each a fixed set of entries. Nothing else makes an <see cref="Entry"/>, and only the
/// engine writes them. A leg of zero is left out. <c>docs/ledger.md</c> shows each as T-accounts.
/// </summary>
public static class Movements
{
    /// <summary>A charge on the owner's card succeeded: Stripe holds more, the owner can spend more.</summary>
    public static Entry[] TopUp(Guid operation, Guid owner, Money amount, long nowUs) =>
        One(MovementKind.TopUp, operation, Slot.TopUp, Account.Stripe, Account.Available(owner), amount, nowUs);

    /// <summary>A job is funded: from the buyer's balance into the job's escrow.</summary>
    public static Entry[] Hold(Guid job, Guid buyerOwner, Money amount, long nowUs) =>
        One(MovementKind.Hold, job, Slot.Hold, Account.Available(buyerOwner), Account.Escrow(job), amount, nowUs);

    /// <summary>A bid below the posted amount was accepted: the difference goes back to the buyer's balance.</summary>
    public static Entry[] Reduce(Guid job, Guid buyerOwner, Money difference, long nowUs) =>
        One(MovementKind.Reduce, job, Slot.Reduce, Account.Escrow(job), Account.Available(buyerOwner),
            difference, nowUs);

    /// <summary>The worker is paid: the escrow becomes earnings, less the fee fixed at acceptance.</summary>
    public static Entry[] Release(Guid job, Guid workerOwner, Money escrow, BasisPoints fee, long nowUs)
    {
        var (toPlatform, toWorker) = escrow.Split(fee);
        return NonZero(
            new(MovementKind.Release, job, Slot.Close, 0, Account.Escrow(job), Account.Earnings(workerOwner),
                toWorker, nowUs),
            new(MovementKind.Release, job, Slot.Close, 1, Account.Escrow(job), Account.Fees, toPlatform, nowUs));
    }

    /// <summary>The buyer gets the escrow back, as balance.</summary>
    public static Entry[] Refund(Guid job, Guid buyerOwner, Money escrow, long nowUs) =>
        One(MovementKind.Refund, job, Slot.Close, Account.Escrow(job), Account.Available(buyerOwner), escrow, nowUs);

    /// <summary>A transfer to the owner's connected account is about to be asked for.</summary>
    public static Entry[] PayOut(Guid operation, Guid owner, Money amount, long nowUs) =>
        One(MovementKind.PayOut, operation, Slot.PayOut, Account.Earnings(owner), Account.InTransit(owner),
            amount, nowUs);

    /// <summary>Stripe made the transfer: the money has left the platform.</summary>
    public static Entry[] PayOutSent(Guid operation, Guid owner, Money amount, long nowUs) =>
        One(MovementKind.PayOutSent, operation, Slot.Outcome, Account.InTransit(owner), Account.Stripe, amount, nowUs);

    /// <summary>Stripe refused the transfer for good: the money is earnings again.</summary>
    public static Entry[] TransferFailed(Guid operation, Guid owner, Money amount, long nowUs) =>
        One(MovementKind.TransferFailed, operation, Slot.Outcome, Account.InTransit(owner),
            Account.Earnings(owner), amount, nowUs);

    private static Entry[] One(
        MovementKind kind, Guid subject, Slot slot, Account debit, Account credit, Money amount, long nowUs) =>
        NonZero(new Entry(kind, subject, slot, 0, debit, credit, amount, nowUs));

    private static Entry[] NonZero(params ReadOnlySpan<Entry> legs)
    {
        var kept = new List<Entry>(legs.Length);
        foreach (var leg in legs)
        {
            if (leg.Amount < Money.Zero)
                throw new InvalidOperationException(
                    $"{leg.EntryId} would move {leg.Amount}; money moves only forward.");
            if (leg.Amount > Money.Zero) kept.Add(leg);
        }
        return [.. kept];
    }
}
