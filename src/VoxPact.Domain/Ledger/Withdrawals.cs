using System.Text.Json;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Ledger;

/// <summary>
/// Balance goes back to the cards it came from: one refund for each charge that it takes, the newest first, and never
/// more of a charge than is left of it.
/// </summary>
public static class Withdrawals
{
    /// <param name="owner">As stored.</param>
    /// <param name="amount">Null for all that can go back.</param>
    /// <param name="charges">The owner's charges that have something left.</param>
    /// <param name="id">What all its refunds have in common.</param>
    /// <param name="context">Time and terms.</param>
    public static Outcome Start(
        Owner owner, Money? amount, IReadOnlyList<Operation> charges, Guid id, JobContext context)
    {
        var decision = new Decision();
        var left = Debts.Collect(decision, owner, context.NowUs);
        if (left.Owed > Money.Zero)
            return Refusal.WrongState($"{context.Policy.Show(left.Owed)} are owed after a chargeback; nothing can be "
                + "withdrawn until they are paid.");
        var refundable = charges.Aggregate(Money.Zero, (sum, charge) => sum + Rest(charge));
        var most = Money.Min(left.Available, refundable);
        var wanted = amount ?? most;
        if (wanted > most)
            return Refusal.Invalid("amount",
                $"At most {context.Policy.Show(most)} can go back to the cards: that much is balance and came "
                + "from charges.");
        if (wanted == Money.Zero) return Refusal.WrongState("There is no balance that could go back to a card.");
        foreach (var charge in charges.OrderByDescending(charge => charge.Id))
        {
            var part = Money.Min(wanted, Rest(charge));
            if (part == Money.Zero) continue;
            wanted -= part;
            Refund(decision, owner, charge, part, id, context.NowUs);
        }
        return decision;
    }

    private static Money Rest(Operation charge) => Money.Max(Money.Zero, charge.Amount - charge.Returned);

    private static void Refund(
        Decision decision, Owner owner, Operation charge, Money part, Guid withdrawal, long nowUs)
    {
        var refund = new Operation
        {
            Id = Id.Derived($"refund {withdrawal:N} {charge.Id:N}"),
            Kind = OperationKind.Refund,
            OwnerId = owner.Id,
            Amount = part,
            Body = "",
            CreatedUs = nowUs,
            ParentId = withdrawal,
        };
        var metadata = new Dictionary<string, string>
        {
            ["op"] = refund.Name,
            ["owner"] = Id.Format(Id.Owner, owner.Id),
        };
        decision.Add(refund with
        {
            Body = JsonSerializer.Serialize(new RefundBody(part.Minor, charge.ProviderId!, charge.Id, metadata)),
        });
        decision.Put(charge with { Returned = charge.Returned + part });
        decision.Move(Movements.Withdraw(refund.Id, owner.Id, part, nowUs));
        decision.Later(new WorkItem(WorkKind.SendOperation, refund.Id, nowUs));
    }
}
