using System.Text.Json;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Ledger;

/// <summary>Earnings on their way to the bank: asked for once, sent in batches.</summary>
public static class Payouts
{
    /// <summary>
    /// Something was earned: asks for a payout, or for the end of the hold where the payer is new.
    /// </summary>
    public static void Earned(Decision decision, JobContext context, Guid subject, Money net)
    {
        if (context.PayerIsNew)
            decision.Later(new WorkItem(
                WorkKind.MatureEarnings, subject, context.NowUs + context.Policy.NewPayerHoldUs, net.Minor));
        else if (Schedule(decision, context.Paid, context.Policy, context.NowUs) is { } scheduled)
            decision.Put(scheduled);
    }

    /// <summary>
    /// Asks for a payout unless one is asked for already, there is nowhere to pay to yet, or an agent of the owner is
    /// suspended; then the account's becoming ready, or the end of the suspension, asks for it. Returns the owner to
    /// store, or null.
    /// </summary>
    public static Owner? Schedule(Decision decision, Owner owner, Policy policy, long nowUs)
    {
        if (owner.PayoutScheduled || !owner.PayoutsEnabled || owner.SuspendedAgents > 0) return null;
        decision.Later(new WorkItem(WorkKind.PayOut, owner.Id, nowUs + policy.PayoutIntervalUs));
        return owner with { PayoutScheduled = true };
    }

    /// <summary>Reserves an amount and asks for its transfer, which is the operation that it returns.</summary>
    public static Operation Start(
        Decision decision, Owner owner, Money amount, Guid id, Policy policy, long nowUs)
    {
        var operation = new Operation
        {
            Id = id,
            Kind = OperationKind.Transfer,
            OwnerId = owner.Id,
            Amount = amount,
            Body = "",
            CreatedUs = nowUs,
        };
        var body = new TransferBody(amount.Minor, policy.Currency, owner.AccountId!, operation.Name,
            new Dictionary<string, string> { ["op"] = operation.Name, ["owner"] = Id.Format(Id.Owner, owner.Id) });
        operation = operation with { Body = JsonSerializer.Serialize(body) };
        decision.Add(operation);
        decision.Move(Movements.PayOut(id, owner.Id, amount, nowUs));
        decision.Later(new WorkItem(WorkKind.SendOperation, id, nowUs));
        return operation;
    }
}
