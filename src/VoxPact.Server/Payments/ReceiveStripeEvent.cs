using VoxPact.Domain;
using VoxPact.Domain.Work;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// Stripe's events are hints: verified on the raw bytes, kept once, answered at once; then the object is fetched
/// and what it says now is acted on. Any order and any number of repeats end in the same state.
/// </summary>
internal static class ReceiveStripeEvent
{
    /// <summary>Takes an event in. False when it is not signed by Stripe, or not for us.</summary>
    public static async Task<bool> TakeAsync(Deployment deployment, ReadOnlyMemory<byte> body, string? signature)
    {
        // Stripe has one endpoint, and so one secret, for the platform's events and another for connected accounts'.
        var told = deployment.Options.StripeWebhookSecret!
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(secret => StripeEvents.TryParse(
                body, signature, secret, StripeEvents.Tolerance, deployment.Time.GetUtcNow()))
            .FirstOrDefault(known => known is not null);
        if (told is null) return false;
        if (told.ObjectId is not null) await deployment.Engine.RunWorkAsync(new Keep(told));
        return true;
    }

    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        string[] parts = work.Item.Payload!.Split(' ');
        if (parts[0] == "payout.failed")
        {
            await TellOfBank.RunAsync(deployment, work, parts[1], parts.ElementAtOrDefault(2), stop);
            return;
        }
        await ReadAsync(deployment, parts[0], parts[1], parts.ElementAtOrDefault(2), stop);
        await deployment.Engine.FinishAsync(work);
    }

    /// <param name="account">The connected account that the event came from; null for the platform's own.</param>
    private static async Task ReadAsync(
        Deployment deployment, string type, string id, string? account, CancellationToken stop)
    {
        switch (type.Split('.')[0])
        {
            case "checkout":
                if (await deployment.Stripe.GetCheckoutAsync(id, stop) is { Status: "complete" } page)
                {
                    await ReadCardsAsync(deployment, page.Customer, stop);
                    await Activation.RefreshAsync(deployment, id, stop);
                }
                break;
            case "setup_intent":
                await ReadCardsAsync(deployment,
                    (await deployment.Stripe.GetSetupIntentAsync(id, stop))?.Customer, stop);
                break;
            case "payment_method":
                if ((await deployment.Stripe.GetCardAsync(id, stop))?.Customer is { } customer)
                    await ReadCardsAsync(deployment, customer, stop);
                else
                    await ReadCardsOfFormerOwnerAsync(deployment, id, stop);
                break;
            case "payment_intent":
                await HearOf.ChargeAsync(deployment, id, stop);
                break;
            case "charge" when id.StartsWith("re_", StringComparison.Ordinal):
            case "refund":
                await HearOf.RefundAsync(deployment, id, stop);
                break;
            case "charge" when type.StartsWith("charge.dispute.", StringComparison.Ordinal):
                await HearOf.DisputeAsync(deployment, id, stop);
                break;
            case "transfer":
                await HearOf.TransferAsync(deployment, id, stop);
                break;
            case "account":
                // Of a platform that was dropped the object is the application; the account stands beside it.
                await Connect.RefreshAsync(deployment, account ?? id, stop);
                break;
        }
    }

    private static async Task ReadCardsAsync(Deployment deployment, string? customer, CancellationToken stop)
    {
        var owners = await deployment.Store.QueryAsync(OwnerQueries.IdOfCustomer(customer ?? ""), stop);
        if (owners is [var owner]) await SyncCards.RunAsync(deployment, owner, customer, stop);
    }

    private static async Task ReadCardsOfFormerOwnerAsync(Deployment deployment, string card, CancellationToken stop)
    {
        var owners = await deployment.Store.QueryAsync(OwnerQueries.IdOfCard(card), stop);
        if (owners is [var owner]) await SyncCards.RunAsync(deployment, owner, null, stop);
    }

    private sealed class Keep(StripeEvent told) : Command
    {
        public override void Need(LoadPlan plan) => plan.StripeEvents.Add(told.Id);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.StripeEvents.Find(told.Id) is not null) return Reply.None;
            var decision = new Decision().Later(new WorkItem(
                WorkKind.ReadStripeEvent, Guid.Empty, context.NowUs,
                Payload: $"{told.Type} {told.ObjectId} {told.Account}".TrimEnd()));
            return new Ruling(decision, Reply.None)
            {
                Log = { new Row(new ReceivedStripeEvent(told.Id, told.Type, told.ObjectId!, context.NowUs),
                    RowChange.Insert) },
            };
        }
    }
}
