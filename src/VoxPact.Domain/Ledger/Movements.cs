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

    /// <summary>A counter-offer above the amount was accepted: the difference joins the escrow.</summary>
    public static Entry[] Raise(Guid job, Guid buyerOwner, Money difference, long nowUs) =>
        One(MovementKind.Raise, job, Slot.Raise, Account.Available(buyerOwner), Account.Escrow(job), difference, nowUs);

    /// <summary>
    /// A bid or counter-offer below the amount was accepted: the difference goes back to the buyer's balance.
    /// </summary>
    public static Entry[] Reduce(Guid job, Guid buyerOwner, Money difference, long nowUs) =>
        One(MovementKind.Reduce, job, Slot.Reduce, Account.Escrow(job), Account.Available(buyerOwner),
            difference, nowUs);

    /// <summary>The worker is paid: the escrow becomes earnings, less the fee fixed at acceptance.</summary>
    public static Entry[] Release(
        Guid job, Guid workerOwner, Money escrow, BasisPoints fee, long nowUs, bool isHeld = false)
    {
        var (toPlatform, toWorker) = escrow.Split(fee);
        return NonZero(
            new(MovementKind.Release, job, Slot.Close, 0, Account.Escrow(job), Earned(workerOwner, isHeld),
                toWorker, nowUs),
            new(MovementKind.Release, job, Slot.Close, 1, Account.Escrow(job), Account.Fees, toPlatform, nowUs));
    }

    /// <summary>The buyer gets the escrow back, as balance.</summary>
    public static Entry[] Refund(Guid job, Guid buyerOwner, Money escrow, long nowUs) =>
        One(MovementKind.Refund, job, Slot.Close, Account.Escrow(job), Account.Available(buyerOwner), escrow, nowUs);

    /// <summary>The arbiter gives a part of the escrow to the worker, less the fee, and the rest back.</summary>
    public static Entry[] Split(
        Guid job, Guid workerOwner, Guid buyerOwner, Money toWorkerSide, Money toBuyer, BasisPoints fee, long nowUs,
        bool isHeld = false)
    {
        var (toPlatform, toWorker) = toWorkerSide.Split(fee);
        return NonZero(
            new(MovementKind.Split, job, Slot.Close, 0, Account.Escrow(job), Earned(workerOwner, isHeld),
                toWorker, nowUs),
            new(MovementKind.Split, job, Slot.Close, 1, Account.Escrow(job), Account.Fees, toPlatform, nowUs),
            new(MovementKind.Split, job, Slot.Close, 2, Account.Escrow(job), Account.Available(buyerOwner),
                toBuyer, nowUs));
    }

    /// <summary>The buyer adds to a completed job from their balance; the job's fee applies.</summary>
    public static Entry[] Bonus(
        Guid operation, Guid buyerOwner, Guid workerOwner, Money amount, BasisPoints fee, long nowUs,
        bool isHeld = false)
    {
        var (toPlatform, toWorker) = amount.Split(fee);
        var from = Account.Available(buyerOwner);
        return NonZero(
            new(MovementKind.Bonus, operation, Slot.Outcome, 0, from, Earned(workerOwner, isHeld), toWorker, nowUs),
            new(MovementKind.Bonus, operation, Slot.Outcome, 1, from, Account.Fees, toPlatform, nowUs));
    }

    /// <summary>The hold on earnings of a new payer is over: they can be paid out.</summary>
    /// <param name="slot">Of the job (<see cref="Slot.Mature"/>) or of the bonus.</param>
    public static Entry[] Mature(Guid subject, Slot slot, Guid workerOwner, Money net, long nowUs) =>
        One(MovementKind.Mature, subject, slot, Account.Held(workerOwner), Account.Earnings(workerOwner), net, nowUs);

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

    /// <summary>A transfer, or a part of it, was taken back from the connected account.</summary>
    public static Entry[] TransferReversed(Guid operation, Guid owner, Money amount, long nowUs) =>
        One(MovementKind.TransferReversed, operation, Slot.Outcome, Account.Stripe, Account.Earnings(owner),
            amount, nowUs);

    /// <summary>A part of one charge is about to be refunded to its card.</summary>
    public static Entry[] Withdraw(Guid operation, Guid owner, Money amount, long nowUs) =>
        One(MovementKind.Withdraw, operation, Slot.PayOut, Account.Available(owner), Account.InTransit(owner),
            amount, nowUs);

    /// <summary>Stripe made the refund: the money is on its way to the card.</summary>
    public static Entry[] WithdrawSent(Guid operation, Guid owner, Money amount, long nowUs) =>
        One(MovementKind.WithdrawSent, operation, Slot.Outcome, Account.InTransit(owner), Account.Stripe, amount,
            nowUs);

    /// <summary>Stripe refused the refund: the money is balance again.</summary>
    public static Entry[] RefundFailed(Guid operation, Guid owner, Money amount, long nowUs) =>
        One(MovementKind.RefundFailed, operation, Slot.Outcome, Account.InTransit(owner), Account.Available(owner),
            amount, nowUs);

    /// <summary>The bank sent a refund back after it had been made.</summary>
    public static Entry[] RefundReturned(Guid operation, Guid owner, Money amount, long nowUs) =>
        One(MovementKind.RefundFailed, operation, Slot.Return, Account.Stripe, Account.Available(owner), amount,
            nowUs);

    /// <summary>
    /// The bank took a charge back: from the owner's balance as far as it goes; they owe the rest.
    /// </summary>
    public static Entry[] Chargeback(Guid dispute, Guid owner, Money fromBalance, Money owed, long nowUs) => NonZero(
        new(MovementKind.Chargeback, dispute, Slot.Outcome, 0, Account.Available(owner), Account.Stripe,
            fromBalance, nowUs),
        new(MovementKind.Chargeback, dispute, Slot.Outcome, 1, Account.Receivable(owner), Account.Stripe, owed, nowUs));

    /// <summary>The dispute was won: what is still owed is paid by it, the rest is balance again.</summary>
    public static Entry[] ChargebackWon(Guid dispute, Guid owner, Money toBalance, Money ofDebt, long nowUs) => NonZero(
        new(MovementKind.ChargebackWon, dispute, Slot.Return, 0, Account.Stripe, Account.Available(owner), toBalance,
            nowUs),
        new(MovementKind.ChargebackWon, dispute, Slot.Return, 1, Account.Stripe, Account.Receivable(owner), ofDebt,
            nowUs));

    /// <summary>An owner's money pays what they owe, before it can pay anything else.</summary>
    public static Entry[] Recover(Guid operation, Guid owner, Money fromBalance, Money fromEarnings, long nowUs) =>
        NonZero(
            new(MovementKind.Recover, operation, Slot.Outcome, 0, Account.Available(owner), Account.Receivable(owner),
                fromBalance, nowUs),
            new(MovementKind.Recover, operation, Slot.Outcome, 1, Account.Earnings(owner), Account.Receivable(owner),
                fromEarnings, nowUs));

    /// <summary>The operator gives up a debt: it is a loss.</summary>
    public static Entry[] WriteOff(Guid operation, Guid owner, Money amount, long nowUs) =>
        One(MovementKind.WriteOff, operation, Slot.Outcome, Account.Losses, Account.Receivable(owner), amount, nowUs);

    /// <summary>An agent's activation was paid: income, not anybody's balance.</summary>
    public static Entry[] ActivationFee(Guid operation, Money amount, long nowUs) =>
        One(MovementKind.ActivationFee, operation, Slot.Outcome, Account.Stripe, Account.Fees, amount, nowUs);

    /// <summary>
    /// What Stripe kept for itself of a charge, asks for a dispute or takes for the account, or gives back of that.
    /// </summary>
    public static Entry[] Processing(Guid operation, Money fee, long nowUs, bool isReturned = false) => isReturned
        ? One(MovementKind.Processing, operation, Slot.Processing, Account.Stripe, Account.Processing, fee, nowUs)
        : One(MovementKind.Processing, operation, Slot.Processing, Account.Processing, Account.Stripe, fee, nowUs);

    /// <summary>The operator adds money of their own at Stripe, or takes some of it out.</summary>
    public static Entry[] Capital(Guid operation, Money amount, bool isAdded, long nowUs) => isAdded
        ? One(MovementKind.Capital, operation, Slot.Outcome, Account.Stripe, Account.Capital, amount, nowUs)
        : One(MovementKind.Capital, operation, Slot.Outcome, Account.Capital, Account.Stripe, amount, nowUs);

    private static Account Earned(Guid owner, bool isHeld) => isHeld ? Account.Held(owner) : Account.Earnings(owner);

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
