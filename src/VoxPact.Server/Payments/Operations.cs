using VoxPact.Domain;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>Nobody knows yet whether money moved; the operation stays pending and is tried, or read, again.</summary>
internal sealed class OutcomeUnknown(string why) : Exception(why);

/// <summary>What charges and transfers have in common on their way to Stripe.</summary>
internal static class Operations
{
    public static async Task<Operation> FindAsync(Deployment deployment, Guid id, CancellationToken stop) =>
        (await deployment.Store.QueryAsync(OperationQueries.One(id), stop))[0];

    /// <summary>By the name in Stripe's metadata, <c>charge:op_…</c>; null when it is not one of ours.</summary>
    public static async Task<Operation?> FindByNameAsync(Deployment deployment, string name, CancellationToken stop)
    {
        string id = name[(name.IndexOf(':') + 1)..];
        if (!Id.TryParse(Id.Operation, id, out var operation)) return null;
        var found = await deployment.Store.QueryAsync(OperationQueries.One(operation), stop);
        return found is [var own] && own.Name == name ? own : null;
    }

    /// <summary>Written before anything is sent, so that a crash cannot hide that it may have been.</summary>
    public static async Task<Operation> MarkSentAsync(Deployment deployment, Operation operation) =>
        (Operation)(await deployment.Engine.RunWorkAsync(
            new Change(operation.Id,
                (stored, nowUs) => stored with { FirstSentUs = stored.FirstSentUs ?? nowUs }))).Value!;

    public static Task<Reply> KeepProviderIdAsync(Deployment deployment, Operation operation, string providerId) =>
        deployment.Engine.RunWorkAsync(
            new Change(operation.Id, (stored, _) => stored with { ProviderId = providerId }));

    private sealed class Change(Guid id, Func<Operation, long, Operation> change) : Command
    {
        public override void Need(LoadPlan plan) => plan.Operations.Add(id);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var changed = change(rows.Operations.Find(id)!, context.NowUs);
            return new Ruling(new Decision().Put(changed), Reply.Holding(changed));
        }
    }
}
