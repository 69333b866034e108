using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// pending → done or declined, exactly once, whoever brings the news: the answer, the event or the reconciler.
/// </summary>
internal static class SettleOperation
{
    /// <summary>The item of the sending, which ends in the same commit; null when the news came otherwise.</summary>
    public static async Task RunAsync(
        Deployment deployment, Operation operation, ProviderOutcome outcome, StoredWork? work, CancellationToken stop)
    {
        Operation? onPage = null;
        string? url = null;
        if (outcome is ProviderOutcome.ActionRequired)
            (url, onPage) = await PayOnPage.OpenAsync(deployment, operation, stop);
        var settled = outcome switch
        {
            ProviderOutcome.Succeeded(var id) => operation with { State = OperationState.Done, ProviderId = id },
            ProviderOutcome.Declined(var code, var message) =>
                operation with { State = OperationState.Declined, FailureCode = code, FailureText = message },
            ProviderOutcome.ActionRequired(_, var message, _) => operation with
            {
                State = OperationState.Declined,
                FailureCode = PaymentFailed.NeedsAction,
                FailureText = message,
                ActionUrl = url,
            },
            ProviderOutcome.Unknown(_, var why) => throw new OutcomeUnknown($"{operation.Name}: {why}"),
            _ => throw new InvalidOperationException($"Unexpected {outcome}"),
        };
        var agents = await deployment.Store.QueryAsync(AgentQueries.IdsOfOwner(operation.OwnerId), stop);
        await deployment.Engine.RunWorkAsync(new Settle(settled, onPage, agents, work));
    }

    /// <param name="outcome">As it is to be.</param>
    /// <param name="onPage">The charge that takes its place, which a person pays on a page.</param>
    private sealed class Settle(
        Operation outcome, Operation? onPage, IReadOnlyList<Guid> agents, StoredWork? work) : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Operations.Add(outcome.Id);
            if (Settlement.ChargeOf(outcome) is { } charge) plan.Operations.Add(charge);
            plan.Owners.Add(outcome.OwnerId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var stored = rows.Operations.Find(outcome.Id)!;
            var decision = new Decision();
            if (stored.State is OperationState.Pending)
            {
                var charge = Settlement.ChargeOf(stored) is { } id ? rows.Operations.Find(id) : null;
                // What was noted meanwhile stays; only the outcome is news.
                var settled = stored with
                {
                    State = outcome.State,
                    ProviderId = outcome.ProviderId,
                    FailureCode = outcome.FailureCode,
                    FailureText = outcome.FailureText,
                    ActionUrl = outcome.ActionUrl,
                };
                decision = Settlement.Of(settled, rows.Owners.Find(stored.OwnerId)!, charge, agents,
                    new JobContext(context.NowUs, context.Policy));
                if (onPage is not null) decision.Add(onPage);
            }
            var ruling = new Ruling(decision, Reply.None);
            if (work is not null) ruling.Log.Add(work.Done());
            return ruling;
        }
    }
}
