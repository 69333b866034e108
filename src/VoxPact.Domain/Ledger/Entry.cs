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
}

/// <summary>
/// What excludes what: movements of one subject in the same slot are rivals, and the second loses against the
/// unique key (subject, slot, leg). So one escrow has exactly one release or refund, one transfer one outcome.
/// </summary>
public enum Slot { Hold = 1, Reduce = 2, Close = 3, TopUp = 4, PayOut = 5, Outcome = 6 }

/// <summary>
/// One leg of a movement: <paramref name="Amount"/> (above zero) from credit to debit, in the bookkeeper's
/// sense.
/// </summary>
public sealed record Entry(
    MovementKind Movement, Guid Subject, Slot Slot, int Leg, Account Debit, Account Credit, Money Amount, long AtUs)
{
    /// <summary>The deterministic id, such as <c>hold:job_…</c> or <c>release:job_…:fee</c>.</summary>
    public string EntryId
    {
        get
        {
            string name = Movement switch
            {
                MovementKind.TopUp => "topup",
                MovementKind.Hold => "hold",
                MovementKind.Reduce => "reduce",
                MovementKind.Release => "release",
                MovementKind.Refund => "refund",
                MovementKind.PayOut => "payout",
                MovementKind.PayOutSent => "payout_sent",
                MovementKind.TransferFailed => "transfer_failed",
            };
            string prefix = Slot is Slot.Hold or Slot.Reduce or Slot.Close ? Id.Job : Id.Operation;
            string leg = (Movement, Leg) switch
            {
                (MovementKind.Release, 0) => ":net",
                (MovementKind.Release, 1) => ":fee",
                _ => "",
            };
            return $"{name}:{Id.Format(prefix, Subject)}{leg}";
        }
    }
}
