using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// A transfer, or a part of it, was taken back from the connected account: it is earnings again, and waits. Each
/// reversal is an operation of its own, whose id follows from Stripe's, so that it is taken in once.
/// </summary>
internal static class TakeInReversal
{
    public static async Task RunAsync(
        Deployment deployment, Operation transfer, ProviderReversal reversal, CancellationToken stop)
    {
        var agents = await deployment.Store.QueryAsync(AgentQueries.IdsOfOwner(transfer.OwnerId), stop);
        await deployment.Engine.RunWorkAsync(new Command(transfer, reversal, agents));
    }

    private sealed class Command(Operation transfer, ProviderReversal reversal, IReadOnlyList<Guid> agents)
        : Engine.Command
    {
        private readonly Guid _id = Id.Derived($"reversal {reversal.Id}");

        public override void Need(LoadPlan plan)
        {
            plan.Operations.Add(_id);
            plan.Operations.Add(transfer.Id);
            plan.Owners.Add(transfer.OwnerId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Operations.Find(_id) is not null) return Reply.None;
            var sent = rows.Operations.Find(transfer.Id)!;
            var amount = new Money(reversal.AmountMinor);
            var decision = new Decision()
                .Add(new Operation
                {
                    Id = _id,
                    Kind = OperationKind.Reversal,
                    OwnerId = sent.OwnerId,
                    Amount = amount,
                    Body = "",
                    State = OperationState.Done,
                    ProviderId = reversal.Id,
                    ParentId = sent.Id,
                    CreatedUs = context.NowUs,
                    SettledUs = context.NowUs,
                })
                .Put(sent with { Returned = sent.Returned + amount })
                .Move(Movements.TransferReversed(_id, sent.OwnerId, amount, context.NowUs))
                .Tell(new Fact(FactType.PayoutFailed, _id, 1, context.NowUs, new FactData
                {
                    OperationId = sent.Id,
                    AmountMinor = amount.Minor,
                    Reason = "transfer_reversed",
                }, agents));
            // Whoever took it back had a reason: it is not sent again at once.
            if (Payouts.Schedule(decision, rows.Owners.Find(sent.OwnerId)!, context.Policy,
                context.NowUs + 24 * JobTimes.HourUs) is { } scheduled) decision.Put(scheduled);
            return new Ruling(decision, Reply.None);
        }
    }
}
