using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>
/// Submits a deliverable. What code can decide is decided here and now, free, and refused as a 400 that is not
/// counted; only what passes is kept and judged.
/// </summary>
internal static class SubmitJob
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.SubmitRequest, Limits.SubmitBodyBytes);
        if (refusal is not null) return Reply.Refused(refusal);
        if (!Deliverable.TryParse(request!.Deliverable, out var deliverable, out string? problem))
            return Reply.Refused(Refusal.Invalid("deliverable", problem));
        if (request.Message?.Length > Limits.MessageChars)
            return Reply.Refused(
                Refusal.Invalid("message", $"message may have at most {Limits.MessageChars} characters."));
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(call.PathId(Id.Job), deliverable!, request.Message)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class Command(Guid jobId, Deliverable deliverable, string? message) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.Terms.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            var by = job.PartyOf(context.Caller.Id);
            if (JobRules.Check(job, JobCommand.Submit, by) is { } notNow) return notNow;
            if (Check(job, rows.Terms.Find(jobId)!) is { } unfit) return unfit;
            var outcome = JobLifecycle.Submit(job, by, new Submission
            {
                JobId = jobId,
                Number = job.Submissions + 1,
                Deliverable = deliverable.ToJson(),
                Hash = deliverable.Hash,
                Message = message,
                CreatedUs = context.NowUs,
            }, rows.ContextFor(job, context));
            return outcome.Refusal is { } refusal
                ? refusal
                : new Ruling(outcome.Decision, JobView.Answer(outcome.Decision!.Job, context.Policy));
        }

        private Refusal? Check(Job job, JobTerms terms)
        {
            if (deliverable.NeverPaid([job.Title, terms.Description, terms.TaskSpec ?? ""]) is { } reason)
                return Refusal.Invalid("deliverable", reason);
            if (terms.Acceptance is null) return null;
            var failed = Acceptance.Stored(terms.Acceptance).Evaluate(deliverable).Where(result => !result.Passed)
                .GroupBy(result => $"deliverable.{result.Check}")
                .ToDictionary(group => group.Key, group => group.Select(result => result.Reason).ToArray());
            return failed.Count == 0 ? null : Refusal.Invalid(failed);
        }
    }
}
