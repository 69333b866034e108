using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// A removed endpoint leaves nothing behind: its attempts, what waited for it and what it never took go, some rows at a
/// time between other commands. The events themselves stay in the agent's inbox.
/// </summary>
internal static class ForgetEndpoint
{
    private const int RowsAtOnce = 500;

    /// <summary>The endpoint goes now, the rest soon.</summary>
    public static Decision Remove(WebhookEndpoint endpoint, long nowUs) => new Decision()
        .Remove(endpoint).Later(new WorkItem(WorkKind.ForgetEndpoint, endpoint.Id, nowUs));

    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        var (store, id) = (deployment.Store, work.Item.Subject);
        var waiting = await store.QueryAsync(EndpointQueries.Waiting(id, RowsAtOnce), stop);
        var dead = await store.QueryAsync(EndpointQueries.Dead(id, RowsAtOnce), stop);
        var attempts = await store.QueryAsync(EndpointQueries.Attempts(id, RowsAtOnce), stop);
        bool isWhole = waiting.Count < RowsAtOnce && dead.Count < RowsAtOnce && attempts.Count < RowsAtOnce;
        await deployment.Engine.RunWorkAsync(new Command(work, [.. waiting, .. dead, .. attempts], isWhole));
    }

    private sealed class Command(StoredWork work, IReadOnlyList<object> left, bool isWhole) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.Endpoints.Add(work.Item.Subject);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            // The first endpoint has the agent's id: a new one by that id goes on where the old one was.
            bool isBack = rows.Endpoints.Find(work.Item.Subject) is not null;
            if (!isBack && !isWhole) decision.Later(work.Item with { DueUs = context.NowUs });
            var ruling = new Ruling(decision, Reply.None) { Log = { work.Done() } };
            if (!isBack) ruling.Log.AddRange(left.Select(row => new Row(row, RowChange.Delete)));
            return ruling;
        }
    }
}
