using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// An endpoint that was off or failing is asked again because its owner repaired it: what failed there is sent now, not
/// when its next attempt, hours away, was to be.
/// </summary>
internal static class WakeEndpoint
{
    public static WorkItem Of(WebhookEndpoint endpoint, long nowUs) =>
        new(WorkKind.WakeEndpoint, endpoint.Id, nowUs);

    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        var heads = await deployment.Store.QueryAsync(
            EndpointQueries.Heads(work.Item.Subject, EndpointLane.HeadsMax), stop);
        await deployment.Engine.RunWorkAsync(new Command(work, heads));
        deployment.Signals.Endpoints.Set();
    }

    private sealed class Command(StoredWork work, IReadOnlyList<Delivery> heads) : Engine.Command
    {
        public override void Need(LoadPlan plan) =>
            plan.Deliveries.AddRange(heads.Select(head => (head.EndpointId, head.Subject, head.Sequence)));

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var ruling = new Ruling(new Decision(), Reply.None) { Log = { work.Done() } };
            foreach (var head in heads)
                if (rows.Deliveries.Find((head.EndpointId, head.Subject, head.Sequence)) is { } waiting
                    && waiting.DueUs > context.NowUs)
                    ruling.Log.Add(new Row(waiting with { DueUs = context.NowUs }, RowChange.Update));
            return ruling;
        }
    }
}
