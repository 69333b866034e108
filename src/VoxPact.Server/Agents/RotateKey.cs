using System.Security.Cryptography;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Agents;

/// <summary>
/// A new key for the old one, which is dead on every node when the answer leaves. With an Idempotency-Key the old
/// key can replay this one answer, so that a lost answer locks nobody out.
/// </summary>
internal static class RotateKey
{
    public static async Task<Reply> Handle(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency(hidesSecret: true);
        if (unclear is not null) return Reply.Refused(unclear);
        string key = ApiKey.Create(ApiKey.AgentPrefix, RandomNumberGenerator.GetBytes(ApiKey.RandomBytes));
        return await call.RunAsync(new Command(key, ApiKey.Hash(key, call.Deployment.Pepper))
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class Command(string key, byte[] hash) : Engine.Command
    {
        public override bool NeedsActiveAgent => false;
        public override bool ChangesCaller => true;
        public override bool KilledKeyMayReplay => true;

        public override Ruling Decide(Snapshot rows, DecisionContext context) => new(
            new Decision().Put(context.Caller with
            {
                KeyHash = hash,
                PreviousKeyHash = context.Caller.KeyHash,
                KeyGeneration = context.Caller.KeyGeneration + 1,
            }),
            Answers.Ok(new RotatedKey { ApiKey = key }, VoxPactJson.Wire.EnvelopeRotatedKey));
    }
}
