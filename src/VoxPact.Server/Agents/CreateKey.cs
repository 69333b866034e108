using System.Security.Cryptography;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Agents;

/// <summary>Another key of the agent, with scopes and a mandate; its secret is shown this once.</summary>
internal static class CreateKey
{
    private const int EndingChars = 4;

    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.CreateKeyRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency(hidesSecret: true);
        if (unclear is not null) return Reply.Refused(unclear);
        var deployment = call.Deployment;
        var (policy, nowUs) = (deployment.Policy, deployment.Clock.NowUs);
        string secret = ApiKey.Create(ApiKey.NamedPrefix, RandomNumberGenerator.GetBytes(ApiKey.RandomBytes));
        var errors = new FieldErrors();
        var key = new AgentKey
        {
            Id = Id.New(nowUs),
            AgentId = Guid.Empty,
            Name = errors.Text("name", request!.Name, Limits.KeyNameChars),
            KeyHash = ApiKey.Hash(secret, deployment.Pepper),
            Ending = secret[^EndingChars..],
            Scopes = KeyView.Scopes(errors, request.Scopes),
            CreatedUs = nowUs,
            ExpiresUs = KeyView.Expiry(errors, request.ExpiresAt, nowUs),
            Mandate = new Mandate
            {
                PerJobMinor = KeyView.Limit(errors, "per_job", request.PerJob, policy),
                PerDayMinor = KeyView.Limit(errors, "per_day", request.PerDay, policy),
                ApprovalAboveMinor = KeyView.Limit(errors, "approval_above", request.ApprovalAbove, policy),
                Workers = KeyView.Workers(errors, request.AllowedWorkers),
                Capabilities = KeyView.Capabilities(errors, request.AllowedCapabilities),
            },
        };
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        return await call.RunAsync(new Command(key, secret) { CallerKey = call.CallerKey, Idempotency = claim });
    }

    private sealed class Command(AgentKey draft, string secret) : Engine.Command
    {
        public override bool ChangesCaller => true;

        public override void Need(LoadPlan plan) => plan.KeysOfCallers.Add(CallerKey!);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var caller = context.Caller;
            if (rows.Keys.Rows.Count(other => other.AgentId == caller.Id) >= Limits.KeysPerAgent)
                return Refusal.Invalid("name",
                    $"An agent has at most {Limits.KeysPerAgent} named keys; revoke one first.");
            var key = draft with { AgentId = caller.Id };
            var told = caller with { Sequence = caller.Sequence + 1 };
            var decision = new Decision().Add(key).Put(told).Tell(new Fact(
                FactType.KeyCreated, caller.Id, told.Sequence, context.NowUs,
                new FactData { AgentId = caller.Id, KeyId = key.Id }, [caller.Id]));
            return new Ruling(decision, Answers.Created(
                KeyView.Of(key, context.NowUs, context.Policy, secret), VoxPactJson.Wire.EnvelopeKeyResource));
        }
    }
}
