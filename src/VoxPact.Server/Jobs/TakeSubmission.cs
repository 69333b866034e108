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
    private static readonly Refusal s_copied = new(RefusalCode.CopiedWork,
        "This is the very work that you delivered to another buyer for another task; send work made for this job. "
        + "The attempt is not counted.");

    private readonly byte[]? _print = DeliveredWork.PrintOf(deliverable);

    /// <summary>Why a deliverable was not taken; one that is too large is answered as any such body.</summary>
    public static Refusal Unfit(string problem) => problem == Deliverable.TooLarge
        ? new Refusal(RefusalCode.PayloadTooLarge, problem)
        : Refusal.Invalid("deliverable", problem);

    public override void Need(LoadPlan plan)
    {
        if (_print is not null) plan.Delivered.Add((jobId, _print));
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
        var (first, copied) = Compare(rows, job, context);
        // With other files beside it, the same text may be another work: then the judges' own comparison decides.
        if (uploaded.Count > 0) (first, copied) = (null, null);
        if (copied is not null) return copied;
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
        if (first is not null) taken.Add(first);
        return new Ruling(taken, JobView.Answer(taken.Job, context.Policy, rows.Terms.Find(jobId)));
    }

    /// <summary>The work's print to keep when it is new, or the refusal when it was sold before.</summary>
    private (DeliveredWork? First, Refusal? Copied) Compare(Snapshot rows, Job job, DecisionContext context)
    {
        if (_print is null) return (null, null);
        byte[] task = DeliveredWork.TaskOf(job, rows.Terms.Find(jobId)!);
        if (rows.Delivered.Find(DeliveredWork.KeyOf(context.Caller.Id, _print)) is { } before)
            return (null, before.IsSoldAgain(job, task) ? s_copied : null);
        return (new DeliveredWork
        {
            Worker = context.Caller.Id,
            Print = _print,
            JobId = jobId,
            BuyerOwner = job.BuyerOwner,
            Task = task,
            AtUs = context.NowUs,
        }, null);
    }

    private Refusal? Check(Job job, JobTerms terms, IReadOnlyList<JobFile> uploaded)
    {
        string[] texts = [job.Title, terms.Description, terms.TaskSpec ?? ""];
        if (deliverable.NeverPaid(texts, uploaded.Count > 0) is { } reason)
            return Refusal.Invalid("deliverable", reason);
        if (terms.Acceptance is null) return null;
        List<DeliveredFile> files = [.. sent ?? [], .. uploaded.Select(file => file.AsDelivered())];
        var failed = Acceptance.Stored(terms.Acceptance).Evaluate(deliverable, files)
            .Where(result => !result.Passed)
            .GroupBy(result => $"deliverable.{result.Check}")
            .ToDictionary(group => group.Key, group => group.Select(result => result.Reason).ToArray());
        return failed.Count == 0 ? null : Refusal.Invalid(failed);
    }
}
