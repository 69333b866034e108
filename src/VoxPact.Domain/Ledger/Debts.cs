using VoxPact.Domain.Agents;

namespace VoxPact.Domain.Ledger;

/// <summary>
/// What an owner owes after a chargeback is paid before anything else: whenever their balance or earnings are about
/// to be used, the debt takes its part first.
/// </summary>
public static class Debts
{
    /// <summary>What is left for other things, and what is still owed.</summary>
    public readonly record struct Left(Money Available, Money Earnings, Money Owed);

    /// <param name="decision">Gets the recovery, when there is something to recover.</param>
    /// <param name="owner">As stored.</param>
    /// <param name="nowUs">Business time.</param>
    public static Left Collect(Decision decision, Owner owner, long nowUs)
    {
        var fromEarnings = Money.Min(owner.Earnings, owner.Receivable);
        var fromBalance = Money.Min(owner.Available, owner.Receivable - fromEarnings);
        var amount = fromBalance + fromEarnings;
        if (amount > Money.Zero)
        {
            // What there was and the time name it: a second one at the same moment finds other sums.
            var recoveryId = Id.Derived(
                $"recovery {owner.Id:N} {nowUs} {owner.Available} {owner.Earnings} {owner.Receivable}");
            decision.Add(new Operation
            {
                Id = recoveryId,
                Kind = OperationKind.Recovery,
                OwnerId = owner.Id,
                Amount = amount,
                Body = "",
                State = OperationState.Done,
                CreatedUs = nowUs,
                SettledUs = nowUs,
            });
            decision.Move(Movements.Recover(recoveryId, owner.Id, fromBalance, fromEarnings, nowUs));
        }
        return new Left(owner.Available - fromBalance, owner.Earnings - fromEarnings, owner.Receivable - amount);
    }
}
