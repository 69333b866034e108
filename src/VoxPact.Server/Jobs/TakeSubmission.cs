using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Jobs;

/// <summary>
/// Takes a worker's deliverable, however it was sent. What code can decide is decided here, free, and refused as a 400
/// that is not counted; only what passes is kept and judged.
/// </summary>
/// <param name="sent">The files in it, when it was sent as a file.</param>
internal sealed class TakeSubmission(
    Guid jobId, Deliverable deliverable, string? message, IReadOnlyList<DeliveredFile>? sent = null) : Command
{
    public override void Need(LoadPlan plan)
    {
        plan.Jobs.Add(jobId);
        plan.Terms.Add(jobId);
        plan.Files.Add(jobId);
    }

    public override Ruling Decide(Snapshot rows, DecisionContext context)
    {
        if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
        var by = job.PartyOf(context.Caller.Id);
        if (JobRules.Check(job, JobCommand.Submit, by) is { } notNow) return notNow;
        var uploaded = JobFile.HandedIn(rows.Files.Rows.Where(file => file.JobId == jobId), context.Caller.Id);
        if (Check(job, rows.Terms.Find(jobId)!, uploaded) is { } unfit) return unfit;
        var outcome = JobLifecycle.Submit(job, by, new Submission
        {
            JobId = jobId,
            Number = job.Submissions + 1,
            Deliverable = deliverable.ToJson(),
            Hash = deliverable.Hash,
            Message = message,
            CreatedUs = context.NowUs,
            Files = uploaded.Count == 0
                ? null
                : string.Join(' ', uploaded.Select(file => Id.Format(Id.File, file.Id))),
        }, rows.ContextFor(job, context) with { WorkerTrust = context.Caller.TrustScore });
        if (outcome.Refusal is { } refusal) return refusal;
        var taken = outcome.Decision!;
        return new Ruling(taken, JobView.Answer(taken.Job, context.Policy, rows.Terms.Find(jobId)));
    }

    private Refusal? Check(Job job, JobTerms terms, IReadOnlyList<JobFile> uploaded)
    {
        if (deliverable.NeverPaid([job.Title, terms.Description, terms.TaskSpec ?? ""]) is { } reason)
            return Refusal.Invalid("deliverable", reason);
        if (terms.Acceptance is null) return null;
        List<DeliveredFile> files = [.. sent ?? [], .. uploaded.Select(file => file.AsDelivered())];
        var failed = Acceptance.Stored(terms.Acceptance).Evaluate(deliverable, files).Where(result => !result.Passed)
            .GroupBy(result => $"deliverable.{result.Check}")
            .ToDictionary(group => group.Key, group => group.Select(result => result.Reason).ToArray());
        return failed.Count == 0 ? null : Refusal.Invalid(failed);
    }
}
