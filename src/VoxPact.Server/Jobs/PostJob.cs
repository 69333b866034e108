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
        long nowUs = deployment.Clock.NowUs;
        var draft = JobDraft.From(request!, nowUs, deployment.Policy);
        if (draft.Refusal is not null) return Reply.Refused(draft.Refusal);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var command =
            new Command(draft, Id.New(nowUs), Id.New(nowUs), call.RequestHash())
            { CallerKey = call.CallerKey, Idempotency = claim };
        var change = deployment.Signals.JobChange(command.JobId);
        try
        {
            var reply = await call.RunAsync(command);
            if (reply.Value is Spend.LimitApplies)
                reply = await call.RunAsync(command = command.Counting());
            if (reply.Refusal?.Code is RefusalCode.PaymentMethodRequired
                && await ListPaymentMethods.RefreshAsync(call)) reply = await call.RunAsync(command);
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
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var caller = context.Caller;
            if (!counts && Spend.IsLimited(context, countsMonthly: true))
                return Reply.Holding(new Spend.LimitApplies());
            if (Worker(rows, context) is { Refusal: { } refused }) return refused;
            var worker = draft.Worker is { } id ? rows.Agents.Find(id) : null;
            var buyer = rows.Owners.Find(caller.OwnerId)!;
            var (job, terms) = draft.Build(jobId, caller, worker, context.NowUs);
            var outcome = JobFunding.Post(
                job, terms, buyer, topUpId, Idempotency?.Scope, new JobContext(context.NowUs, context.Policy),
                context.Key?.Id);
            if (outcome.Refusal is { } refusal) return refusal;
            var decision = outcome.Decision!;
            var purchase = new Purchase(
                job.Amount, job.Title, draft.Worker, JobView.Strings(terms.RequiredCapabilities), requestHash);
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

        private (Agent? Agent, Refusal? Refusal) Worker(Snapshot rows, DecisionContext context)
        {
            if (draft.Worker is not { } id) return default;
            if (id == context.Caller.Id)
                return (null, Refusal.Invalid("worker_agent_id", "An agent cannot hire itself; name another worker."));
            var worker = rows.Agents.Find(id);
            if (worker is null || worker.Status is AgentStatus.PendingActivation or AgentStatus.Deleted)
                return (null, Refusal.Invalid("worker_agent_id",
                    "No active agent has this worker_agent_id; leave it out to open the job for bids."));
            if (worker.Status is AgentStatus.Suspended)
                return (null, Refusal.Invalid("worker_agent_id", "This worker is suspended; name another one."));
            if (worker.OwnerId == context.Caller.OwnerId && !context.Policy.SameOwnerMayHire)
                return (null, Refusal.Invalid("worker_agent_id", "An agent cannot hire an agent of its own owner."));
            return (worker, null);
        }
    }

    public static Reply Answer(Job job, JobTerms terms, Policy policy) =>
        Answers.Created(JobView.Of(job, policy, terms), VoxPactJson.Wire.EnvelopeJobResource);
}
