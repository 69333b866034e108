using VoxPact.Domain.Agents;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Ledger;

/// <summary>Earnings on their way to the bank: asked for once, sent in batches.</summary>
public static class Payouts
{
    /// <summary>
    /// Asks for a payout unless one is asked for already or there is nowhere to pay to yet; then the account's becoming
    /// ready asks for it. Returns the owner to store, or null.
    /// </summary>
    public static Owner? Schedule(Decision decision, Owner owner, Policy policy, long nowUs)
    {
        if (owner.PayoutScheduled || !owner.PayoutsEnabled) return null;
        decision.Later(new WorkItem(WorkKind.PayOut, owner.Id, nowUs + policy.PayoutIntervalUs));
        return owner with { PayoutScheduled = true };
    }
}
