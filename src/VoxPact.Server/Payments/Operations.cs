using VoxPact.Domain;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>Nobody knows yet whether money moved; the operation stays pending and is tried, or read, again.</summary>
internal sealed class OutcomeUnknown(string why) : Exception(why);

/// <summary>Operations as stored, and what is noted on them while they are under way.</summary>
internal static class Operations
{
    public static async Task<Operation> FindAsync(Deployment deployment, Guid id, CancellationToken stop) =>
        (await deployment.Store.QueryAsync(OperationQueries.One(id), stop))[0];

    /// <summary>By the name in Stripe's metadata, <c>charge:op_…</c>; null when it is not one of ours.</summary>
    public static async Task<Operation?> FindByNameAsync(Deployment deployment, string? name, CancellationToken stop) =>
        name is null ? null : await FindBehindAsync(deployment, name, name, stop);

    /// <summary>As above; what names no operation may have been adopted.</summary>
    public static async Task<Operation?> FindBehindAsync(
        Deployment deployment, string? name, string providerId, CancellationToken stop)
    {
        var found = await deployment.Store.QueryAsync(
            OperationQueries.One(Operation.IdBehind(name, providerId)), stop);
        return found is [var own] && (name is null || own.Name == name) ? own : null;
    }

    /// <summary>Written before anything is sent, so that a crash cannot hide that it may have been.</summary>
    public static Task<Operation> MarkSentAsync(Deployment deployment, Operation operation) =>
        NoteAsync(deployment, operation, (stored, nowUs) => stored with { FirstSentUs = stored.FirstSentUs ?? nowUs });

    /// <summary>Notes something on an operation that is still pending; one that was settled stays as it is.</summary>
    public static async Task<Operation> NoteAsync(
        Deployment deployment, Operation operation, Func<Operation, long, Operation> change) =>
        (Operation)(await deployment.Engine.RunWorkAsync(new Note(operation.Id, change))).Value!;

    private sealed class Note(Guid id, Func<Operation, long, Operation> change) : Command
    {
        public override void Need(LoadPlan plan) => plan.Operations.Add(id);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var stored = rows.Operations.Find(id)!;
            if (stored.State is not OperationState.Pending) return Reply.Holding(stored);
            var changed = change(stored, context.NowUs);
            return changed == stored
                ? Reply.Holding(stored)
                : new Ruling(new Decision().Put(changed), Reply.Holding(changed));
        }
    }
}
