using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// Stripe could not pay a worker's bank. The money has left the ledger and lies in their own account there, so nothing
/// moves here; they are told.
/// </summary>
internal static class TellOfBank
{
    /// <param name="payout">Stripe's <c>po_…</c>.</param>
    /// <param name="account">The connected account; null for the platform's own payouts.</param>
    public static async Task RunAsync(
        Deployment deployment, StoredWork work, string payout, string? account, CancellationToken stop)
    {
        var owners = await deployment.Store.QueryAsync(OwnerQueries.IdOfAccount(account ?? ""), stop);
        IReadOnlyList<Guid> agents = owners is [var owner]
            ? await deployment.Store.QueryAsync(AgentQueries.IdsOfOwner(owner), stop) : [];
        long? amount = owners.Count == 0 ? null : await deployment.Stripe.GetPayoutAmountAsync(payout, account!, stop);
        await deployment.Engine.RunWorkAsync(new Command(work, agents, amount, Id.New(deployment.Clock.NowUs)));
    }

    private sealed class Command(StoredWork work, IReadOnlyList<Guid> agents, long? amountMinor, Guid noticeId)
        : Engine.Command
    {
        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            if (agents.Count > 0)
                decision.Tell(new Fact(FactType.PayoutFailed, noticeId, 1, context.NowUs,
                    new FactData { AmountMinor = amountMinor, Reason = "bank_payout_failed" }, agents));
            return new Ruling(decision, Reply.None) { Log = { work.Done() } };
        }
    }
}
