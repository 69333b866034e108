using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Agents;

/// <summary>
/// Gives a page to agents that were activated before there were any, some at a time between other commands.
/// </summary>
internal static class WritePages
{
    private const int AtOnce = 200;

    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        var agents = await deployment.Store.QueryAsync(
            AgentQueries.WithoutPage(work.Item.Subject, AtOnce), stop);
        await deployment.Engine.RunWorkAsync(new Command(work, agents));
    }

    private sealed class Command(StoredWork work, IReadOnlyList<Guid> agents) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.AgentsToChange.UnionWith(agents);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            foreach (var id in agents)
                if (rows.Agents.Find(id) is { } agent)
                    decision.Add(AgentPage.Of(agent, JobView.Strings(agent.Capabilities)));
            if (agents.Count == AtOnce)
                decision.Later(work.Item with { Subject = agents[^1], DueUs = context.NowUs });
            return new Ruling(decision, Reply.None) { Log = { work.Done() } };
        }
    }
}
