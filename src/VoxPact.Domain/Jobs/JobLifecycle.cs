using System.Text.Json;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Verdicts;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// THE state machine: what a job can become, and nothing else decides it. Every function is pure: it takes the job
/// as it is and returns what changes, or a refusal that changes nothing. <see cref="JobRules"/> says who may ask.
/// </summary>
public static partial class JobLifecycle
{
    /// <summary>A new job waits for its buyer's card to be charged, for a while and never past its deadline.</summary>
    public static Decision AwaitFunding(Job job, JobContext context) => new JobStep(job, context)
        .Enter(JobState.Funding, job.Part is { IsLater: true }
            ? context.NowUs + JobTimes.StaleUs
            : Math.Min(context.NowUs + JobTimes.FundingUs, job.DeadlineUs ?? long.MaxValue))
        .Done();

    /// <summary>The money of a later part is not there: both are told, and it waits for any.</summary>
    public static Decision WantForMoney(Job part, FactData failed, JobContext context) =>
        new JobStep(part, context).TellBoth(FactType.PaymentFailed, failed).Done();

    /// <summary>A later part whose buyer or worker is no longer there ends as it begins, nothing held.</summary>
    public static Decision DropPart(Job part, JobContext context) =>
        new JobStep(part, context).Refund(ClosedReason.Cancelled).Done();

    /// <summary>The charge that a job waited for was declined, and its buyer already knows the job.</summary>
    public static Decision FailFunding(Job job, FactData failed, JobContext context) => new JobStep(job, context)
        .Tell(FactType.PaymentFailed, failed, job.BuyerAgent)
        .Refund(ClosedReason.PaymentFailed)
        .Done();

