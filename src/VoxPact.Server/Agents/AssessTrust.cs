using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Agents;

/// <summary>Jobs of an owner's agents were settled or reviewed, or grew old: their trust scores follow.</summary>
internal static class AssessTrust
{
    /// <summary>So many payees of one owner are followed when circles are looked for.</summary>
    private const int PayeesOfOne = 500;

    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        var owner = work.Item.Subject;
        var agents = await deployment.Store.QueryAsync(AgentQueries.OfOwner(owner), stop);
        var jobs = new Dictionary<Guid, IReadOnlyList<SettledJob>>();
        foreach (var agent in agents)
            jobs[agent.Id] = await deployment.Store.QueryAsync(TrustQueries.SettledJobsOf(agent.Id), stop);
        var paid = jobs.Values.SelectMany(list => list)
            .Where(job => job.Worked && TrustQueries.IsPaid(job.Closed)).Select(job => new PaidOnce(job.Other, owner))
            .Concat(jobs.Values.SelectMany(list => list)
                .Where(job => !job.Worked && TrustQueries.IsPaid(job.Closed))
                .Select(job => new PaidOnce(owner, job.Other)))
            .Where(pair => pair.Payer != pair.Worker).Distinct().ToList();
        var pays = await ReachedAsync(deployment, owner, TrustQueries.PaidBy,
            [.. paid.Where(pair => pair.Payer == owner).Select(pair => pair.Worker)], stop);
        var paidBy = await ReachedAsync(deployment, owner, TrustQueries.PayersOf,
            [.. paid.Where(pair => pair.Worker == owner).Select(pair => pair.Payer)], stop);
        long nowUs = deployment.Clock.NowUs;
        var assessed = jobs.ToDictionary(row => row.Key, row => TrustScore.Assess(row.Value, pays, paidBy, nowUs));
        await deployment.Engine.RunWorkAsync(new Command(work, owner, assessed, paid));
    }

    /// <summary>
    /// Owners that are reached by payments in one direction, of which the first may not be stored yet.
    /// </summary>
    private static async Task<HashSet<Guid>> ReachedAsync(
        Deployment deployment, Guid owner, Func<Guid, int, Statement<Guid>> neighbours, IReadOnlyList<Guid> own,
        CancellationToken stop)
    {
        var reached = new HashSet<Guid> { owner };
        var next = new Queue<Guid>([owner]);
        while (reached.Count < TrustScore.CircleOwners && next.TryDequeue(out var from))
        {
            IEnumerable<Guid> others = await deployment.Store.QueryAsync(neighbours(from, PayeesOfOne), stop);
            if (from == owner) others = others.Concat(own);
            foreach (var other in others)
                if (reached.Count < TrustScore.CircleOwners && reached.Add(other)) next.Enqueue(other);
        }
        return reached;
    }

    private sealed class Command(
        StoredWork work, Guid ownerId, IReadOnlyDictionary<Guid, Assessment> assessed, IReadOnlyList<PaidOnce> paid)
        : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Owners.Add(ownerId);
            foreach (var agent in assessed.Keys) plan.AgentsToChange.Add(agent);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            if (rows.Owners.Find(ownerId) is { } owner)
                Assessments.Finish(decision, owner, work.Item.Argument,
                    assessed.Values.Any(assessment => assessment.Score > 0), context.NowUs);
            foreach (var pair in paid) decision.Add(pair);
            foreach (var (id, assessment) in assessed)
                if (rows.Agents.Find(id) is { } agent && agent.TrustScore != assessment.Score)
                    Change(decision, agent, assessment, context.NowUs);
            return new Ruling(decision, Reply.None) { Log = { work.Done() } };
        }

        private static void Change(Decision decision, Agent agent, Assessment assessment, long nowUs)
        {
            var changed = agent with { TrustScore = assessment.Score, Sequence = agent.Sequence + 1 };
            decision.Put(changed);
            decision.Add(new TrustStep(agent.Id, nowUs, agent.TrustScore, assessment.Score, assessment.Reason));
            decision.Tell(new Fact(FactType.TrustUpdated, agent.Id, changed.Sequence, nowUs, new FactData
            {
                AgentId = agent.Id,
                TrustScore = assessment.Score,
                TrustBefore = agent.TrustScore,
                Level = AgentView.Level(assessment.Score),
            }, [agent.Id]));
            decision.Add(new JobNote { JobId = agent.Id, Sequence = changed.Sequence, Text = assessment.Reason });
        }
    }
}
