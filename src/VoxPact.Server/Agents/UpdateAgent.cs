using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Webhooks;

namespace VoxPact.Server.Agents;

/// <summary>Edits the caller's profile: what is sent changes, null clears, what is left out stays.</summary>
internal static class UpdateAgent
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.UpdateAgentRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var (change, invalid) = Changes(request!, call.Deployment);
        if (invalid is not null) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency(hidesSecret: true);
        if (unclear is not null) return Reply.Refused(unclear);
        string? newName = request!.Name.IsSet ? request.Name.Value : null;
        return await call.RunAsync(new Command(
            change!, newName, await SpentAsync(call, request), await EndpointAsync(call, request))
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    /// <summary>A first limit counts what the month has cost so far.</summary>
    private static async Task<long> SpentAsync(Call call, UpdateAgentRequest request)
    {
        if (!request.MonthlyLimit.IsSet || request.MonthlyLimit.Value is null) return 0;
        var (_, sums, _) = await call.QueryAsync(
            JobQueries.PostedSince(call.CallerKey!, Spending.StartOfMonth(call.Deployment.Clock.NowUs)),
            needsActive: false);
        return sums is [var sum] ? sum : 0;
    }

    private sealed record FirstEndpoint(string? Url, NewEndpoint Made);

    private static async Task<FirstEndpoint?> EndpointAsync(Call call, UpdateAgentRequest request) =>
        request.WebhookUrl.IsSet
            ? new FirstEndpoint(
                string.IsNullOrWhiteSpace(request.WebhookUrl.Value) ? null : request.WebhookUrl.Value.Trim(),
                await NewEndpoint.FromNowAsync(call.Deployment, call.Aborted))
            : null;

    private static (Func<Agent, Agent>? Change, Refusal? Refusal) Changes(
        UpdateAgentRequest request, Deployment deployment)
    {
        var errors = new FieldErrors();
        var changes = new List<Func<Agent, Agent>>();
        if (request.WebhookUrl.IsSet)
            AgentFields.WebhookUrl(errors, request.WebhookUrl.Value, deployment.Addresses);
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
        AddStanding(request, deployment.Policy, errors, changes);
        if (changes.Count == 0 && !request.WebhookUrl.IsSet && errors.Refusal is null)
            errors.Add("webhook_url",
                "Send at least one of webhook_url, description, capabilities, pricing, rate_card, name, "
                + "availability, monthly_limit.");
        return errors.Refusal is { } refusal
            ? (null, refusal)
            : (agent => changes.Aggregate(agent, (changed, change) => change(changed)), null);
    }

    private static void AddStanding(
        UpdateAgentRequest request, Policy policy, FieldErrors errors, List<Func<Agent, Agent>> changes)
    {
        if (request.Name.IsSet)
        {
            if (!AgentName.TryNormalise(request.Name.Value ?? "", out string shown, out _, out string problem))
                errors.Add("name", problem);
            changes.Add(agent => agent with { Name = shown });
        }
        if (request.Availability.IsSet)
        {
            int at = AgentView.AvailabilityWords.ToList().IndexOf(request.Availability.Value ?? "");
            if (at < 0)
                errors.Add("availability",
                    $"availability must be one of: {string.Join(", ", AgentView.AvailabilityWords)}.");
            changes.Add(agent => agent with { Availability = (Availability)at });
        }
        if (request.MonthlyLimit.IsSet)
        {
            long? limit = request.MonthlyLimit.Value is { } given ? Limit(errors, given, policy) : null;
            changes.Add(agent => agent with { MonthlyLimitMinor = limit });
        }
    }

    /// <summary>Any sum from nothing (the agent posts nothing) up.</summary>
    private static long? Limit(FieldErrors errors, decimal given, Policy policy)
    {
        if (Money.TryFromDecimal(given, policy.CurrencyDecimals, out var limit) && limit >= Money.Zero)
            return limit.Minor;
        errors.Add("monthly_limit",
            $"monthly_limit must be 0 or more, with at most {policy.CurrencyDecimals} decimals; null means no limit.");
        return null;
    }

    private sealed class Command(
        Func<Agent, Agent> change, string? newName, long spentMinor, FirstEndpoint? endpoint) : Engine.Command
    {
        public override bool NeedsActiveAgent => false;
        public override bool ChangesCaller => true;

        public override void Need(LoadPlan plan)
        {
            plan.OwnersOfCallers.Add(CallerKey!);
            plan.EndpointsOfCallers.Add(CallerKey!);
            if (newName is null) return;
            plan.Names.Add(KeyOf(newName));
            plan.Skeletons.Add(LooksOf(newName));
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var changed = change(context.Caller);
            var log = new List<Row>();
            if (newName is not null)
            {
                string key = KeyOf(newName);
                if (rows.IsNameTaken(key, LooksOf(newName), changed.Id)) return AgentFields.NameTaken;
                // Before activation nothing is reserved, so there is nothing to move.
                if (changed.Status is not AgentStatus.PendingActivation)
                {
                    log.Add(new Row(new ReservedName(KeyOf(context.Caller.Name), changed.Id, null), RowChange.Delete));
                    log.Add(new Row(new ReservedName(key, changed.Id, LooksOf(newName)), RowChange.Insert));
                }
            }
            if (changed.MonthlyLimitMinor is not null && context.Caller.MonthlyLimitMinor is null)
                changed = changed with { SpendingMonth = Spending.MonthOf(context.NowUs), SpentMinor = spentMinor };
            var decision = new Decision().Put(changed);
            var first = rows.Endpoints.Find(changed.Id);
            string? shown = null;
            if (endpoint?.Made.Set(first, changed.Id, endpoint.Url, context.NowUs) is { } set)
            {
                // The first endpoint brings its signing secret, shown once; a later address keeps the one there is.
                if (first is null) (_, shown) = (decision.Add(set), endpoint.Made.Secret);
                else decision.Put(set);
                if (first is not null && set.IsOn) decision.Later(WakeEndpoint.Of(set, context.NowUs));
                first = set;
            }
            var owner = rows.Owners.Find(changed.OwnerId)!;
            var page = AgentPage.Of(changed, JobView.Strings(changed.Capabilities));
            if (changed.Status is AgentStatus.Active
                && page != AgentPage.Of(context.Caller, JobView.Strings(context.Caller.Capabilities)))
                decision.Put(page);
            string? url = first is { IsOn: true } ? first.Url : null;
            return new Ruling(decision, Answers.Ok(
                AgentView.Own(changed, owner, context.Policy, context.NowUs, url) with { WebhookSecret = shown },
                VoxPactJson.Wire.EnvelopeAgentProfile))
            { Log = log };
        }

        private static string LooksOf(string name)
        {
            AgentName.TryNormalise(name, out string shown, out _, out _);
            return AgentName.SkeletonOf(shown);
        }

        private static string KeyOf(string name)
        {
            AgentName.TryNormalise(name, out _, out string key, out _);
            return key;
        }
    }
}
