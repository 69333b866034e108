using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;

namespace VoxPact.Domain.Ledger;

/// <summary>
/// A bank takes a charge back. The owner's balance pays first, then the escrow of jobs that nobody accepted yet, which
/// end; the rest is owed. A worker's settled earnings are final.
/// </summary>
public static class Chargebacks
{
    /// <param name="dispute">The dispute as it is to be stored, pending.</param>
    /// <param name="charge">The charge it is about.</param>
    /// <param name="owner">Who paid it.</param>
    /// <param name="unaccepted">Their jobs that nobody accepted yet, with the bids of those that are open.</param>
    /// <param name="agents">The owner's agents, who are told.</param>
    /// <param name="context">Time and terms.</param>
    public static Decision Open(
        Operation dispute, Operation charge, Owner owner, IReadOnlyList<(Job Job, IReadOnlyList<Bid> Bids)> unaccepted,
        IReadOnlyList<Guid> agents, JobContext context)
    {
        var decision = new Decision();
        var available = owner.Available;
        foreach (var (job, bids) in unaccepted.OrderByDescending(one => one.Job.Id))
        {
            if (available >= dispute.Amount) break;
            if (job.State is not (JobState.Open or JobState.Offered)) continue;
            decision.Include(JobLifecycle.TakeBack(job, context with { Bids = bids }));
            available += job.Escrow;
        }
        var fromBalance = Money.Min(available, dispute.Amount);
        decision.Add(dispute);
        decision.Put(charge with { Returned = charge.Returned + dispute.Amount });
        decision.Move(Movements.Chargeback(
            dispute.Id, owner.Id, fromBalance, dispute.Amount - fromBalance, context.NowUs));
        return decision.Tell(new Fact(FactType.PaymentFailed, dispute.Id, 1, context.NowUs, new FactData
        {
            OperationId = charge.Id,
            AmountMinor = dispute.Amount.Minor,
            Reason = "chargeback",
        }, agents));
    }

    /// <summary>The bank decided: lost changes no money, won brings it back.</summary>
    public static Decision Close(
        Operation dispute, bool won, Operation charge, Owner owner, IReadOnlyList<Guid> agents, long nowUs)
    {
        var decision = new Decision().Put(dispute with
        {
            State = won ? OperationState.Declined : OperationState.Done,
            SettledUs = nowUs,
        });
        if (!won) return decision;
        var ofDebt = Money.Min(owner.Receivable, dispute.Amount);
        return decision
            .Put(charge with { Returned = charge.Returned - dispute.Amount })
            .Move(Movements.ChargebackWon(dispute.Id, owner.Id, dispute.Amount - ofDebt, ofDebt, nowUs))
            .Tell(new Fact(FactType.PaymentRefunded, dispute.Id, 2, nowUs, new FactData
            {
                OperationId = charge.Id,
                AmountMinor = dispute.Amount.Minor,
                Reason = "chargeback_won",
            }, agents));
    }
}
