using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Agents;

/// <summary>
/// Whoever manages the agent answers a key that wants to spend more than it may alone: yes lets that very request
/// through one time, no forgets it.
/// </summary>
internal static class DecideApproval
{
    public static Task<Reply> Approve(Call call) => RunAsync(call, approves: true);

    public static Task<Reply> Refuse(Call call) => RunAsync(call, approves: false);

    private static async Task<Reply> RunAsync(Call call, bool approves)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(call.PathId(Id.Approval), approves)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class Command(Guid id, bool approves) : Engine.Command
    {
        public override bool ChangesCaller => true;

        public override void Need(LoadPlan plan) => plan.ApprovalsOfCallers.Add(CallerKey!);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var caller = context.Caller;
            if (rows.Approvals.Find(id) is not { } approval || approval.AgentId != caller.Id
                || approval.ExpiresUs <= context.NowUs) return Refusal.NotFound;
            if (approves && approval.KeyId == context.Key?.Id)
                return Refusal.Forbidden(
                    "A key cannot approve what it asked for itself; use another key of the agent.");
            if (approves && approval.State is ApprovalState.Approved)
                return new Refusal(RefusalCode.AlreadyDone,
                    "This was approved already and was not used yet: have the key send its request again.");
            var told = caller with { Sequence = caller.Sequence + 1 };
            var decided = approval with
            {
                State = approves ? ApprovalState.Approved : approval.State,
                ExpiresUs = approves ? context.NowUs + KeySpending.ApprovalUs : approval.ExpiresUs,
            };
            var decision = new Decision().Put(told).Tell(new Fact(
                FactType.ApprovalDecided, caller.Id, told.Sequence, context.NowUs, new FactData
                {
                    AgentId = caller.Id,
                    KeyId = approval.KeyId,
                    ApprovalId = id,
                    AmountMinor = approval.Amount.Minor,
                    Outcome = approves ? "approved" : "refused",
                }, [caller.Id]));
            if (approves) decision.Put(decided);
            else decision.Remove(approval);
            return new Ruling(decision, Answers.Ok(
                KeyView.Of(decided, context.Policy, isRefused: !approves), VoxPactJson.Wire.EnvelopeApprovalResource));
        }
    }
}
