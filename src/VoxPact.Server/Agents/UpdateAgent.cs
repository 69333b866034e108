using System.Text;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Agents;

/// <summary>Edits the caller's profile: what is sent changes, null clears, what is left out stays.</summary>
internal static class UpdateAgent
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.UpdateAgentRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var (change, secret, invalid) = Changes(request!, call.Deployment);
        if (invalid is not null) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency(hidesSecret: true);
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(change!, secret, call.Deployment.Seal)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private static (Func<Agent, Agent>? Change, string? NewSecret, Refusal? Refusal) Changes(
        UpdateAgentRequest request, Deployment deployment)
    {
        var errors = new FieldErrors();
        var changes = new List<Func<Agent, Agent>>();
        string? secret = null;
        if (request.WebhookUrl.IsSet)
        {
            string? url = AgentFields.WebhookUrl(errors, request.WebhookUrl.Value, deployment.Addresses);
            secret = url is null ? null : WebhookSecrets.Create();
            changes.Add(agent => agent with { WebhookUrl = url });
        }
        if (request.Description.IsSet)
        {
            string text = errors.OptionalText("description", request.Description.Value, Limits.DescriptionChars) ?? "";
            changes.Add(agent => agent with { Description = text });
        }
        if (request.Capabilities.IsSet)
        {
            if (request.Capabilities.Value is null)
                errors.Add("capabilities", "capabilities must be a list; send [] to offer none.");
            string words = errors.Words("capabilities", request.Capabilities.Value ?? []);
            changes.Add(agent => agent with { Capabilities = words });
        }
        if (request.Pricing.IsSet)
        {
            long? price = AgentFields.Price(errors, request.Pricing.Value, deployment.Policy);
            changes.Add(agent => agent with { PerJobMinor = price });
        }
        if (request.RateCard.IsSet)
        {
            string? rates = errors.Object("rate_card", request.RateCard.Value, Limits.SpecBytes);
            changes.Add(agent => agent with { RateCard = rates });
        }
        if (changes.Count == 0 && errors.Refusal is null)
            errors.Add("webhook_url",
                "Send at least one of webhook_url, description, capabilities, pricing, rate_card.");
        return errors.Refusal is { } refusal
            ? (null, null, refusal)
            : (agent => changes.Aggregate(agent, (changed, change) => change(changed)), secret, null);
    }

    private sealed class Command(Func<Agent, Agent> change, string? newSecret, SecretSeal seal) : Engine.Command
    {
        public override bool NeedsActiveAgent => false;
        public override bool ChangesCaller => true;

        public override void Need(LoadPlan plan) => plan.OwnersOfCallers.Add(CallerKey!);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var changed = change(context.Caller);
            // The first endpoint brings its signing secret, shown once; a later address keeps the one there is.
            string? shown = changed.WebhookUrl is not null && changed.WebhookSecret is null ? newSecret : null;
            if (shown is not null) changed = changed with { WebhookSecret = seal.Close(Encoding.UTF8.GetBytes(shown)) };
            var owner = rows.Owners.Find(changed.OwnerId)!;
            return new Ruling(new Decision().Put(changed), Answers.Ok(
                AgentView.Own(changed, owner, context.Policy) with { WebhookSecret = shown },
                VoxPactJson.Wire.EnvelopeAgentProfile));
        }
    }
}
