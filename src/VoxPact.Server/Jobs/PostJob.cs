using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Payments;

namespace VoxPact.Server.Jobs;

/// <summary>Posts a job: its money is held at once, or charged to the card first, or there is no job.</summary>
internal static class PostJob
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.PostJobRequest, Limits.BodyBytes * 3);
        if (refusal is not null) return Reply.Refused(refusal);
        var deployment = call.Deployment;
        var draft = JobDraft.From(request!, deployment.Clock.NowUs, deployment.Policy);
        if (draft.Refusal is not null) return Reply.Refused(draft.Refusal);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await RunAsync(
            call, draft, claim, call.RequestHash(), () => ListPaymentMethods.RefreshAsync(call));
    }

    /// <summary>Posts a draft that is well-formed, and waits for its money.</summary>
    /// <param name="requestHash">Which request it is, where the owner must approve it.</param>
    /// <param name="refreshCards">Asks the provider for cards not told of yet; false when it cannot.</param>
    public static async Task<Reply> RunAsync(
        Call call, JobDraft draft, IdempotencyClaim? claim, byte[] requestHash, Func<Task<bool>> refreshCards)
    {
        var deployment = call.Deployment;
        long nowUs = deployment.Clock.NowUs;
        var command =
            new Command(draft, Id.New(nowUs), Id.New(nowUs), requestHash)
            { CallerKey = call.CallerKey, Idempotency = claim };
        var change = deployment.Signals.Change(command.JobId);
        try
        {
            var reply = await call.RunAsync(command);
            if (reply.Value is Spend.LimitApplies)
                reply = await call.RunAsync(command = command.Counting());
            if (reply.Refusal?.Code is RefusalCode.PaymentMethodRequired
                && await refreshCards()) reply = await call.RunAsync(command);
            return reply.Value is FundingWait.Waiting waiting
                ? await FundingWait.ForAsync(deployment, waiting, change, call.Aborted)
                : reply;
        }
        finally
        {
            deployment.Signals.Forget(command.JobId);
        }
    }

    internal sealed class Command(
        JobDraft draft, Guid jobId, Guid topUpId, byte[] requestHash, bool counts = false) : Engine.Command
    {
        public Guid JobId => jobId;
        public override bool ChangesCaller => counts;

        /// <summary>The same post, counted against the caller's limits.</summary>
        public Command Counting() =>
            new(draft, jobId, topUpId, requestHash, counts: true) { CallerKey = CallerKey, Idempotency = Idempotency };

        public override void Need(LoadPlan plan)
        {
            plan.OwnersOfCallers.Add(CallerKey!);
            if (counts) plan.ApprovalsOfCallers.Add(CallerKey!);
            if (draft.Worker is { } worker) plan.Agents.Add(worker);
            if (draft.Fallback is { } fallback) plan.Agents.Add(fallback);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var caller = context.Caller;
            if (!counts && Spend.IsLimited(context, countsMonthly: true))
                return Reply.Holding(new Spend.LimitApplies());
            if ((Named(rows, context, "worker_agent_id", draft.Worker)
                ?? Named(rows, context, "fallback_worker_agent_id", draft.Fallback)) is { } refused) return refused;
            var worker = draft.Worker is { } id ? rows.Agents.Find(id) : null;
            var fallback = draft.Fallback is { } second ? rows.Agents.Find(second) : null;
            var buyer = rows.Owners.Find(caller.OwnerId)!;
            var (job, terms) = draft.Build(jobId, caller, worker, fallback, context.NowUs);
            var outcome = JobFunding.Post(
                job, terms, buyer, topUpId, Idempotency?.Scope, new JobContext(context.NowUs, context.Policy),
                context.Key?.Id, draft.Whole == job.Amount ? null : draft.Whole);
            if (outcome.Refusal is { } refusal) return refusal;
            var decision = outcome.Decision!;
            foreach (var part in draft.PartsOf(jobId)) decision.Add(part);
            var purchase = new Purchase(
                draft.Whole, job.Title, draft.Worker, JobView.Strings(terms.RequiredCapabilities), requestHash);
            if (context.Key is { } named && draft.Fallback is not null
                && Spend.OutsideOf(named, purchase with { Worker = draft.Fallback }) is { } outside) return outside;
            if (counts && Spend.Count(decision, rows, context, purchase, countsMonthly: true) is { } instead)
                return instead;
            if (decision.Job.State is JobState.Funding)
            {
                var request = (FundingRequest)decision.Rows.First(row => row.Value is FundingRequest).Value;
                var waiting = new FundingWait.Waiting(jobId, caller.Id, request.TopUpId, request.IdempotencyScope);
                return new Ruling(decision, Reply.Holding(waiting)) { IsPending = true };
            }
            return new Ruling(decision, Answer(decision.Job, terms, context.Policy));
        }

        /// <summary>
        /// Why an agent that the post names may not be hired; null when it may, or when none is
        /// named.
        /// </summary>
        private static Refusal? Named(Snapshot rows, DecisionContext context, string field, Guid? named)
        {
            if (named is not { } id) return null;
            if (id == context.Caller.Id)
                return Refusal.Invalid(field, "An agent cannot hire itself; name another worker.");
            var worker = rows.Agents.Find(id);
            if (worker is null || worker.Status is AgentStatus.PendingActivation or AgentStatus.Deleted)
                return Refusal.Invalid(field,
                    $"No active agent has this {field}; leave it out to open the job for bids.");
            if (worker.Status is AgentStatus.Suspended)
                return Refusal.Invalid(field, "This worker is suspended; name another one.");
            if (worker.OwnerId == context.Caller.OwnerId && !context.Policy.SameOwnerMayHire)
                return Refusal.Invalid(field, "An agent cannot hire an agent of its own owner.");
            return null;
        }
    }

    public static Reply Answer(Job job, JobTerms terms, Policy policy) =>
        Answers.Created(JobView.Of(job, policy, terms), VoxPactJson.Wire.EnvelopeJobResource);
}
