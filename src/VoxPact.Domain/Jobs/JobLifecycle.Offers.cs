using VoxPact.Domain.Facts;
using VoxPact.Domain.Ledger;

namespace VoxPact.Domain.Jobs;

/// <content>From the money to a worker who takes the job on: the offer, its answer, and who is asked next.</content>
public static partial class JobLifecycle
{
    /// <summary>The money is there: hold it and offer the job.</summary>
    public static Outcome Fund(Job job, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Fund, Party.Platform) is { } refusal) return refusal;
        var step = new JobStep(job, context);
        step.Decision.Move(Movements.Hold(job.Id, job.BuyerOwner, job.Amount, context.NowUs));
        if (job.Part is { IsLater: true }) return Begin(step, context).Done();
        return (job.IsOpen ? OpenForBids(step, context) : Offer(step, context)).Done();
    }

    public static Outcome Accept(Job job, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Accept, by) is { } refusal) return refusal;
        return Accepted(new JobStep(job, context), context).Done();
    }

    /// <summary>The worker does not want it: the fallback that the buyer named is asked, else it is over.</summary>
    public static Outcome Decline(Job job, Party by, JobContext context)
    {
        if (JobRules.Check(job, JobCommand.Decline, by) is { } refusal) return refusal;
        var step = new JobStep(job, context);
        return FallBack(step, isDeclined: true, context) ?? step
            .Tell(FactType.JobDeclined, FactData.None, job.BuyerAgent)
            .Refund(ClosedReason.Declined)
            .Done();
    }

    /// <summary>
    /// The named worker declined or was silent: whom the buyer named for that is offered the job, then it is opened
    /// for bids if the buyer wanted that. Null when nobody is left to ask, or no time.
    /// </summary>
    private static Decision? FallBack(JobStep step, bool isDeclined, JobContext context)
    {
        var job = step.Job;
        if (!job.HasFallback || job.DeadlineUs <= context.NowUs) return null;
        var data = new FactData { AgentId = job.WorkerAgent, Reason = "fallback" };
        if (isDeclined) step.Tell(FactType.JobDeclined, data, job.BuyerAgent);
        else step.Tell(FactType.JobOfferExpired, data, job.BuyerAgent, job.WorkerAgent);
        step.Change(j => j with
        {
            WorkerAgent = j.FallbackAgent,
            WorkerOwner = j.FallbackOwner,
            FallbackAgent = null,
            FallbackOwner = null,
            OfferedUs = context.NowUs,
        });
        return (job.FallbackAgent is not null
            ? Offer(step, context)
            : OpenForBids(step.Change(j => j with { IsOpen = true, FallsOpen = false }), context)).Done();
    }

    private static JobStep Offer(JobStep step, JobContext context)
    {
        var job = step.Job;
        long byDeadline = job.DeadlineUs ?? long.MaxValue;
        long due = job.OfferHours is { } hours
            ? Math.Min(byDeadline, context.NowUs + hours * JobTimes.HourUs)
            : job.DeadlineUs ?? context.NowUs + JobTimes.StaleUs;
        return step.Enter(JobState.Offered, due)
            .Tell(FactType.JobCreated, new FactData { AmountMinor = job.Amount.Minor }, job.WorkerAgent);
    }

    /// <summary>A later part is active at once, at the fee and with the worker of the first.</summary>
    private static JobStep Begin(JobStep step, JobContext context)
    {
        var job = step.Job;
        // Its time begins with its money.
        long? deadline = job.DeadlineUs + (context.NowUs - job.CreatedUs);
        var data = new FactData { AmountMinor = job.Amount.Minor };
        return step.Change(j => j with { DeadlineUs = deadline, AcceptedUs = context.NowUs })
            .Enter(JobState.Active, deadline ?? context.NowUs + JobTimes.StaleUs)
            .Tell(FactType.JobCreated, data, job.WorkerAgent)
            .Tell(FactType.JobAccepted, data, job.BuyerAgent);
    }

    private static JobStep OpenForBids(JobStep step, JobContext context)
    {
        var job = step.Job;
        step.Decision.Add(new OpenListing { JobId = job.Id, Amount = job.Amount });
        return step.Enter(JobState.Open, job.DeadlineUs ?? context.NowUs + JobTimes.StaleUs);
    }

    private static JobStep Accepted(JobStep step, JobContext context) => step
        .Change(j => j with { Fee = context.Policy.FeeOf(context.WorkerTrust), AcceptedUs = context.NowUs })
        .Enter(JobState.Active, step.Job.DeadlineUs ?? context.NowUs + JobTimes.StaleUs)
        .Tell(FactType.JobAccepted, new FactData { AmountMinor = step.Job.Amount.Minor }, step.Job.BuyerAgent);
}
