using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>The operator, as arbiter, ends a dispute for one side, or divides the escrow.</summary>
internal static class ResolveDispute
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.ResolveDisputeRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        string outcome = errors.OneOf("outcome", request!.Outcome, "release", "refund", "split");
        string reason = errors.Text("reason", request.Reason, Limits.ReasonChars);
        Money? split = null;
        if (outcome == "split")
        {
            if (request.Amount is { } part) split = errors.Amount("amount", part, call.Deployment.Policy);
            else errors.Add("amount", "A split needs an amount: what the worker's side gets.");
        }
        else if (request.Amount is not null)
            errors.Add("amount", "Only a split has an amount; leave it out.");
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        if (await call.RefuseUnlessOperatorAsync() is { } notOperator) return Reply.Refused(notOperator);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(
            new Command(call.PathId(Id.Job), outcome == "release", split, reason)
            {
                OperatorKey = call.CallerKey,
                Idempotency = claim,
            });
    }

    internal sealed class Command(Guid jobId, bool release, Money? split, string reason) : OperatorCommand(
        new OperatorAct("resolve_dispute", new FactData { JobId = jobId }, reason))
    {
        protected override void NeedToAct(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.OwnersOfJobs.Add(jobId);
        }

        protected override Ruling Act(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            var scene = rows.ContextFor(job, context);
            var outcome = split is { } part
                ? JobLifecycle.ResolveBySplit(job, Party.Arbiter, part, scene)
                : JobLifecycle.Resolve(job, Party.Arbiter, release, scene);
            if (outcome.Refusal is { } refusal) return refusal;
            var decision = outcome.Decision!;
            decision.Add(new JobNote
            {
                JobId = jobId,
                Sequence = decision.Facts.First(fact => fact.Type is FactType.DisputeResolved
                    or FactType.DisputeDecided).Sequence,
                Text = reason,
            });
            return new Ruling(decision, JobView.Answer(decision.Job, context.Policy));
        }
    }
}
