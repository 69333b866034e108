using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// One more address that the caller's events are sent to, from now on; its secret is shown this once.
/// </summary>
internal static class CreateWebhookEndpoint
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.CreateWebhookEndpointRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency(hidesSecret: true);
        if (unclear is not null) return Reply.Refused(unclear);
        var deployment = call.Deployment;
        var errors = new FieldErrors();
        string url = EndpointView.Url(errors, request!.Url, deployment.Addresses);
        string? types = EndpointView.Types(errors, request.Types);
        string? description = EndpointView.Description(errors, request.Description);
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        var fresh = await NewEndpoint.FromNowAsync(deployment, call.Aborted);
        return await call.RunAsync(new Command(fresh, url, types, description)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class Command(NewEndpoint fresh, string url, string? types, string? description) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.EndpointsOfCallers.Add(CallerKey!);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var agent = context.Caller.Id;
            if (rows.Endpoints.Rows.Count(other => other.AgentId == agent) >= Limits.EndpointsPerAgent)
                return Refusal.Invalid("url",
                    $"An agent has at most {Limits.EndpointsPerAgent} endpoints; remove one first.");
            var endpoint = fresh.Make(Id.New(context.NowUs), agent, url, context.NowUs) with
            {
                Types = types,
                Description = description,
            };
            return new Ruling(new Decision().Add(endpoint), Answers.Created(
                EndpointView.Of(endpoint, null, context.NowUs, fresh.Secret),
                VoxPactJson.Wire.EnvelopeWebhookEndpointResource));
        }
    }
}
