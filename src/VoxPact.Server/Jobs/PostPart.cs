using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Jobs;

/// <summary>A part of a job in parts was released: posts the next one, once, with money of its own.</summary>
internal static class PostPart
{
    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken cancellation)
    {
        var parties = await deployment.Store.QueryAsync(JobQueries.Parties(work.Item.Subject), cancellation);
        long nowUs = deployment.Clock.NowUs;
        await deployment.Engine.RunWorkAsync(new Command(work, parties[0], Id.New(nowUs), Id.New(nowUs)));
    }

    private sealed class Command(StoredWork work, JobQueries.BothParties parties, Guid jobId, Guid topUpId)
        : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(work.Item.Subject);
            plan.Terms.Add(work.Item.Subject);
            plan.PartsAfter.Add(work.Item.Subject);
            plan.OwnersOfJobs.Add(work.Item.Subject);
            plan.Agents.Add(parties.Buyer);
            if (parties.Worker is { } worker) plan.Agents.Add(worker);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var before = rows.Jobs.Find(work.Item.Subject)!;
            var place = before.Part!;
            // The lock on the part before is the lock on what follows it: who comes second sees it posted.
            var next = rows.Parts.Find((place.Series, place.Number + 1))!;
            if (next.JobId is not null) return new Ruling(new Decision(), Reply.None) { Log = { work.Done() } };
            var (job, terms) = next.After(before, rows.Terms.Find(before.Id)!, jobId, context.NowUs);
            var decides = new JobContext(context.NowUs, context.Policy);
            bool bothThere = IsThere(rows, before.BuyerAgent) && IsThere(rows, before.WorkerAgent!.Value);
            var decision = bothThere
                ? JobFunding.PostPart(job, terms, rows.Owners.Find(before.BuyerOwner)!, topUpId, decides)
                : JobFunding.DropPart(job, terms, decides);
            return new Ruling(decision.Put(next with { JobId = jobId }), Reply.None) { Log = { work.Done() } };
        }

        private static bool IsThere(Snapshot rows, Guid agent) =>
            rows.Agents.Find(agent)?.Status is AgentStatus.Active;
    }
}
