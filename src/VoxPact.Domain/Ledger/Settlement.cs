using System.Text.Json;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Ledger;

/// <summary>
/// What follows when the outcome of an operation is known. The answer of the provider's API, its event and the
/// reconciler all end here, and whoever comes second finds it settled.
/// </summary>
public static class Settlement
{
    /// <summary>
    /// Declined so, a transfer says nothing of its destination: the platform's charges are still pending.
    /// </summary>
    public const string BalanceInsufficient = "balance_insufficient";

    /// <param name="outcome">The operation as it is to be: done or declined.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="charge">The charge that a refund is a part of.</param>
    /// <param name="agents">The owner's agents, who are told.</param>
    /// <param name="context">Time and terms.</param>
    public static Decision Of(
        Operation outcome, Owner owner, Operation? charge, IReadOnlyList<Guid> agents, JobContext context)
    {
        var decision = new Decision();
        var settled = outcome with { SettledUs = context.NowUs };
        decision.Put(settled);
        switch (settled.Kind)
        {
            case OperationKind.Charge: Charged(decision, settled, owner, context); break;
            case OperationKind.Transfer: Transferred(decision, settled, owner, agents, context); break;
            case OperationKind.Refund: Refunded(decision, settled, charge, agents, context); break;
            case OperationKind.ActivationFee when settled.State is OperationState.Done:
                decision.Move(Movements.ActivationFee(settled.Id, settled.Amount, context.NowUs));
                break;
            case OperationKind.ActivationFee: break;
            default: throw new InvalidOperationException($"{settled.Name} is not settled from outside.");
        }
        return decision;
    }

    /// <summary>
    /// A refund that had been made was sent back by the bank: balance again, and their agents are told.
    /// </summary>
    public static Decision RefundReturned(
        Operation refund, Operation charge, IReadOnlyList<Guid> agents, JobContext context) => new Decision()
            .Put(refund with { Returned = refund.Amount })
            .Put(charge with { Returned = charge.Returned - refund.Amount })
            .Move(Movements.RefundReturned(refund.Id, refund.OwnerId, refund.Amount, context.NowUs))
            .Tell(new Fact(FactType.PaymentFailed, refund.Id, 2, context.NowUs,
                Data(refund) with { Reason = "refund_returned" }, agents));

    private static void Charged(Decision decision, Operation charge, Owner owner, JobContext context)
    {
        bool done = charge.State is OperationState.Done;
        decision.Put(owner with
        {
            TopUpId = owner.TopUpId == charge.Id ? null : owner.TopUpId,
            FirstPaidUs = done ? owner.FirstPaidUs ?? context.NowUs : owner.FirstPaidUs,
        });
        if (done) decision.Move(Movements.TopUp(charge.Id, owner.Id, charge.Amount, context.NowUs));
        // Whoever asked for it by itself hears of a decline; jobs that waited tell their own buyers.
        else if (charge.ParentId is { } agent)
            decision.Tell(new Fact(FactType.PaymentFailed, charge.Id, 1, context.NowUs, Data(charge), [agent]));
        decision.Later(new WorkItem(WorkKind.FundJobs, charge.Id, context.NowUs));
    }

    private static void Transferred(
        Decision decision, Operation transfer, Owner owner, IReadOnlyList<Guid> agents, JobContext context)
    {
        bool sent = transfer.State is OperationState.Done;
        decision.Move(sent
            ? Movements.PayOutSent(transfer.Id, owner.Id, transfer.Amount, context.NowUs)
            : Movements.TransferFailed(transfer.Id, owner.Id, transfer.Amount, context.NowUs));
        // What comes back waits an hour: whatever Stripe disliked will not have changed at once.
        if (!sent && Payouts.Schedule(decision, owner, context.Policy, context.NowUs + JobTimes.HourUs)
            is { } scheduled) decision.Put(scheduled);
        if (transfer.FailureCode == BalanceInsufficient) return;
        decision.Tell(new Fact(sent ? FactType.PayoutPaid : FactType.PayoutFailed, transfer.Id, 1, context.NowUs,
            Data(transfer), agents));
    }

    private static void Refunded(
        Decision decision, Operation refund, Operation? charge, IReadOnlyList<Guid> agents, JobContext context)
    {
        bool sent = refund.State is OperationState.Done;
        decision.Move(sent
            ? Movements.WithdrawSent(refund.Id, refund.OwnerId, refund.Amount, context.NowUs)
            : Movements.RefundFailed(refund.Id, refund.OwnerId, refund.Amount, context.NowUs));
        if (!sent && charge is not null) decision.Put(charge with { Returned = charge.Returned - refund.Amount });
        decision.Tell(new Fact(sent ? FactType.PaymentRefunded : FactType.PaymentFailed, refund.Id, 1, context.NowUs,
            Data(refund), agents));
    }

    /// <summary>The charge that a refund is a part of.</summary>
    public static Guid? ChargeOf(Operation operation) => operation.Kind is OperationKind.Refund
        ? JsonSerializer.Deserialize<RefundBody>(operation.Body)!.Charge
        : null;

    private static FactData Data(Operation operation) => new()
    {
        OperationId = operation.Id,
        AmountMinor = operation.Amount.Minor,
        Reason = operation.FailureCode,
    };
}
