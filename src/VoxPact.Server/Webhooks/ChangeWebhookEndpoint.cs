using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Webhooks;

/// <summary>Changes one of the caller's endpoints: its fields, whether it is on, its secret; or removes it.</summary>
internal static class ChangeWebhookEndpoint
{
    public static async Task<Reply> Update(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.UpdateWebhookEndpointRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        string? url = request!.Url is null ? null : EndpointView.Url(errors, request.Url, call.Deployment.Addresses);
        string? types = EndpointView.Types(errors, request.Types.Value);
        string? description = EndpointView.Description(errors, request.Description.Value);
        if (request is { Url: null, Types.IsSet: false, Description.IsSet: false, Enabled: null })
            errors.Add("url", "Send at least one of url, types, description, enabled.");
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        var reply = await RunAsync(call, (endpoint, nowUs) =>
        {
            // Another address has not failed yet, and asked for nothing.
            bool isNew = url is not null && url != endpoint.Url;
            bool wakes = request.Enabled is true || (request.Enabled is null && isNew && endpoint.IsOn);
            endpoint = endpoint with
            {
                Url = url ?? endpoint.Url,
                Types = request.Types.IsSet ? types : endpoint.Types,
                Description = request.Description.IsSet ? description : endpoint.Description,
            };
            if (request.Enabled is false) endpoint = endpoint.Off(EndpointOff.ByOwner, nowUs);
            return new Change(wakes ? endpoint.On() : endpoint, Wakes: wakes);
        });
        if (reply.Refusal is null) call.Deployment.Signals.Endpoints.Set();
        return reply;
    }

    public static async Task<Reply> RotateSecret(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var fresh = NewEndpoint.ForNewAgent(call.Deployment);
        return await RunAsync(call, (endpoint, nowUs) => new Change(endpoint with
        {
            Secret = fresh.Sealed,
            OldSecret = endpoint.Secret,
            OldSecretUntilUs = nowUs + WebhookEndpoint.OldSecretUs,
        }, fresh.Secret));
    }

    public static async Task<Reply> Remove(Call call)
    {
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new RemoveCommand(call.PathId(Id.Endpoint))
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    /// <param name="Endpoint">As it is to be.</param>
    /// <param name="Secret">To be shown this once.</param>
    /// <param name="Wakes">What failed there is to be sent now.</param>
    private sealed record Change(WebhookEndpoint Endpoint, string? Secret = null, bool Wakes = false);

    private static async Task<Reply> RunAsync(Call call, Func<WebhookEndpoint, long, Change> change)
    {
        var (claim, unclear) = call.Idempotency(hidesSecret: true);
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new ChangeCommand(call.PathId(Id.Endpoint), change)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class ChangeCommand(Guid id, Func<WebhookEndpoint, long, Change> change) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.Endpoints.Add(id);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Endpoints.Find(id) is not { } endpoint || endpoint.AgentId != context.Caller.Id)
                return Refusal.NotFound;
            var (changed, secret, wakes) = change(endpoint, context.NowUs);
            var decision = new Decision().Put(changed);
            if (wakes) decision.Later(WakeEndpoint.Of(changed, context.NowUs));
            return new Ruling(decision, Answers.Ok(
                EndpointView.Of(changed, null, context.NowUs, secret),
                VoxPactJson.Wire.EnvelopeWebhookEndpointResource));
        }
    }

    private sealed class RemoveCommand(Guid id) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.Endpoints.Add(id);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Endpoints.Find(id) is not { } endpoint || endpoint.AgentId != context.Caller.Id)
                return Refusal.NotFound;
            return new Ruling(ForgetEndpoint.Remove(endpoint, context.NowUs), Answers.Ok(
                new RemovedWebhookEndpoint { Id = Id.Format(Id.Endpoint, id), Removed = true },
                VoxPactJson.Wire.EnvelopeRemovedWebhookEndpoint));
        }
    }
}
