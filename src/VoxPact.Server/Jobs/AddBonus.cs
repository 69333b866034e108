using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Payments;
using Operation = VoxPact.Domain.Ledger.Operation;

namespace VoxPact.Server.Jobs;

/// <summary>The buyer adds to a completed job from their balance; each bonus is an operation of its own.</summary>
internal static class AddBonus
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.BonusRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        var amount = errors.Amount("amount", request!.Amount, call.Deployment.Policy);
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(call.PathId(Id.Job), amount, Id.New(call.Deployment.Clock.NowUs))
        { CallerKey = call.CallerKey, Idempotency = claim });
    }

    internal sealed class Command(Guid jobId, Money amount, Guid id) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.OwnersOfJobs.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            var bonus = new Operation
            {
                Id = id,
                Kind = OperationKind.Bonus,
                OwnerId = job.BuyerOwner,
                Amount = amount,
                Body = "",
                State = OperationState.Done,
                CreatedUs = context.NowUs,
                SettledUs = context.NowUs,
                ParentId = jobId,
            };
            var outcome = JobLifecycle.Bonus(
                job, job.PartyOf(context.Caller.Id), bonus, rows.ContextFor(job, context));
            return outcome.Refusal is { } refusal
                ? refusal
                : new Ruling(outcome.Decision!, Answers.Created(
                    MoneyView.Of(bonus, context.Policy), VoxPactJson.Wire.EnvelopeMoneyOperation));
        }
    }
}
