using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;

namespace VoxPact.Domain.Ledger;

/// <summary>
/// What the provider executed and the books do not know, after a backup was restored or because it was done by hand,
/// entered as if it had been asked for and settled here.
/// </summary>
public static class Adoptions
{
    /// <param name="adopted">As it is to be, done.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="charge">The charge that a refund is a part of.</param>
    /// <param name="agents">The owner's agents, who are told.</param>
    /// <param name="policy">How sums are shown.</param>
    /// <param name="nowUs">Business time.</param>
    public static Outcome Enter(
        Operation adopted, Owner owner, Operation? charge, IReadOnlyList<Guid> agents, Policy policy, long nowUs)
    {
        var (id, amount) = (adopted.Id, adopted.Amount);
        var decision = new Decision().Add(adopted with { SettledUs = nowUs });
        switch (adopted.Kind)
        {
            case OperationKind.Charge:
                decision.Put(owner with { FirstPaidUs = owner.FirstPaidUs ?? nowUs })
                    .Move(Movements.TopUp(id, owner.Id, amount, nowUs));
                break;
            case OperationKind.ActivationFee:
                decision.Move(Movements.ActivationFee(id, amount, nowUs));
                break;
            case OperationKind.Transfer:
                if (owner.Earnings < amount) return Short("earnings", owner.Earnings, amount, policy);
                decision.Move(Movements.PayOut(id, owner.Id, amount, nowUs))
                    .Move(Movements.PayOutSent(id, owner.Id, amount, nowUs));
                break;
            case OperationKind.Refund when charge is { State: OperationState.Done }:
                if (charge.Amount - charge.Returned < amount)
                    return Refusal.WrongState($"Of its charge, {charge.Name}, less than {policy.Show(amount)} are left "
                        + "by the books: they know other refunds or a chargeback of it.");
                if (owner.Available < amount) return Short("balance", owner.Available, amount, policy);
                decision.Put(charge with { Returned = charge.Returned + amount })
                    .Move(Movements.Withdraw(id, owner.Id, amount, nowUs))
                    .Move(Movements.WithdrawSent(id, owner.Id, amount, nowUs));
                break;
            default: throw new InvalidOperationException($"A {Operation.Word(adopted.Kind)} is not adopted.");
        }
        return decision.Tell(new Fact(FactType.PaymentAdopted, id, 1, nowUs, new FactData
        {
            OperationId = id,
            AmountMinor = amount.Minor,
            Reason = Operation.Word(adopted.Kind),
            By = "operator",
        }, agents));
    }

    private static Refusal Short(string what, Money has, Money amount, Policy policy) => Refusal.WrongState(
        $"It took {policy.Show(amount)} out of the owner's {what}, which by the books has {policy.Show(has)}: "
        + "adopt first what brought the rest, such as a forgotten charge, or release the work that was paid.");
}
