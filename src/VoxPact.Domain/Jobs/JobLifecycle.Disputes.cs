using VoxPact.Domain.Facts;
using VoxPact.Domain.Verdicts;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Jobs;

/// <content>
/// Disputes: evidence, the arbiter's decision, one appeal by who lost, and only then the money. Every entry into
/// <see cref="JobState.Disputed"/>, the decision's and the appeal's too, sets the one due time anew.
/// </content>
public static partial class JobLifecycle
{
    public static Outcome Dispute(Job job, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Dispute, by) is { } refusal) return refusal;
        if (job.State is JobState.Active && job.Submissions == 0)
            return Refusal.WrongState(
                "Nothing was submitted yet, so there is nothing to dispute; cancel the job instead.");
        return ToArbiter(new JobStep(job, context), by, context).Done();
    }

    /// <summary>A party lays something before the arbiter; the other one is told.</summary>
    /// <param name="known">How much the same party has laid before already.</param>
    public static Outcome AddEvidence(Job job, Evidence evidence, int known, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.AddEvidence, by) is { } refusal) return refusal;
        if (known >= Limits.EvidencePerParty)
            return Refusal.WrongState(
                $"You have added evidence {Limits.EvidencePerParty} times, which is the most; what is there counts.");
        var step = new JobStep(job, context);
        step.Decision.Add(evidence);
        // More may follow: what comes within a few minutes is read together.
        Advise(step, context.NowUs + JobTimes.EvidenceUs);
        return step.Tell(FactType.DisputeEvidence,
            new FactData { By = JobWords.Of(by), AgentId = evidence.Agent, EvidenceId = evidence.Id },
            by is Party.Buyer ? job.WorkerAgent : job.BuyerAgent).Done();
    }

    /// <summary>The worker gives in: the buyer gets the escrow back.</summary>
    public static Outcome Concede(Job job, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Concede, by) is { } refusal) return refusal;
        return new JobStep(job, context)
            .TellBoth(FactType.DisputeResolved, new FactData { Outcome = "refund", By = JobWords.Of(by) })
            .Refund(ClosedReason.Dispute)
            .Done();
    }

    /// <summary>The arbiter decides a dispute for the worker (<paramref name="release"/>) or for the buyer.</summary>
    public static Outcome Resolve(Job job, Party by, bool release, JobContext context) =>
        Decide(job, by, release ? DisputeRuling.Release : DisputeRuling.Refund, Money.Zero, context);

    /// <summary>The arbiter gives a part of the escrow to the worker's side and the rest back to the buyer.</summary>
    public static Outcome ResolveBySplit(Job job, Party by, Money toWorkerSide, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Resolve, by) is { } refusal) return refusal;
        if (toWorkerSide <= Money.Zero || toWorkerSide >= job.Escrow)
            return Refusal.Invalid("amount",
                $"A split gives the worker's side more than 0 and less than {context.Policy.Show(job.Escrow)}; "
                + "release or refund gives everything to one side.");
        return Decide(job, by, DisputeRuling.Split, toWorkerSide, context);
    }

    /// <summary>Who lost asks the arbiter to look again, once and in time; the next decision is final.</summary>
    public static Outcome Appeal(Job job, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Appeal, by) is { } refusal) return refusal;
        if (job.AppealedBy is not Party.None)
            return new Refusal(RefusalCode.AlreadyDone,
                "This dispute was appealed already; the operator's next decision is final.");
        if (job.Ruling is not { } ruling)
            return Refusal.WrongState("Nothing is decided yet; add evidence with POST /v1/jobs/{id}/evidence instead.");
        if (context.NowUs >= job.DueUs)
            return Refusal.WrongState("The time for an appeal is over; the decision stands.");
        bool hasLost = ruling switch
        {
            DisputeRuling.Release => by is Party.Buyer,
            DisputeRuling.Refund => by is Party.Worker,
            DisputeRuling.Split => true,
        };
        if (!hasLost) return Refusal.Forbidden("The decision is in your favour; only who lost may appeal.");
        var step = new JobStep(job, context);
        Advise(step, context.NowUs);
        return step
            .Change(j => j with { AppealedBy = by })
            .Enter(JobState.Disputed, context.NowUs + JobTimes.DisputedUs)
            .TellBoth(FactType.DisputeAppealed, new FactData { By = JobWords.Of(by), Outcome = JobWords.Of(ruling) })
            .Done();
    }

    /// <summary>What 14 days of an arbiter's silence do: silence never pays work that failed or is suspect.</summary>
    public static bool SilentArbiterPays(Job job) => job.Verdict is not (VerdictOutcome.Fail or VerdictOutcome.Suspect);

    private static Outcome Decide(Job job, Party by, DisputeRuling ruling, Money toWorkerSide, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Resolve, by) is { } refusal) return refusal;
        bool isAppealed = job.AppealedBy is not Party.None;
        if (job.Ruling is { } standing && !isAppealed)
            return Refusal.WrongState($"This dispute is decided already ({JobWords.Of(standing)}); it is done when the "
                + "time for an appeal is over, and only an appeal opens it again.");
        var step = new JobStep(job with { Ruling = ruling, RulingToWorker = toWorkerSide }, context);
        if (isAppealed || context.Policy.AppealUs == 0) return Execute(step, by, ruling).Done();
        return step
            .Enter(JobState.Disputed, context.NowUs + context.Policy.AppealUs)
            .TellBoth(FactType.DisputeDecided, new FactData
            {
                Outcome = JobWords.Of(ruling),
                By = JobWords.Of(by),
                AmountMinor = ruling is DisputeRuling.Split ? toWorkerSide.Minor : null,
            })
            .Done();
    }

    private static JobStep Execute(JobStep step, Party by, DisputeRuling ruling) => ruling is DisputeRuling.Split
        ? step
            .TellBoth(FactType.DisputeResolved, new FactData { Outcome = "split", By = JobWords.Of(by) })
            .Split(step.Job.RulingToWorker)
        : Resolved(step, by, ruling is DisputeRuling.Release);

    private static JobStep ToArbiter(JobStep step, Party by, JobContext context)
    {
        Advise(step, context.NowUs);
        return step
            .Enter(JobState.Disputed, context.NowUs + JobTimes.DisputedUs)
            .TellBoth(FactType.JobDisputed, new FactData { By = JobWords.Of(by) });
    }

    /// <summary>A third opinion for the arbiter, about the newest work.</summary>
    private static void Advise(JobStep step, long dueUs)
    {
        if (step.Job.Submissions > 0)
            step.Decision.Later(new WorkItem(WorkKind.AdviseArbiter, step.Job.Id, dueUs, step.Job.Submissions));
    }

    private static JobStep Resolved(JobStep step, Party by, bool release)
    {
        step.TellBoth(FactType.DisputeResolved,
            new FactData { Outcome = release ? "release" : "refund", By = JobWords.Of(by) });
        return release ? step.Release(ClosedReason.DisputeReleased) : step.Refund(ClosedReason.Dispute);
    }
}
