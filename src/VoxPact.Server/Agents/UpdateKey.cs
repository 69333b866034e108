using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Agents;

/// <summary>Changes a named key's name, scopes, expiry or mandate; what it has spent today stays spent.</summary>
internal static class UpdateKey
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.UpdateKeyRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var errors = new FieldErrors();
        var change = Change(errors, request!, call.Deployment.Policy, call.Deployment.Clock.NowUs);
        if (request == new UpdateKeyRequest())
            errors.Add("name", "Send at least one of name, scopes, expires_at, per_job, per_day, approval_above, "
                + "allowed_workers, allowed_capabilities.");
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        return await call.RunAsync(new Command(call.PathId(Id.Key), change)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private static Func<AgentKey, AgentKey> Change(
        FieldErrors errors, UpdateKeyRequest request, Policy policy, long nowUs)
    {
        string? name = request.Name is { } given ? errors.Text("name", given, Limits.KeyNameChars) : null;
        KeyScopes? scopes = request.Scopes is { } words ? KeyView.Scopes(errors, words) : null;
        long? expires = KeyView.Expiry(errors, request.ExpiresAt.Value, nowUs);
        long? perJob = KeyView.Limit(errors, "per_job", request.PerJob.Value, policy);
        long? perDay = KeyView.Limit(errors, "per_day", request.PerDay.Value, policy);
        long? above = KeyView.Limit(errors, "approval_above", request.ApprovalAbove.Value, policy);
        string? workers = KeyView.Workers(errors, request.AllowedWorkers.Value);
        string? capabilities = KeyView.Capabilities(errors, request.AllowedCapabilities.Value);
        return key => key with
        {
            Name = name ?? key.Name,
            Scopes = scopes ?? key.Scopes,
            ExpiresUs = request.ExpiresAt.IsSet ? expires : key.ExpiresUs,
            Mandate = key.Mandate with
            {
                PerJobMinor = request.PerJob.IsSet ? perJob : key.Mandate.PerJobMinor,
                PerDayMinor = request.PerDay.IsSet ? perDay : key.Mandate.PerDayMinor,
                ApprovalAboveMinor = request.ApprovalAbove.IsSet ? above : key.Mandate.ApprovalAboveMinor,
                Workers = request.AllowedWorkers.IsSet ? workers : key.Mandate.Workers,
                Capabilities = request.AllowedCapabilities.IsSet ? capabilities : key.Mandate.Capabilities,
            },
        };
    }

    private sealed class Command(Guid id, Func<AgentKey, AgentKey> change) : Engine.Command
    {
        public override bool ChangesCaller => true;

        public override void Need(LoadPlan plan) => plan.KeysOfCallers.Add(CallerKey!);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Keys.Find(id) is not { } key || key.AgentId != context.Caller.Id) return Refusal.NotFound;
            var changed = change(key);
            return new Ruling(new Decision().Put(changed), Answers.Ok(
                KeyView.Of(changed, context.NowUs, context.Policy), VoxPactJson.Wire.EnvelopeKeyResource));
        }
    }
}
