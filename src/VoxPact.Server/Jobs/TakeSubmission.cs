using System.Diagnostics;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>
/// Takes a worker's deliverable, however it was sent. What code can decide is decided here, free, and refused as a 400
/// that is not counted; only what passes is kept and judged. A job's criteria can take long to evaluate: they are read
/// in a first run, evaluated beside the engine, and what they said is brought along in a second one.
/// </summary>
/// <param name="sent">The files in it, when it was sent as a file.</param>
internal sealed class TakeSubmission(
    Guid jobId, Deliverable deliverable, string? message, IReadOnlyList<DeliveredFile>? sent = null) : Command
{
    private static readonly Refusal s_copied = new(RefusalCode.CopiedWork,
        "This is the very work that you delivered to another buyer for another task; send work made for this job. "
        + "The attempt is not counted.");

    /// <summary>Patterns are run by so many requests at once; whoever else brings some waits.</summary>
    private static readonly SemaphoreSlim s_places = new(Math.Max(1, Environment.ProcessorCount / 2));

    private readonly byte[]? _print = DeliveredWork.PrintOf(deliverable);

    private Evaluated? _evaluated;

    /// <summary>What the criteria say of these files and the work: the refusal, or null when they hold.</summary>
    private sealed record Evaluated(Criteria Criteria, Refusal? Refusal);

    /// <summary>The criteria as they were fixed, and the files that were handed in, as they are stored.</summary>
    private sealed record Criteria(string Acceptance, string Uploaded, IReadOnlyList<DeliveredFile> Files)
    {
        public bool IsAs(Criteria other) => Acceptance == other.Acceptance && Uploaded == other.Uploaded;
    }

    /// <summary>Runs it for a request, with the criteria evaluated on the way when the job has some.</summary>
    public async Task<Reply> RunAsync(Call call)
    {
        var command = this;
        while (true)
        {
            var reply = await call.RunAsync(command);
            if (reply.Value is not Criteria criteria) return reply;
            command = new TakeSubmission(jobId, deliverable, message, sent)
            {
                CallerKey = CallerKey,
                Idempotency = Idempotency,
                _evaluated = new Evaluated(criteria, await EvaluateAsync(criteria, call.Aborted)),
            };
        }
    }

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
        var terms = rows.Terms.Find(jobId)!;
        string[] texts = [job.Title, terms.Description, terms.TaskSpec ?? ""];
        if (deliverable.NeverPaid(texts, uploaded.Count > 0) is { } reason)
            return Refusal.Invalid("deliverable", reason);
        string? handedIn = uploaded.Count == 0
            ? null
            : string.Join(' ', uploaded.Select(file => Id.Format(Id.File, file.Id)));
        if (terms.Acceptance is { } acceptance)
        {
            var criteria = new Criteria(
                acceptance, handedIn ?? "", [.. sent ?? [], .. uploaded.Select(file => file.AsDelivered())]);
            if (_evaluated is null || !_evaluated.Criteria.IsAs(criteria)) return Reply.None with { Value = criteria };
            if (_evaluated.Refusal is { } unfit) return unfit;
        }
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
            Files = handedIn,
        }, rows.ContextFor(job, context) with { WorkerTrust = context.Caller.TrustScore });
        if (outcome.Refusal is { } refusal) return refusal;
        var taken = outcome.Decision!;
        if (first is not null) taken.Add(first);
        return new Ruling(taken, JobView.Answer(taken.Job, context.Policy, terms));
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

    private async Task<Refusal?> EvaluateAsync(Criteria criteria, CancellationToken stop)
    {
        var acceptance = Acceptance.Stored(criteria.Acceptance);
        await s_places.WaitAsync(stop);
        try
        {
            // Not on this thread: it may serve others meanwhile.
            long since = Stopwatch.GetTimestamp();
            bool hasTime() => Stopwatch.GetElapsedTime(since).TotalMilliseconds < Limits.PatternsMilliseconds;
            var failed = await Task.Run(() => acceptance.Evaluate(deliverable, criteria.Files, hasTime)
                .Where(result => !result.Passed)
                .GroupBy(result => $"deliverable.{result.Check}")
                .ToDictionary(group => group.Key, group => group.Select(result => result.Reason).ToArray()), stop);
            return failed.Count == 0 ? null : Refusal.Invalid(failed);
        }
        finally
        {
            s_places.Release();
        }
    }
}
