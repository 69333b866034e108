using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;

namespace VoxPact.Domain.Jobs;

/// <summary>What a step of a job's life may look at besides the job.</summary>
/// <param name="WorkerOwner">Needed by steps that may release; others may leave it out.</param>
/// <param name="BuyerOwner">Needed by the same steps where earnings of new payers are held.</param>
public sealed record JobContext(
    long NowUs, Policy Policy, Owner? WorkerOwner = null, IReadOnlyList<Bid>? Bids = null, Owner? BuyerOwner = null)
{
    /// <summary>Of the worker who takes a job on: it sets the fee.</summary>
    public int WorkerTrust { get; init; }

    /// <summary>Whether what this buyer pays is held for a while before it can be paid out.</summary>
    public bool PayerIsNew => Policy.NewPayerHoldUs > 0
        && NowUs < ((BuyerOwner
            ?? throw new InvalidOperationException("A step that releases needs the buyer's owner.")).FirstPaidUs
            ?? NowUs) + Policy.NewPayerHoldUs;

    /// <summary>Owner of the worker, for steps that pay them.</summary>
    public Owner Paid => WorkerOwner
        ?? throw new InvalidOperationException("A step that releases needs the worker's owner.");
}

/// <summary>
/// One step under construction: collects what changes while <see cref="JobLifecycle"/> tells the story.
/// </summary>
internal sealed class JobStep(Job job, JobContext context)
{
    private readonly Decision _decision = new();

    public Job Job { get; private set; } = job;
    public Decision Decision => _decision;
    private long NowUs => context.NowUs;

    /// <summary>Enters a state: the one place that sets it, its due time and the timer of that due time.</summary>
    public JobStep Enter(JobState state, long? dueUs)
    {
        bool isTaken = Job.State is JobState.Open && state is not JobState.Open;
        if ((Job.State is JobState.Disputed) != (state is JobState.Disputed))
        {
            var dispute = new OpenDispute { JobId = Job.Id, SinceUs = NowUs };
            if (state is JobState.Disputed) _decision.Add(dispute);
            else _decision.Remove(dispute);
        }
        Job = Job with { State = state, DueUs = dueUs, CancelRequestedBy = Party.None };
        if (isTaken) LeaveOpen();
        if (dueUs is { } due) _decision.Later(new WorkItem(WorkKind.RunJobTimer, Job.Id, due, due));
        return this;
    }

    public JobStep Change(Func<Job, Job> change)
    {
        Job = change(Job);
        return this;
    }

    public JobStep Tell(FactType type, FactData data, params ReadOnlySpan<Guid?> recipients)
    {
        var told = new List<Guid>(recipients.Length);
        foreach (var agent in recipients)
            if (agent is { } id && !told.Contains(id)) told.Add(id);
        Job = Job with { Sequence = Job.Sequence + 1 };
        _decision.Tell(new Fact(type, Job.Id, Job.Sequence, NowUs,
            data with { JobId = Job.Id, State = JobWords.Of(Job.State) }, told));
        return this;
    }

    public JobStep TellBoth(FactType type, FactData data) => Tell(type, data, Job.BuyerAgent, Job.WorkerAgent);

    /// <summary>Releases the escrow to the worker, less the fee, and ends the job.</summary>
    public JobStep Release(ClosedReason why)
    {
        var escrow = Job.Escrow;
        _decision.Move(Movements.Release(Job.Id, context.Paid.Id, escrow, Job.Fee, NowUs, context.PayerIsNew));
        Enter(JobState.Completed, null).Close(why);
        TellBoth(FactType.JobCompleted, new FactData { Reason = JobWords.Of(why), AmountMinor = escrow.Minor });
        if (Job.Part is { IsLast: false }) _decision.Later(new WorkItem(WorkKind.PostPart, Job.Id, NowUs));
        return Earn(escrow);
    }

    /// <summary>Gives a part of the escrow to the worker, less the fee, the rest back, and ends the job.</summary>
    public JobStep Split(Money toWorkerSide)
    {
        var toBuyer = Job.Escrow - toWorkerSide;
        _decision.Move(Movements.Split(
            Job.Id, context.Paid.Id, Job.BuyerOwner, toWorkerSide, toBuyer, Job.Fee, NowUs, context.PayerIsNew));
        Enter(JobState.Completed, null).Close(ClosedReason.DisputeSplit);
        TellBoth(FactType.JobCompleted,
            new FactData { Reason = JobWords.Of(ClosedReason.DisputeSplit), AmountMinor = toWorkerSide.Minor });
        return Earn(toWorkerSide).Tell(
            FactType.PaymentRefunded, new FactData { AmountMinor = toBuyer.Minor }, Job.BuyerAgent);
    }

    /// <summary>Tells the worker of earnings, and sees to their payout or to the end of the hold on them.</summary>
    private JobStep Earn(Money gross)
    {
        var (fee, net) = gross.Split(Job.Fee);
        Payouts.Earned(_decision, context, Job.Id, net);
        Assessments.Schedule(_decision, context.Paid, NowUs);
        Assessments.Schedule(_decision, context.BuyerOwner, NowUs);
        return Tell(FactType.PaymentReceived,
            new FactData { AmountMinor = gross.Minor, FeeMinor = fee.Minor, NetMinor = net.Minor }, Job.WorkerAgent);
    }

    /// <summary>Gives the escrow back to the buyer's balance and ends the job.</summary>
    public JobStep Refund(ClosedReason why)
    {
        var escrow = Job.Escrow;
        var worker = Job.WorkerKnows ? Job.WorkerAgent : null;
        _decision.Move(Movements.Refund(Job.Id, Job.BuyerOwner, escrow, NowUs));
        Enter(JobState.Cancelled, null).Close(why);
        if (Job.AcceptedUs is not null) Assessments.Schedule(_decision, context.WorkerOwner, NowUs);
        Tell(FactType.JobCancelled, new FactData { Reason = JobWords.Of(why), AmountMinor = escrow.Minor },
            Job.BuyerAgent, worker);
        return escrow > Money.Zero
            ? Tell(FactType.PaymentRefunded, new FactData { AmountMinor = escrow.Minor }, Job.BuyerAgent)
            : this;
    }

    /// <summary>
    /// Back to the worker: the time they waited is added to the deadline, and at least a day is left.
    /// </summary>
    public JobStep ReturnToWorker()
    {
        long? deadline = Job.DeadlineUs is { } old
            ? Math.Max(old + (NowUs - (Job.PausedSinceUs ?? NowUs)), NowUs + JobTimes.LeastAfterReturnUs)
            : null;
        return Change(job => job with { DeadlineUs = deadline, PausedSinceUs = null })
            .Enter(JobState.Active, deadline ?? NowUs + JobTimes.StaleUs);
    }

    public Decision Done() => _decision.Put(Job);

    private void Close(ClosedReason why) => Job = Job with { Closed = why, CompletedUs = NowUs };

    private void LeaveOpen()
    {
        _decision.Remove(new OpenListing { JobId = Job.Id, Amount = Job.Amount });
        foreach (var bid in context.Bids ?? [])
        {
            if (bid.State is not BidState.Live || bid.Bidder == Job.WorkerAgent) continue;
            _decision.Put(bid with { State = BidState.Rejected });
            Tell(FactType.BidRejected, bid.Told, bid.Bidder);
        }
    }
}
