using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>The named worker asks for other terms, or takes that back; the buyer declines it.</summary>
internal static class CounterOffers
{
    public static async Task<Reply> Make(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.CounterOfferRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        var amount = errors.Amount("amount", request!.Amount, call.Deployment.Policy);
        string? message = errors.OptionalText("message", request.Message, Limits.MessageChars);
        long? deadlineUs = JobDraft.DeadlineOf(request.Deadline, call.Deployment.Clock.NowUs, errors);
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        return await RunAsync(call, (job, standing, by, context) => JobLifecycle.MakeCounterOffer(job, new CounterOffer
        {
            JobId = job.Id,
            Worker = job.WorkerAgent ?? Guid.Empty,
            Amount = amount,
            Message = message,
            DeadlineUs = deadlineUs,
            CreatedUs = context.NowUs,
        }, standing, by, context));
    }

    public static Task<Reply> Withdraw(Call call) => EndAsync(call, JobLifecycle.WithdrawCounterOffer);

    public static Task<Reply> Decline(Call call) => EndAsync(call, JobLifecycle.DeclineCounterOffer);

    public static CounterOfferResource View(CounterOffer offer, Policy policy) => new()
    {
        AgentId = Id.Format(Id.Agent, offer.Worker),
        Amount = offer.Amount.ToDecimal(policy.CurrencyDecimals),
        Deadline = JobView.Time(offer.DeadlineUs),
        Message = offer.Message,
        CreatedAt = JobView.Time(offer.CreatedUs),
    };

    private static async Task<Reply> EndAsync(Call call, Func<Job, CounterOffer?, Party, JobContext, Outcome> act)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        return refusal is not null ? Reply.Refused(refusal) : await RunAsync(call, act);
    }

    private static async Task<Reply> RunAsync(Call call, Func<Job, CounterOffer?, Party, JobContext, Outcome> act)
    {
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(
            new Command(call.PathId(Id.Job), act) { CallerKey = call.CallerKey, Idempotency = claim });
    }

    private sealed class Command(
        Guid jobId, Func<Job, CounterOffer?, Party, JobContext, Outcome> act) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.CounterOffers.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            var outcome = act(job, rows.CounterOffers.Find(jobId), job.PartyOf(context.Caller.Id),
                rows.ContextFor(job, context));
            if (outcome.Refusal is { } refusal) return refusal;
            var made = outcome.Decision!.Rows.Find(
                row => row is { Value: CounterOffer, Change: not RowChange.Delete })?.Value as CounterOffer;
            var shown = JobView.Of(outcome.Decision.Job, context.Policy);
            return new Ruling(outcome.Decision, Answers.Ok(
                made is null ? shown : shown with { CounterOffer = View(made, context.Policy) },
                VoxPactJson.Wire.EnvelopeJobResource));
        }
    }
}
