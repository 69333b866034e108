using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Verdicts;

namespace VoxPact.Domain.Tests;

/// <summary>
/// One buyer, one worker, one job of 10.00, led by the real commands to wherever a test needs it.
/// </summary>
internal sealed class Scene
{
    public const long HourUs = JobTimes.HourUs;
    public static readonly Guid Buyer = Numbered(1), Worker = Numbered(2), Stranger = Numbered(3);
    public static readonly Guid BuyerOwner = Numbered(11), WorkerOwner = Numbered(12);
    public static readonly Guid JobId = Numbered(100);
    public static readonly Policy Policy = new() { Currency = "eur" };

    public Books Books { get; } = new();
    public long NowUs { get; set; } = 1_000 * HourUs;
    public Job Job => Books.Jobs[JobId];
    public Owner BuyersMoney => Books.Owners[BuyerOwner];
    public Owner WorkersMoney => Books.Owners[WorkerOwner];
    public JobContext Context => new(NowUs, Policy, WorkersMoney, [.. Books.Bids.Values], BuyersMoney);

    public Scene(long balance = 1_000)
    {
        Books.Owners[BuyerOwner] = NewOwner(BuyerOwner) with { CustomerId = "cus_1", DefaultCardId = "pm_1" };
        Books.Owners[WorkerOwner] = NewOwner(WorkerOwner) with
        {
            AccountId = "acct_1",
            PayoutsEnabled = true,
        };
        if (balance > 0) TopUp(BuyerOwner, new Money(balance));
    }

    /// <summary>A readable, ordered id for tests.</summary>
    public static Guid Numbered(int number) => new(number, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 0]);

    public static Owner NewOwner(Guid id) => new() { Id = id, Email = "owner@example.com", CreatedUs = 0 };

    /// <summary>Money for a test to begin with, as a charge of its own that Stripe has made.</summary>
    public void TopUp(Guid owner, Money amount)
    {
        var operation = new Operation
        {
            Id = Numbered(900 + Books.Operations.Count),
            Kind = OperationKind.Charge,
            OwnerId = owner,
            Amount = amount,
            Body = "{}",
            State = OperationState.Done,
            CreatedUs = NowUs,
        };
        Books.Apply(new Decision().Add(operation).Move(Movements.TopUp(operation.Id, owner, amount, NowUs)));
    }

    public static Job Draft(
        bool open = false, long? deadlineUs = null, ReleaseMode release = ReleaseMode.Validation,
            int revisions = 2,
        long amount = 1_000) => new()
        {
            Id = JobId,
            BuyerAgent = Buyer,
            BuyerOwner = BuyerOwner,
            WorkerAgent = open ? null : Worker,
            WorkerOwner = open ? null : WorkerOwner,
            IsOpen = open,
            Title = "Summarise this",
            Amount = new Money(amount),
            DeadlineUs = deadlineUs,
            Release = release,
            ReviewHours = 48,
            MaxRevisions = revisions,
            CreatedUs = 0,
        };

    public Outcome Post(Job job) => JobFunding.Post(
        job, new JobTerms { JobId = job.Id, Description = "Do it." }, Books.Owners[job.BuyerOwner],
        Numbered(500 + Books.Operations.Count), null, Context);

    /// <summary>Does something that must be allowed, and makes it true.</summary>
    public Scene Do(Func<Job, JobContext, Outcome> act) => Take(act(Job, Context));

    public Scene Take(Outcome outcome)
    {
        if (outcome.Refusal is { } refusal) throw new InvalidOperationException(refusal.Sentence);
        Books.Apply(outcome.Decision!);
        Books.CheckAll();
        return this;
    }

    public Scene Posted(Job job) => Take(Post(job));
    public Scene Accepted() => Do((job, context) => JobLifecycle.Accept(job, Party.Worker, context));
    public Scene Submitted() => Do((job, context) => JobLifecycle.Submit(job, Party.Worker, Work(job),
        context));
    public Scene Revised() => Do((job, context) => JobLifecycle.RequestRevision(job, Party.Buyer, context));

    public Scene Judged(VerdictOutcome outcome) => Do((job, context) => JobLifecycle.RecordVerdict(
        job, Books.Submissions.Last(one => one.JobId == job.Id), outcome, context));

    /// <summary>Lets time pass to the job's due time and runs that timer.</summary>
    public Scene TimedOut()
    {
        NowUs = Job.DueUs!.Value;
        return Take(JobLifecycle.RunTimer(Job, NowUs, Context)!.Value);
    }

    public Scene After(long hours)
    {
        NowUs += hours * HourUs;
        return this;
    }

    public static Submission Work(Job job) => new()
    {
        JobId = job.Id,
        Number = job.Submissions + 1,
        Deliverable = "\"work\"",
        Hash = [(byte)(job.Submissions + 1)],
        CreatedUs = 0,
    };

    public static CounterOffer CounterOfferOf(Job job, long amount) => new()
    {
        JobId = job.Id,
        Worker = job.WorkerAgent ?? Guid.Empty,
        Amount = new Money(amount),
        CreatedUs = 0,
    };

    public static Evidence EvidenceOf(Guid agent) => new()
    {
        JobId = JobId,
        Id = Numbered(700),
        Agent = agent,
        Text = "See the second page.",
        Files = "[]",
        CreatedUs = 0,
    };

    public static Bid BidOf(Guid agent, Guid owner, long amount, int number = 0) => new()
    {
        Id = Numbered(200 + number),
        JobId = JobId,
        Bidder = agent,
        BidderOwner = owner,
        Amount = new Money(amount),
        CreatedUs = 0,
    };

    /// <summary>A job in a state that a row of a table names, such as <c>review, suspect</c>.</summary>
    public static Scene At(string where, long? deadlineUs = null)
    {
        Scene Funded() => new Scene().Posted(Draft(deadlineUs: deadlineUs));
        Scene Judging(ReleaseMode release = ReleaseMode.Validation, int revisions = 2) =>
            new Scene().Posted(Draft(deadlineUs: deadlineUs, release: release, revisions: revisions))
                .Accepted().Submitted();
        return where switch
        {
            "funding" => new Scene(0).Posted(Draft(deadlineUs: deadlineUs)),
            "open" => new Scene().Posted(Draft(open: true, deadlineUs: deadlineUs)),
            "offered" => Funded(),
            "active" => Funded().Accepted(),
            "active, submitted" => Judging().Judged(VerdictOutcome.Fail),
            "validating" => Judging(),
            "review" => Judging().Judged(VerdictOutcome.Unsure),
            "review, suspect" => Judging().Judged(VerdictOutcome.Suspect),
            "failed" => Judging(revisions: 0).Judged(VerdictOutcome.Fail),
            "disputed" => Judging().Judged(VerdictOutcome.Unsure)
                .Do((job, context) => JobLifecycle.Dispute(job, Party.Worker, context)),
            "completed" => Judging().Judged(VerdictOutcome.Pass),
            "cancelled" => Funded().Do((job, context) => JobLifecycle.Decline(job, Party.Worker, context)),
            _ => throw new ArgumentOutOfRangeException(nameof(where), where, null),
        };
    }
}
