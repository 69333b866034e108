using VoxPact.Domain.Agents;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Ledger;

/// <summary>Earnings on their way to the bank: asked for once, sent in batches.</summary>
public static class Payouts
{
    /// <summary>Asks for a payout unless one is asked for already; returns the owner to store, or null.</summary>
    public static Owner? Schedule(Decision decision, Owner owner, Policy policy, long nowUs)
    {
        if (owner.PayoutScheduled) return null;
        decision.Later(new WorkItem(WorkKind.PayOut, owner.Id, nowUs + policy.PayoutIntervalUs));
        return owner with { PayoutScheduled = true };
    }
}
