using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// A bank takes a charge back, or has decided about it. Each dispute is an operation of its own, whose id follows from
/// Stripe's: pending while it is open, done when it is lost, declined when it is won.
/// </summary>
internal static class TakeInDispute
{
    public static async Task RunAsync(
        Deployment deployment, Operation charge, ProviderDispute dispute, CancellationToken stop)
    {
        if (!dispute.HasMovedMoney) return;
        var agents = await deployment.Store.QueryAsync(AgentQueries.IdsOfOwner(charge.OwnerId), stop);
        var unaccepted = await deployment.Store.QueryAsync(JobQueries.UnacceptedOf(charge.OwnerId), stop);
        await deployment.Engine.RunWorkAsync(new Command(charge, dispute, unaccepted, agents));
    }

    /// <summary>The operation that a dispute becomes.</summary>
    public static Guid IdOf(string dispute) => Id.Derived($"dispute {dispute}");

    private sealed class Command(
        Operation charge, ProviderDispute dispute, IReadOnlyList<Guid> unaccepted, IReadOnlyList<Guid> agents)
        : Engine.Command
    {
        private readonly Guid _id = IdOf(dispute.Id);

        public override void Need(LoadPlan plan)
        {
            plan.Operations.Add(_id);
            plan.Operations.Add(charge.Id);
            plan.Owners.Add(charge.OwnerId);
            foreach (var job in unaccepted)
            {
                plan.Jobs.Add(job);
                plan.Bids.Add(job);
            }
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var paid = rows.Operations.Find(charge.Id)!;
            var owner = rows.Owners.Find(charge.OwnerId)!;
            if (rows.Operations.Find(_id) is { } known)
            {
                bool isDecided = known.State is not OperationState.Pending || !(dispute.IsWon || dispute.IsLost);
                return isDecided ? Reply.None : new Ruling(
                    Chargebacks.Close(known, dispute.IsWon, paid, owner, agents, context.NowUs), Reply.None);
            }
            // Won before it was heard of: the money went and came back, and nothing is different.
            if (dispute.IsWon) return Reply.None;
            var jobs = unaccepted.Select(id => rows.Jobs.Find(id)).OfType<Job>()
                .Select(job => (job, rows.BidsOf(job.Id))).ToList();
            var opened = Chargebacks.Open(Taken(context), paid, owner, jobs, agents,
                new JobContext(context.NowUs, context.Policy));
            return new Ruling(opened, Reply.None);
        }

        private Operation Taken(DecisionContext context) => new()
        {
            Id = _id,
            Kind = OperationKind.Dispute,
            OwnerId = charge.OwnerId,
            Amount = new Money(dispute.AmountMinor),
            Body = "",
            State = dispute.IsLost ? OperationState.Done : OperationState.Pending,
            ProviderId = dispute.Id,
            ParentId = charge.Id,
            CreatedUs = context.NowUs,
            SettledUs = dispute.IsLost ? context.NowUs : null,
        };
    }
}
