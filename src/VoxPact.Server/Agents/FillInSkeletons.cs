using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Agents;

/// <summary>
/// Names from before look-alikes were told apart get their skeletons at the next start. Of two that look alike already
/// the older one has it; the other keeps its name, with a skeleton that no name has.
/// </summary>
internal static class FillInSkeletons
{
    private const int AtOnce = 500;

    public static async Task RunAsync(Deployment deployment, CancellationToken stop)
    {
        while (await deployment.Store.QueryAsync(AgentQueries.NamesWithoutSkeleton(AtOnce), stop)
            is { Count: > 0 } names)
            await deployment.Engine.RunWorkAsync(new Command(names));
    }

    private sealed class Command(IReadOnlyList<AgentQueries.UnfoldedName> names) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            foreach (var name in names)
            {
                plan.Names.Add(name.NameKey);
                plan.Skeletons.Add(AgentName.SkeletonOf(name.Shown));
            }
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var given = new HashSet<string>();
            var log = new List<Row>();
            foreach (var name in names)
            {
                if (rows.Names.Find(name.NameKey) is not { Skeleton: null } reserved) continue;
                string looks = AgentName.SkeletonOf(name.Shown);
                bool isFree = !rows.Names.Rows.Any(other => other.Skeleton == looks) && given.Add(looks);
                // No name holds a line feed.
                log.Add(new Row(reserved with { Skeleton = isFree ? looks : $"{looks}\n{reserved.AgentId:N}" },
                    RowChange.Update));
            }
            return new Ruling(new Decision(), Reply.None) { Log = log };
        }
    }
}
