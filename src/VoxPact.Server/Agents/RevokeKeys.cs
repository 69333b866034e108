using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Agents;

/// <summary>
/// Kills one named key, or all: with their tokens they are dead on every node when the answer leaves, and what they
/// waited for is forgotten.
/// </summary>
internal static class RevokeKeys
{
    public static Task<Reply> One(Call call) => RunAsync(call, call.PathId(Id.Key));

    public static Task<Reply> All(Call call) => RunAsync(call, null);

    private static async Task<Reply> RunAsync(Call call, Guid? id)
    {
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(id) { CallerKey = call.CallerKey, Idempotency = claim });
    }

    private sealed class Command(Guid? only) : Engine.Command
    {
        public override bool ChangesCaller => true;

        public override void Need(LoadPlan plan)
        {
            plan.KeysOfCallers.Add(CallerKey!);
            plan.ApprovalsOfCallers.Add(CallerKey!);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var caller = context.Caller;
            List<AgentKey> dead = [.. rows.Keys.Rows
                .Where(key => key.AgentId == caller.Id && (only is null || key.Id == only)).OrderBy(key => key.Id)];
            if (only is not null && dead.Count == 0) return Refusal.NotFound;
            var decision = new Decision();
            int sequence = caller.Sequence;
            foreach (var key in dead)
                decision.Remove(key).Tell(new Fact(
                    FactType.KeyRevoked, caller.Id, ++sequence, context.NowUs,
                    new FactData { AgentId = caller.Id, KeyId = key.Id }, [caller.Id]));
            foreach (var approval in rows.Approvals.Rows.Where(one => dead.Exists(key => key.Id == one.KeyId)))
                decision.Remove(approval);
            if (dead.Count > 0) decision.Put(caller with { Sequence = sequence });
            return new Ruling(decision, Answers.Ok(
                new RevokedKeys { Revoked = [.. dead.Select(key => Id.Format(Id.Key, key.Id))] },
                VoxPactJson.Wire.EnvelopeRevokedKeys));
        }
    }
}
