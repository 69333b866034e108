using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// Charges an owner's card for a top-up: created unconfirmed, its id stored, then confirmed, so that an unknown
/// outcome is a read away and any number of tries make one charge.
/// </summary>
internal static class SendCharge
{
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

    /// <summary>Stripe told of a charge: settle what it says now, if it is ours and still pending.</summary>
    public static async Task HeardOfAsync(Deployment deployment, string providerId, CancellationToken stop)
    {
        if (await deployment.Stripe.GetChargeAsync(providerId, stop) is not { Op: { } op } charge) return;
        if (await Operations.FindByNameAsync(deployment, op, stop) is not { State: OperationState.Pending } operation)
            return;
        // What failed is settled by the item that sent it: two at once would open the bank's page twice.
        if (charge.Outcome is ProviderOutcome.Succeeded outcome)
            await SettleAsync(deployment, operation, outcome, null, stop);
    }

    private static async Task<ProviderOutcome> OutcomeAsync(
        Deployment deployment, Operation operation, bool firstTry, CancellationToken stop)
    {
        string? charge = operation.ProviderId;
        if (charge is null)
        {
            var body = JsonSerializer.Deserialize<ChargeBody>(operation.Body)!;
            var created = await deployment.Stripe.CreateChargeAsync(body, operation.IdempotencyKey, stop);
            if (created is not ProviderOutcome.Succeeded { ProviderId: var id }) return created;
            await Operations.KeepProviderIdAsync(deployment, operation, id);
            charge = id;
        }
        else if (!firstTry && (await deployment.Stripe.GetChargeAsync(charge, stop))?.Outcome is { } known)
        {
            // An earlier try may have been confirmed without our hearing of it: read before sending again.
            return known;
        }
        return await deployment.Stripe.ConfirmChargeAsync(charge, operation.IdempotencyKey + ":confirm", stop);
    }

    private static async Task SettleAsync(
        Deployment deployment, Operation operation, ProviderOutcome outcome, StoredWork? work, CancellationToken stop)
    {
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
                ActionUrl = await PageForAsync(deployment, operation, stop),
            },
            ProviderOutcome.Unknown(_, var why) => throw new OutcomeUnknown($"{operation.Name}: {why}"),
            _ => throw new InvalidOperationException($"Unexpected {outcome}"),
        };
        await deployment.Engine.RunWorkAsync(new Settle(settled, work));
    }

    /// <summary>Where a person can confirm the card with their bank, once for all later jobs.</summary>
    private static async Task<string> PageForAsync(Deployment deployment, Operation operation, CancellationToken stop)
    {
        var body = JsonSerializer.Deserialize<ChargeBody>(operation.Body)!;
        var page = await deployment.Stripe.CreateSetupCheckoutAsync(
            body.Customer, Id.Format(Id.Owner, operation.OwnerId), $"{deployment.PublicUrl}/checkout/confirmed",
            $"{deployment.PublicUrl}/checkout/cancelled",
            new Dictionary<string, string> { ["owner"] = Id.Format(Id.Owner, operation.OwnerId) },
            $"{operation.Name}:page", stop);
        return page.Url;
    }

    /// <summary>pending → done or declined, exactly once, whoever brings the news.</summary>
    private sealed class Settle(Operation outcome, StoredWork? work) : Command
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
                var owner = rows.Owners.Find(stored.OwnerId)!;
                decision.Put(outcome with { SettledUs = context.NowUs });
                decision.Put(owner with { TopUpId = null });
                if (outcome.State is OperationState.Done)
                    decision.Move(Movements.TopUp(stored.Id, owner.Id, stored.Amount, context.NowUs));
                decision.Later(new WorkItem(WorkKind.FundJobs, stored.Id, context.NowUs));
            }
            var ruling = new Ruling(decision, Reply.None);
            if (work is not null) ruling.Log.Add(work.Done());
            return ruling;
        }
    }
}