    /// <summary>A deliverable came; submitting an offered job accepts it in the same step.</summary>
    public static Outcome Submit(Job job, Party by, Submission submission, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Submit, by) is { } refusal) return refusal;
        if (job.SubmissionsLeft == 0)
            return new Refusal(RefusalCode.NoSubmissionsLeft,
                "All submissions of this job are used up; dispute the last verdict if it was wrong.");
        var step = new JobStep(job, context);
        if (job.State is JobState.Offered) Accepted(step, context);
        int number = job.Submissions + 1;
        step.Decision.Add(submission with { Number = number });
        step.Decision.Later(new WorkItem(WorkKind.JudgeSubmission, job.Id, context.NowUs, number));
        return step
            .Change(j => j with
            {
                Submissions = number,
                DeliverableHash = submission.Hash,
                Verdict = null,
                SubmittedUs = context.NowUs,
                PausedSinceUs = context.NowUs,
            })
            .Enter(JobState.Validating, context.NowUs + JobTimes.ValidatingUs)
            .Tell(FactType.JobSubmitted, SubmissionData(number, submission.Hash), job.BuyerAgent)
            .Done();
    }

    /// <summary>
    /// Both judges answered. It counts only for the submission, by number and hash, that they were asked about.
    /// </summary>
    public static Outcome RecordVerdict(Job job, Submission judged, VerdictOutcome outcome, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.RecordVerdict, Party.Platform) is { } refusal) return refusal;
        if (judged.Number != job.Submissions || !judged.Hash.AsSpan().SequenceEqual(job.DeliverableHash))
            return Refusal.WrongState("This verdict is about an earlier submission.");
        var step = new JobStep(job with { Verdict = outcome }, context);
        step.Decision.Put(judged);
        bool releases = outcome is VerdictOutcome.Pass && job.Release is ReleaseMode.Validation;
        bool isBig = context.Policy.PassReleasesUpTo is { } most && job.Amount > most;
        var data = SubmissionData(judged.Number, judged.Hash) with { Outcome = JobWords.Of(outcome) };
        if (releases && !isBig)
            return step.TellBoth(FactType.JobValidated, data).Release(ClosedReason.Validated).Done();
        // Where a pass alone does not move so much money, it leaves the buyer a shorter time to object.
        int hours = releases ? Math.Min(job.ReviewHours, context.Policy.ReviewAfterPassHours) : job.ReviewHours;
        if (outcome is not VerdictOutcome.Fail)
            step.Enter(JobState.Review, context.NowUs + hours * JobTimes.HourUs);
        else if (job.SubmissionsLeft > 0)
            step.ReturnToWorker();
        else
            step.Enter(JobState.Failed, context.NowUs + JobTimes.FailedUs);
        return step.TellBoth(FactType.JobValidated, data).Done();
    }

    public static Outcome Approve(Job job, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Approve, by) is { } refusal) return refusal;
        return new JobStep(job, context)
            .Tell(FactType.JobApproved, FactData.None, job.WorkerAgent)
            .Release(ClosedReason.Approved)
            .Done();
    }

    public static Outcome RequestRevision(Job job, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.RequestRevision, by) is { } refusal) return refusal;
        if (job.SubmissionsLeft == 0)
            return new Refusal(RefusalCode.NoSubmissionsLeft,
                "No revision is left in this job; approve the work or dispute it.");
        return new JobStep(job, context)
            .ReturnToWorker()
            .Tell(FactType.JobRevisionRequested, new FactData { Submission = job.Submissions }, job.WorkerAgent)
            .Done();
    }

    /// <summary>
    /// Alone while the other side has nothing at stake; afterwards the first cancel asks and the other party's
    /// completes it.
    /// </summary>
    public static Outcome Cancel(Job job, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Cancel, by) is { } refusal) return refusal;
        bool alone = job.State is JobState.Funding or JobState.Open or JobState.Offered
            || (by is Party.Worker && job.State is JobState.Active && job.Submissions == 0);
        var step = new JobStep(job, context);
        if (alone || (job.CancelRequestedBy is not Party.None && job.CancelRequestedBy != by))
            return step.Refund(ClosedReason.Cancelled).Done();
        if (job.CancelRequestedBy == by)
            return new Refusal(RefusalCode.AlreadyDone,
                "You have asked to cancel this job already; it ends when the other party cancels too.");
        return step
            .Change(j => j with { CancelRequestedBy = by })
            .Tell(FactType.MessageReceived, new FactData { By = JobWords.Of(by), Reason = "cancel_requested" },
                by is Party.Buyer ? job.WorkerAgent : job.BuyerAgent)
            .Done();
    }

    /// <summary>The charge that paid for a job was taken back before anybody accepted it: it ends.</summary>
    public static Decision TakeBack(Job job, JobContext context) =>
        JobRules.Check(job, JobCommand.TakeBack, Party.Platform) is { } refusal
            ? throw new InvalidOperationException(refusal.Sentence)
            : new JobStep(job, context).Refund(ClosedReason.PaymentFailed).Done();

    /// <summary>The buyer adds to a completed job from their balance.</summary>
    /// <param name="bonus">The operation that it is, without its body.</param>
    public static Outcome Bonus(Job job, Party by, Operation bonus, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Bonus, by) is { } refusal) return refusal;
        var decision = new Decision();
        var left = Debts.Collect(decision, context.BuyerOwner!, context.NowUs);
        if (left.Available < bonus.Amount || left.Owed > Money.Zero)
            return new Refusal(RefusalCode.PaymentMethodRequired,
                $"A bonus is paid from the balance, which has {context.Policy.Show(left.Available)} to spend; add "
                + "to it with POST /v1/balance/top-up first.");
        var step = new JobStep(job, context);
        var (fee, net) = bonus.Amount.Split(job.Fee);
        var worker = context.Paid.Id;
        decision.Add(bonus with { Body = JsonSerializer.Serialize(new BonusBody(worker, job.Fee.Value)) });
        decision.Move(Movements.Bonus(
            bonus.Id, job.BuyerOwner, worker, bonus.Amount, job.Fee, context.NowUs, context.PayerIsNew));
        Payouts.Earned(decision, context, bonus.Id, net);
        return decision.Include(step.Tell(FactType.PaymentReceived, new FactData
        {
            OperationId = bonus.Id,
            AmountMinor = bonus.Amount.Minor,
            FeeMinor = fee.Minor,
            NetMinor = net.Minor,
            Reason = "bonus",
        }, job.WorkerAgent).Done());
    }

    /// <summary>The parties may talk from the offer on, and after the end as well.</summary>
    public static Outcome SendMessage(Job job, Message message, Party by, JobContext context)
    {
        if (by is not (Party.Buyer or Party.Worker))
            return job.State is JobState.Open
                ? Refusal.Forbidden("Only the parties of a job may talk about it; you are one once the "
                    + "buyer has accepted your bid.")
                : Refusal.NotFound;
        if (job.WorkerAgent is not { } worker || !job.WorkerKnows)
            return Refusal.WrongState("There is nobody to talk to yet: this job has no worker.");
        if (job.Sequence >= Limits.EventsPerJob)
            return Refusal.WrongState(
                $"So much has happened to this job ({Limits.EventsPerJob} events) that it takes no more messages.");
        var step = new JobStep(job, context);
        step.Decision.Add(message);
        return step.Tell(FactType.MessageReceived,
                new FactData { By = JobWords.Of(by), MessageId = message.Id, AgentId = message.Sender },
                by is Party.Buyer ? worker : job.BuyerAgent)
            .Done();
    }

    /// <summary>A party's file is there to be downloaded: the other one is told, if there is one.</summary>
    public static Decision AddFile(Job job, JobFile file, Party by, JobContext context)
    {
        var step = new JobStep(job, context);
        step.Decision.Put(file);
        return step.Tell(FactType.MessageReceived,
                new FactData { By = JobWords.Of(by), FileId = file.Id, AgentId = file.Uploader, Reason = "file_added" },
                by is Party.Buyer ? job.WorkerAgent : job.BuyerAgent)
            .Done();
    }

    /// <summary>
    /// A timer fired. It acts only if the job still carries the due time it was written with, so the timer of an
    /// earlier review can never act in a later one; otherwise nothing changes (null).
    /// </summary>
    public static Outcome? RunTimer(Job job, long timerDueUs, JobContext context)
    {
        if (job.IsFinal || job.DueUs != timerDueUs || context.NowUs < timerDueUs) return null;
        var step = new JobStep(job, context);
        bool atDeadline = job.DeadlineUs == timerDueUs;
        return job.State switch
        {
            JobState.Funding => step.Refund(ClosedReason.PaymentFailed).Done(),
            JobState.Offered when FallBack(step, isDeclined: false, context) is { } goesOn => goesOn,
            JobState.Open or JobState.Offered => TimedOut(step, job.DeadlineUs <= context.NowUs),
            JobState.Active when job.Submissions > 0 => step
                .TellBoth(FactType.JobDeadlineExpired, FactData.None)
                .Enter(JobState.Failed, context.NowUs + JobTimes.FailedUs)
                .Done(),
            JobState.Active => TimedOut(step, atDeadline),
            JobState.Validating => ToArbiter(step, Party.Platform, context).Done(),
            JobState.Review when job.Verdict is VerdictOutcome.Pass or VerdictOutcome.Unsure =>
                step.Release(ClosedReason.Silence).Done(),
            JobState.Review => ToArbiter(step, Party.Platform, context).Done(),
            JobState.Failed => step.Refund(ClosedReason.Failed).Done(),
            JobState.Disputed when job.Ruling is { } ruling => Execute(step, Party.Platform, ruling).Done(),
            JobState.Disputed => Resolved(step, Party.Platform, SilentArbiterPays(job)).Done(),
            JobState.Completed or JobState.Cancelled =>
                throw new InvalidOperationException("A final job has no timer."),
        };
    }

    private static Decision TimedOut(JobStep step, bool atDeadline) => step
        .TellBoth(atDeadline ? FactType.JobDeadlineExpired : FactType.JobStaleCancelled, FactData.None)
        .Refund(atDeadline ? ClosedReason.Expired : ClosedReason.Stale)
        .Done();

    private static FactData SubmissionData(int number, byte[] hash) => new()
    {
        Submission = number,
        DeliverableHash = Convert.ToHexStringLower(hash),
    };
}
