using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Payments;

/// <summary>Detaches a saved card: it cannot be charged for later jobs.</summary>
internal static class RemovePaymentMethod
{
    public static async Task<Reply> Handle(Call call)
    {
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var look = await call.RunAsync(new ActiveOwnerLook { CallerKey = call.CallerKey, Idempotency = claim });
        if (look.Value is not OwnerLook.Found found) return look;
        var deployment = call.Deployment;
        string card = call.PathText("id");
        var own = await deployment.Store.QueryAsync(OwnerQueries.OwnCard(card, found.Owner.Id), call.Aborted);
        if (own.Count == 0) return Reply.Refused(Refusal.NotFound);
        await deployment.Stripe.DetachCardAsync(card, $"detach:{card}", call.Aborted);
        await SyncCards.RunAsync(deployment, found.Owner.Id, null, call.Aborted);
        return await call.RunAsync(new KeepAnswer(Answers.Ok(
            new RemovedPaymentMethod { Id = card, Removed = true }, VoxPactJson.Wire.EnvelopeRemovedPaymentMethod))
        { CallerKey = call.CallerKey, Idempotency = claim });
    }
}
