using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;
using Operation = VoxPact.Domain.Ledger.Operation;

namespace VoxPact.Server.Agents;

/// <summary>
/// How an agent goes live: a Checkout page at Stripe that saves a card, and what follows once it is complete.
/// </summary>
internal static class Activation
{
    /// <summary><c>POST /v1/agents/me/checkout</c>: a fresh page, since Stripe's expire.</summary>
    public static async Task<Reply> Handle(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var look = await call.RunAsync(new OwnerLook { CallerKey = call.CallerKey, Idempotency = claim });
        if (look.Value is not OwnerLook.Found found) return look;
        if (found.Agent.Status is not AgentStatus.PendingActivation)
            return Reply.Refused(Refusal.WrongState("This agent was activated already and needs no checkout; save "
                + "another card with POST /v1/payment-methods/setup."));
        var deployment = call.Deployment;
        var page = await OpenPageAsync(
            deployment, found.Agent, found.Owner.CustomerId!, $"checkout:{Id.New(deployment.Clock.NowUs):N}",
            call.Aborted);
        var answer = Answers.Created(
            new CheckoutPage { CheckoutUrl = page.Url, ExpiresAt = page.ExpiresAt },
            VoxPactJson.Wire.EnvelopeCheckoutPage);
        return await call.RunAsync(
            new KeepCheckout(page, answer) { CallerKey = call.CallerKey, Idempotency = claim });
    }

    /// <summary>A page, and the operation that it is paid under where activation costs something.</summary>
    public sealed record Page(string Id, string Url, DateTimeOffset ExpiresAt, Operation? Fee);

    public static async Task<Page> OpenPageAsync(
        Deployment deployment, Agent agent, string customer, string key, CancellationToken stop)
    {
        string id = Id.Format(Id.Agent, agent.Id);
        string success = $"{deployment.PublicUrl}/checkout/complete/{id}";
        string cancel = $"{deployment.PublicUrl}/checkout/cancelled";
        var metadata = new Dictionary<string, string>
        {
            ["agent"] = id,
            ["owner"] = Id.Format(Id.Owner, agent.OwnerId),
        };
        var policy = deployment.Policy;
        if (policy.ActivationFee == Money.Zero)
        {
            var page = await deployment.Stripe.CreateSetupCheckoutAsync(
                customer, id, success, cancel, metadata, key, stop);
            return new Page(page.Id, page.Url, page.ExpiresAt, null);
        }
        var fee = new Operation
        {
            Id = Id.New(deployment.Clock.NowUs),
            Kind = OperationKind.ActivationFee,
            OwnerId = agent.OwnerId,
            Amount = policy.ActivationFee,
            Body = "",
            CreatedUs = deployment.Clock.NowUs,
            ParentId = agent.Id,
        };
        metadata["op"] = fee.Name;
        // Nobody can pay before the page's address has left here, and that happens after the operation is stored.
        var paid = await deployment.Stripe.CreatePaymentCheckoutAsync(customer, id, "Activation of an agent",
            fee.Amount.Minor, policy.Currency, success, cancel, metadata, key, stop);
        var body = new ActivationBody(agent.Id, customer, paid.Id);
        return new Page(paid.Id, paid.Url, paid.ExpiresAt, fee with { Body = JsonSerializer.Serialize(body) });
    }

    /// <summary>
    /// Asks Stripe how far the page has come and, when it is complete, takes over the card and makes the agent active.
    /// Any number of times, in any order with Stripe's own event.
    /// </summary>
    public static async Task<bool> RefreshAsync(Deployment deployment, string checkoutId, CancellationToken stop)
    {
        var page = await deployment.Stripe.GetCheckoutAsync(checkoutId, stop);
        if (page is not { Status: "complete" }) return false;
        await PayOnPage.SettleAsync(deployment, page, stop);
        if (!Id.TryParse(Id.Agent, page.Metadata.GetValueOrDefault("agent"), out var agent)
            || !Id.TryParse(Id.Owner, page.Metadata.GetValueOrDefault("owner"), out var owner)) return false;
        await SyncCards.RunAsync(deployment, owner, page.Customer, stop);
        var name = await deployment.Store.QueryAsync(AgentQueries.Name(agent), stop);
        if (name is not [var registered]) return false;
        AgentName.TryNormalise(registered, out string shown, out string key, out _);
        await deployment.Engine.RunWorkAsync(new Activate(agent, shown, key));
        return true;
    }

    /// <summary>The page Stripe sends a person back to: it need not wait for the event.</summary>
    public static async Task<string> CompleteAsync(Deployment deployment, Guid agent, CancellationToken stop)
    {
        var checkout = await deployment.Store.QueryAsync(AgentQueries.Checkout(agent), stop);
        bool live = checkout is [{ } id] && await RefreshAsync(deployment, id, stop);
        return live
            ? "Checkout is complete: the agent is live and its card is saved. You can close this page."
            : "Stripe has not completed this checkout yet. If you have just paid, reload this page in a moment.";
    }

    private sealed class KeepCheckout(Page page, Reply answer) : Command
    {
        public override bool NeedsActiveAgent => false;
        public override bool ChangesCaller => true;

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision().Put(context.Caller with { CheckoutId = page.Id });
            return new Ruling(page.Fee is { } fee ? decision.Add(fee) : decision, answer);
        }
    }

    private sealed class Activate(Guid agentId, string registeredName, string registeredKey) : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.AgentsToChange.Add(agentId);
            plan.Names.Add(registeredKey);
            plan.Skeletons.Add(AgentName.SkeletonOf(registeredName));
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Agents.Find(agentId) is not { ActivatedUs: null } agent) return Reply.None;
            var (name, key, looks) = (registeredName, registeredKey, AgentName.SkeletonOf(registeredName));
            // Who completes first gets the name; whoever comes later is told apart by the end of their id.
            if (rows.IsNameTaken(key, looks, agentId))
            {
                string tail = Id.Format(Id.Agent, agentId)[^6..];
                (name, key, looks) = ($"{name}-{tail}", $"{key}-{tail}", AgentName.SkeletonOf($"{name}-{tail}"));
            }
            // A suspended agent has completed its checkout, and is active once it is reinstated.
            bool isSuspended = agent.Status is AgentStatus.Suspended;
            var active = agent with
            {
                Name = name,
                Status = isSuspended ? AgentStatus.Suspended : AgentStatus.Active,
                ActivatedUs = context.NowUs,
                Sequence = isSuspended ? agent.Sequence : agent.Sequence + 1,
            };
            var decision = new Decision().Put(active)
                .Add(AgentPage.Of(active, JobView.Strings(active.Capabilities)));
            if (!isSuspended)
                decision.Tell(new Fact(FactType.AgentActivated, agentId, active.Sequence, context.NowUs,
                    new FactData { AgentId = agentId }, [agentId]));
            return new Ruling(decision, Reply.None)
            {
                Log = { new Row(new ReservedName(key, agentId, looks), RowChange.Insert) },
            };
        }
    }
}

/// <summary>Whose owner is the caller's? Also answers repeats, so that nothing is asked of Stripe twice.</summary>
internal sealed class OwnerLook : Command
{
    public sealed record Found(Agent Agent, Owner Owner);

    public override bool NeedsActiveAgent => false;

    public override void Need(LoadPlan plan) => plan.OwnersOfCallers.Add(CallerKey!);

    public override Ruling Decide(Snapshot rows, DecisionContext context) =>
        Reply.Holding(new Found(context.Caller, rows.Owners.Find(context.Caller.OwnerId)!));
}
