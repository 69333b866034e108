using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>Sends a batch of earnings to the owner's connected account, once, however often it must be tried.</summary>
internal static class SendTransfer
{
    /// <summary>Stripe may forget keys after 24 h: from then on nothing is sent again blindly.</summary>
    private const long KeySafeUs = 20 * JobTimes.HourUs;

    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        var operation = await Operations.FindAsync(deployment, work.Item.Subject, stop);
        if (operation.State is not OperationState.Pending)
        {
            await deployment.Engine.FinishAsync(work);
            return;
        }
        bool firstTry = operation.FirstSentUs is null;
        if (firstTry) operation = await Operations.MarkSentAsync(deployment, operation);
        var outcome = await OutcomeAsync(deployment, operation, firstTry, stop);
        await SettleAsync(deployment, operation, outcome, work, stop);
    }

    /// <summary>Stripe told of a transfer: settle it if it is ours and still pending.</summary>
    public static async Task HeardOfAsync(Deployment deployment, string providerId, CancellationToken stop)
    {
        if (await deployment.Stripe.GetTransferAsync(providerId, stop) is not { Op: { } op } transfer) return;
        if (await Operations.FindByNameAsync(deployment, op, stop) is not { State: OperationState.Pending } operation)
            return;
        await SettleAsync(deployment, operation, new ProviderOutcome.Succeeded(transfer.Id), null, stop);
    }

    private static async Task<ProviderOutcome> OutcomeAsync(
        Deployment deployment, Operation operation, bool firstTry, CancellationToken stop)
    {
        if (!firstTry)
        {
            var since = DateTimeOffset.UnixEpoch.AddTicks(operation.CreatedUs * 10).AddHours(-1);
            var found = await deployment.Stripe.FindTransfersByOpAsync(operation.Name, since, stop);
            if (found.Count > 0) return new ProviderOutcome.Succeeded(found[0].Id);
            if (deployment.Clock.NowUs - operation.FirstSentUs > KeySafeUs)
                throw new OutcomeUnknown($"{operation.Name} was first sent over 20 hours ago and Stripe shows no such "
                    + "transfer; it is not sent again without an operator.");
        }
        var body = JsonSerializer.Deserialize<TransferBody>(operation.Body)!;
        return await deployment.Stripe.SendTransferAsync(body, operation.IdempotencyKey, stop);
    }

    private static async Task SettleAsync(
        Deployment deployment, Operation operation, ProviderOutcome outcome, StoredWork? work, CancellationToken stop)
    {
        var settled = outcome switch
        {
            ProviderOutcome.Succeeded(var id) => operation with { State = OperationState.Done, ProviderId = id },
            ProviderOutcome.Declined(var code, var message) =>
                operation with { State = OperationState.Declined, FailureCode = code, FailureText = message },
            ProviderOutcome.Unknown(_, var why) => throw new OutcomeUnknown($"{operation.Name}: {why}"),
            _ => throw new InvalidOperationException($"A transfer cannot come to {outcome}."),
        };
        var agents = await deployment.Store.QueryAsync(AgentQueries.IdsOfOwner(operation.OwnerId), stop);
        await deployment.Engine.RunWorkAsync(new Settle(settled, agents, work));
    }

    private sealed class Settle(Operation outcome, IReadOnlyList<Guid> agents, StoredWork? work) : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Operations.Add(outcome.Id);
            plan.Owners.Add(outcome.OwnerId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            var stored = rows.Operations.Find(outcome.Id)!;
            if (stored.State is OperationState.Pending)
            {
                bool sent = outcome.State is OperationState.Done;
                decision.Put(outcome with { SettledUs = context.NowUs });
                decision.Move(sent
                    ? Movements.PayOutSent(stored.Id, stored.OwnerId, stored.Amount, context.NowUs)
                    : Movements.TransferFailed(stored.Id, stored.OwnerId, stored.Amount, context.NowUs));
                // What comes back waits an hour: whatever Stripe disliked will not have changed at once.
                if (!sent && Payouts.Schedule(decision, rows.Owners.Find(stored.OwnerId)!, context.Policy,
                        context.NowUs + JobTimes.HourUs) is { } owner) decision.Put(owner);
                decision.Tell(new Fact(sent ? FactType.PayoutPaid : FactType.PayoutFailed, stored.Id, 1, context.NowUs,
                    new FactData
                    {
                        OperationId = stored.Id,
                        AmountMinor = stored.Amount.Minor,
                        Reason = outcome.FailureCode
                    },
                    agents));
            }
            var ruling = new Ruling(decision, Reply.None);
            if (work is not null) ruling.Log.Add(work.Done());
            return ruling;
        }
    }
}
