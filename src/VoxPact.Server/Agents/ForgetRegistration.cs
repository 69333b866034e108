using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Webhooks;
using VoxPact.Server.Work;

namespace VoxPact.Server.Agents;

/// <summary>A registration that was never activated goes after seven days.</summary>
internal static class ForgetRegistration
{
    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        var siblings = await deployment.Store.QueryAsync(AgentQueries.SiblingsOf(work.Item.Subject), stop);
        await deployment.Engine.RunWorkAsync(new Command(work, siblings.Count));
    }

    private sealed class Command(StoredWork work, int siblings) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.AgentsToChange.Add(work.Item.Subject);
            plan.OwnersOfAgents.Add(work.Item.Subject);
            // Its only endpoint is the one of its webhook_url, which has its own id.
            plan.Endpoints.Add(work.Item.Subject);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            if (rows.Agents.Find(work.Item.Subject) is { Status: AgentStatus.PendingActivation } agent)
            {
                decision.Remove(agent);
                if (rows.Endpoints.Find(agent.Id) is { } endpoint)
                    decision.Include(ForgetEndpoint.Remove(endpoint, context.NowUs));
                // An owner who never had a live agent has no money here either; the e-mail address goes too.
                if (siblings == 1 && rows.Owners.Find(agent.OwnerId) is { } owner && owner.Available == Money.Zero)
                    decision.Remove(owner);
            }
            return new Ruling(decision, Reply.None) { Log = { work.Done() } };
        }
    }
}
