using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>A refund that had been made was sent back by the bank: the money is balance again.</summary>
internal static class ReturnRefund
{
    public static async Task RunAsync(Deployment deployment, Operation refund, CancellationToken stop)
    {
        var agents = await deployment.Store.QueryAsync(AgentQueries.IdsOfOwner(refund.OwnerId), stop);
        await deployment.Engine.RunWorkAsync(new Command(refund, agents));
    }

    private sealed class Command(Operation refund, IReadOnlyList<Guid> agents) : Engine.Command
    {
        private readonly Guid _charge = Settlement.ChargeOf(refund)!.Value;

        public override void Need(LoadPlan plan)
        {
            plan.Operations.Add(refund.Id);
            plan.Operations.Add(_charge);
            plan.Owners.Add(refund.OwnerId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var stored = rows.Operations.Find(refund.Id)!;
            if (stored.State is not OperationState.Done || stored.Returned > Money.Zero) return Reply.None;
            return new Ruling(Settlement.RefundReturned(stored, rows.Operations.Find(_charge)!, agents,
                new JobContext(context.NowUs, context.Policy)), Reply.None);
        }
    }
}
