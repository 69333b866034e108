using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// Turns an owner's earnings into one transfer, when there is somewhere to send them and Stripe's balance allows it;
/// otherwise they stay earnings, and are never lost. What they owe is paid first.
/// </summary>
internal static class PayOut
{
    /// <summary>How long to wait for charges to become available at Stripe before looking again.</summary>
    private const long BalanceWaitUs = JobTimes.HourUs;

    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        var owner = (await deployment.Store.QueryAsync(OwnerQueries.One(work.Item.Subject), stop))[0];
        bool ready = owner is { AccountId: not null, PayoutsEnabled: true }
            && owner.Earnings >= deployment.Policy.MinimumPayout && owner.Earnings > Money.Zero;
        if (ready) await Reconcile.EnsureFreshAsync(deployment, stop);
        long available = ready ? await deployment.Stripe.GetAvailableBalanceAsync(deployment.Policy.Currency, stop) : 0;
        await deployment.Engine.RunWorkAsync(new Command(
            owner.Id, new Money(available), Id.New(deployment.Clock.NowUs), work));
    }

    private sealed class Command(Guid ownerId, Money available, Guid operationId, StoredWork work) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Owners.Add(ownerId);
            plan.Settings.Add(PayoutStop.Setting);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var owner = rows.Owners.Find(ownerId)!;
            var decision = new Decision();
            var ruling = new Ruling(decision, Reply.None) { Log = { work.Done() } };
            // Whoever ends the suspension asks for the payout again.
            bool mayPay = owner is { AccountId: not null, PayoutsEnabled: true, SuspendedAgents: 0 }
                && owner.Earnings > Money.Zero;
            if (mayPay && PayoutStop.ReasonIn(rows) is not null)
            {
                decision.Later(work.Item with { DueUs = context.NowUs + BalanceWaitUs });
                return ruling;
            }
            var earnings = mayPay ? Debts.Collect(decision, owner, context.NowUs).Earnings : Money.Zero;
            bool ready = earnings > Money.Zero && earnings >= context.Policy.MinimumPayout;
            if (ready && available < earnings)
                decision.Later(work.Item with { DueUs = context.NowUs + BalanceWaitUs });
            else
                decision.Put(owner with { PayoutScheduled = false });
            if (ready && available >= earnings)
                Payouts.Start(decision, owner, earnings, operationId, context.Policy, context.NowUs);
            return ruling;
        }
    }
}
