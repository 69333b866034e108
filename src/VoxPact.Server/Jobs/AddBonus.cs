using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Agents;
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
        Command Ask(bool counts) =>
            new(call.PathId(Id.Job), amount, Id.New(call.Deployment.Clock.NowUs), call.RequestHash(), counts)
            { CallerKey = call.CallerKey, Idempotency = claim };
        var reply = await call.RunAsync(Ask(counts: false));
        return reply.Value is Spend.LimitApplies ? await call.RunAsync(Ask(counts: true)) : reply;
    }

    internal sealed class Command(Guid jobId, Money amount, Guid id, byte[] requestHash, bool counts) : Engine.Command
    {
        public override bool ChangesCaller => counts;

        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.OwnersOfJobs.Add(jobId);
            if (!counts) return;
            plan.Terms.Add(jobId);
            plan.ApprovalsOfCallers.Add(CallerKey!);
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
            if (outcome.Refusal is { } refusal) return refusal;
            if (!counts && Spend.IsLimited(context, countsMonthly: false))
                return Reply.Holding(new Spend.LimitApplies());
            if (counts && Spend.Count(outcome.Decision!, rows, context, new Purchase(amount, job.Title, job.WorkerAgent,
                JobView.Strings(rows.Terms.Find(jobId)!.RequiredCapabilities), requestHash), countsMonthly: false)
                is { } instead) return instead;
            return new Ruling(outcome.Decision!, Answers.Created(
                MoneyView.Of(bonus, context.Policy), VoxPactJson.Wire.EnvelopeMoneyOperation));
        }
    }
}
