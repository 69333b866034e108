namespace VoxPact.Domain.Ledger;

/// <summary>Every way in which money can move. Stable numbers: they are stored.</summary>
public enum MovementKind
{
    TopUp = 1,
    Hold = 2,
    Reduce = 3,
    Release = 4,
    Refund = 5,
    PayOut = 6,
    PayOutSent = 7,
    TransferFailed = 8,
    Split = 9,
    Bonus = 10,
    Mature = 11,
    Withdraw = 12,
    WithdrawSent = 13,
    RefundFailed = 14,
    TransferReversed = 15,
    Chargeback = 16,
    ChargebackWon = 17,
    Recover = 18,
    WriteOff = 19,
    ActivationFee = 20,
    Processing = 21,
    Capital = 22,
    Raise = 23,
}

/// <summary>
/// What excludes what: movements of one subject in the same slot are rivals, and the second loses against the
/// unique key (subject, slot, leg). So one escrow has exactly one release, refund or split, one transfer one
/// outcome.
/// </summary>
public enum Slot
{
    Hold = 1, Reduce = 2, Close = 3, TopUp = 4, PayOut = 5, Outcome = 6,

    /// <summary>
    /// Money that came back after the outcome: a refund that the bank sent back, a dispute that was won.
    /// </summary>
    Return = 7,

    /// <summary>Held earnings of a job, and of a bonus, that became payable.</summary>
    Mature = 8, MatureBonus = 9,
    Processing = 10,

    /// <summary>A dearer counter-offer was accepted; a job has this or <see cref="Reduce"/>, never both.</summary>
    Raise = 11,
}

/// <summary>
/// One leg of a movement: <paramref name="Amount"/> (above zero) from credit to debit, in the bookkeeper's
/// sense.
/// </summary>
public sealed record Entry(
    MovementKind Movement, Guid Subject, Slot Slot, int Leg, Account Debit, Account Credit, Money Amount, long AtUs)
{
    /// <summary>True when the subject is a job; an operation's otherwise.</summary>
    public bool IsOfJob => Slot is Slot.Hold or Slot.Reduce or Slot.Raise or Slot.Close or Slot.Mature;

    /// <summary>The deterministic id, such as <c>hold:job_…</c> or <c>release:job_…:fee</c>.</summary>
    public string EntryId
    {
        get
        {
            string name = (Movement, Slot) switch
            {
                (MovementKind.TopUp, _) => "topup",
                (MovementKind.Hold, _) => "hold",
                (MovementKind.Reduce, _) => "reduce",
                (MovementKind.Raise, _) => "raise",
                (MovementKind.Release, _) => "release",
                (MovementKind.Refund, _) => "refund",
                (MovementKind.PayOut, _) => "payout",
                (MovementKind.PayOutSent, _) => "payout_sent",
                (MovementKind.TransferFailed, _) => "transfer_failed",
                (MovementKind.Split, _) => "split",
                (MovementKind.Bonus, _) => "bonus",
                (MovementKind.Mature, _) => "mature",
                (MovementKind.Withdraw, _) => "withdraw",
                (MovementKind.WithdrawSent, _) => "withdraw_sent",
                (MovementKind.RefundFailed, Slot.Return) => "refund_returned",
                (MovementKind.RefundFailed, _) => "refund_failed",
                (MovementKind.TransferReversed, _) => "transfer_reversed",
                (MovementKind.Chargeback, _) => "chargeback",
                (MovementKind.ChargebackWon, _) => "chargeback_won",
                (MovementKind.Recover, _) => "recover",
                (MovementKind.WriteOff, _) => "write_off",
                (MovementKind.ActivationFee, _) => "activation_fee",
                (MovementKind.Processing, _) => "processing",
                (MovementKind.Capital, _) => "capital",
            };
            return $"{name}:{Id.Format(IsOfJob ? Id.Job : Id.Operation, Subject)}{LegName}";
        }
    }

    private string LegName => (Movement, Leg) switch
    {
        (MovementKind.Release or MovementKind.Split or MovementKind.Bonus, 0) => ":net",
        (MovementKind.Release or MovementKind.Split or MovementKind.Bonus, 1) => ":fee",
        (MovementKind.Split, 2) => ":refund",
        (MovementKind.Chargeback or MovementKind.ChargebackWon, 0) => ":balance",
        (MovementKind.Chargeback or MovementKind.ChargebackWon, 1) => ":debt",
        (MovementKind.Recover, 0) => ":balance",
        (MovementKind.Recover, 1) => ":earnings",
        _ => "",
    };
}
