using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// The hold on what a new payer paid is over: it becomes payable, unless that payer owes after a chargeback. Then it
/// stays held until they have paid or the operator has given the debt up.
/// </summary>
internal static class MatureEarnings
{
    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        var bonuses = await deployment.Store.QueryAsync(OperationQueries.One(work.Item.Subject), stop);
        var job = bonuses is [{ ParentId: { } of }] ? of : work.Item.Subject;
        await deployment.Engine.RunWorkAsync(
            new Command(work, job, bonuses.Count > 0 ? Slot.MatureBonus : Slot.Mature));
    }

    private sealed class Command(StoredWork work, Guid jobId, Slot slot) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.OwnersOfJobs.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            var job = rows.Jobs.Find(jobId)!;
            var worker = rows.Owners.Find(job.WorkerOwner!.Value)!;
            if (rows.Owners.Find(job.BuyerOwner)!.Receivable > Money.Zero)
                decision.Later(work.Item with { DueUs = context.NowUs + JobTimes.HourUs });
            else
            {
                decision.Move(Movements.Mature(
                    work.Item.Subject, slot, worker.Id, new Money(work.Item.Argument), context.NowUs));
                if (Payouts.Schedule(decision, worker, context.Policy, context.NowUs) is { } scheduled)
                    decision.Put(scheduled);
            }
            return new Ruling(decision, Reply.None) { Log = { work.Done() } };
        }
    }
}
