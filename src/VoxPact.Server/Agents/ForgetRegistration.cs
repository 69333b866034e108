using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Work;

namespace VoxPact.Server.Agents;

/// <summary>A registration that was never activated goes after seven days.</summary>
internal static class ForgetRegistration
{
    public static Task RunAsync(Deployment deployment, StoredWork work) => deployment.Engine.RunWorkAsync(new Command(work));

    private sealed class Command(StoredWork work) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.AgentsToChange.Add(work.Item.Subject);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            if (rows.Agents.Find(work.Item.Subject) is { Status: AgentStatus.PendingActivation } agent)
                decision.Remove(agent);
            return new Ruling(decision, Reply.None) { Log = { work.Done() } };
        }
    }
}
