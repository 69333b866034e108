using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Payments;

/// <summary>A Stripe SetupIntent: the client secret with which Stripe.js saves a card for later jobs.</summary>
internal static class SetupPaymentMethod
{
    public static async Task<Reply> Handle(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency(hidesSecret: true);
        if (unclear is not null) return Reply.Refused(unclear);
        var look = await call.RunAsync(new ActiveOwnerLook { CallerKey = call.CallerKey, Idempotency = claim });
        if (look.Value is not OwnerLook.Found found) return look;
        var deployment = call.Deployment;
        var intent = await deployment.Stripe.CreateSetupIntentAsync(
            found.Owner.CustomerId!, new Dictionary<string, string> { ["owner"] = Id.Format(Id.Owner, found.Owner.Id) },
            $"setup:{Id.New(deployment.Clock.NowUs):N}", call.Aborted);
        return await call.RunAsync(new KeepAnswer(Answers.Bare(new SetupIntentCreated
        {
            ClientSecret = intent.ClientSecret,
            PublishableKey = deployment.Options.StripePublishableKey,
        }, VoxPactJson.Wire.SetupIntentCreated))
        { CallerKey = call.CallerKey, Idempotency = claim });
    }
}

/// <summary>Like <see cref="OwnerLook"/>, for what only an active agent may do.</summary>
internal sealed class ActiveOwnerLook : Command
{
    public override void Need(LoadPlan plan) => plan.OwnersOfCallers.Add(CallerKey!);

    public override Ruling Decide(Snapshot rows, DecisionContext context) =>
        Reply.Holding(new OwnerLook.Found(context.Caller, rows.Owners.Find(context.Caller.OwnerId)!));
}

/// <summary>Nothing of ours changes; the answer is kept for whoever repeats the request.</summary>
internal sealed class KeepAnswer(Reply answer) : Command
{
    public override Ruling Decide(Snapshot rows, DecisionContext context) => new(new Decision(), answer);
}
