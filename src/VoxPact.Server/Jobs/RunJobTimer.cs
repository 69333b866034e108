using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Work;

namespace VoxPact.Server.Jobs;

/// <summary>A job's due time came: whatever its state does by default, unless the job has moved on.</summary>
internal static class RunJobTimer
{
    public static Task RunAsync(Deployment deployment, StoredWork work) =>
        deployment.Engine.RunWorkAsync(new Command(work));

    private sealed class Command(StoredWork work) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(work.Item.Subject);
            plan.OwnersOfJobs.Add(work.Item.Subject);
            plan.Bids.Add(work.Item.Subject);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            if (rows.Jobs.Find(work.Item.Subject) is { } job
                && JobLifecycle.RunTimer(job, work.Item.Argument, rows.ContextFor(job, context)) is { } outcome)
                decision = outcome.Decision!;
            return new Ruling(decision, Reply.None) { Log = { work.Done() } };
        }
    }
}
