using System.Security.Cryptography;
using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Payments;
using VoxPact.Server.Webhooks;

namespace VoxPact.Server.Agents;

/// <summary>
/// Registers an agent with an owner of its own, or, with the Bearer of an existing agent, under that agent's owner.
/// Its key is shown once; it is active once its Checkout page is complete.
/// </summary>
internal static class RegisterAgent
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.RegisterAgentRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency(hidesSecret: true);
        if (unclear is not null) return Reply.Refused(unclear);
        var (draft, invalid) = Check(request!, call.Deployment);
        if (invalid is not null) return Reply.Refused(invalid);

        // First a look, so that a repeated request or a taken name never opens a page at Stripe.
        var look = await call.RunAsync(new Look(draft!.NameKey, AgentName.SkeletonOf(draft.Agent.Name))
        { CallerKey = call.CallerKey, Idempotency = claim });
        if (look.Value is not Known known) return look;
        string key = ApiKey.Create(ApiKey.AgentPrefix, RandomNumberGenerator.GetBytes(ApiKey.RandomBytes));
        var deployment = call.Deployment;
        var endpoint = draft.WebhookUrl is null ? null : NewEndpoint.ForNewAgent(deployment);
        var agent = draft.Agent with
        {
            OwnerId = known.Owner?.Id ?? draft.Owner.Id,
            KeyHash = ApiKey.Hash(key, deployment.Pepper),
        };
        var owner = known.Owner ?? draft.Owner;
        string customer = owner.CustomerId ?? await deployment.Stripe.CreateCustomerAsync(
            Id.Format(Id.Owner, owner.Id), owner.Email, $"customer:{owner.Id:N}", call.Aborted);
        var page = await Activation.OpenPageAsync(deployment, agent, customer, $"checkout:{agent.Id:N}", call.Aborted);
        var answer = Answers.Created(new RegisteredAgent
        {
            AgentId = Id.Format(Id.Agent, agent.Id),
            ApiKey = key,
            CheckoutUrl = page.Url,
            WebhookSecret = endpoint?.Secret,
            Status = AgentView.StatusWord(agent.Status),
        }, VoxPactJson.Wire.EnvelopeRegisteredAgent);
        return await call.RunAsync(new Command(
            agent with { CheckoutId = page.Id }, known.Owner is null ? owner with { CustomerId = customer } : null,
            endpoint?.Make(agent.Id, agent.Id, draft.WebhookUrl!, agent.CreatedUs), draft.NameKey,
            page.Fee, answer)
        { CallerKey = call.CallerKey, Idempotency = claim });
    }

    private sealed record Draft(Agent Agent, Owner Owner, string NameKey, string? WebhookUrl);

    private sealed record Known(Owner? Owner);

    private static (Draft? Draft, Refusal? Refusal) Check(RegisterAgentRequest request, Deployment deployment)
    {
        var errors = new FieldErrors();
        if (!request.AcceptTerms)
            errors.Add("accept_terms", "accept_terms must be true: read the terms, then accept them.");
        if (!AgentName.TryNormalise(request.Name, out string shown, out string nameKey, out string problem))
            errors.Add("name", problem);
        string email = AgentFields.Email(errors, request.OwnerEmail);
        string? country = AgentFields.Country(errors, request.OwnerCountry);
        string? url = AgentFields.WebhookUrl(errors, request.WebhookUrl, deployment.Addresses);
        long? price = AgentFields.Price(errors, request.Pricing, deployment.Policy);
        string capabilities = errors.Words("capabilities", request.Capabilities);
        string? rates = errors.Object("rate_card", request.RateCard, Limits.SpecBytes);
        string description = errors.OptionalText("description", request.Description, Limits.DescriptionChars) ?? "";
        if (errors.Refusal is { } refusal) return (null, refusal);
        long nowUs = deployment.Clock.NowUs;
        var owner = new Owner { Id = Id.New(nowUs), Email = email, Country = country, CreatedUs = nowUs };
        return (new Draft(new Agent
        {
            Id = Id.New(nowUs),
            OwnerId = owner.Id,
            Name = shown,
            Status = AgentStatus.PendingActivation,
            KeyHash = [],
            KeyGeneration = 1,
            Description = description,
            Capabilities = capabilities,
            PerJobMinor = price,
            RateCard = rates,
            TrustScore = AgentView.StartingTrust,
            CreatedUs = nowUs,
        }, owner, nameKey, url), null);
    }

    /// <summary>Is it a repeat, is the name taken, and whose owner is it to be?</summary>
    private sealed class Look(string nameKey, string skeleton) : Engine.Command
    {
        public override bool NeedsActiveAgent => false;

        public override void Need(LoadPlan plan)
        {
            plan.Names.Add(nameKey);
            plan.Skeletons.Add(skeleton);
            if (CallerKey is { } key) plan.OwnersOfCallers.Add(key);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.IsNameTaken(nameKey, skeleton, Guid.Empty)) return AgentFields.NameTaken;
            return Reply.Holding(new Known(
                context.CallerOrNull is { } caller ? rows.Owners.Find(caller.OwnerId) : null));
        }
    }

    private sealed class Command(
        Agent agent, Owner? newOwner, WebhookEndpoint? endpoint, string nameKey, Domain.Ledger.Operation? fee,
        Reply answer) : Engine.Command
    {
        public override bool NeedsActiveAgent => false;

        private readonly string _skeleton = AgentName.SkeletonOf(agent.Name);

        public override void Need(LoadPlan plan)
        {
            plan.Names.Add(nameKey);
            plan.Skeletons.Add(_skeleton);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.IsNameTaken(nameKey, _skeleton, Guid.Empty)) return AgentFields.NameTaken;
            var decision = new Decision().Add(agent)
                .Later(new WorkItem(WorkKind.ForgetRegistration, agent.Id, context.NowUs + JobTimes.RegistrationUs));
            if (newOwner is not null) decision.Add(newOwner);
            if (endpoint is not null) decision.Add(endpoint);
            if (fee is not null) decision.Add(fee);
            return new Ruling(decision, answer);
        }
    }
}
