using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Verdicts;

namespace VoxPact.Domain.Tests.Jobs;

/// <summary>
/// Tries a command as a caller on a job in a given place, and says in a word what came of it.
/// </summary>
internal static class LifecycleRun
{
    /// <summary>Every state, some of them twice: where what happened before makes a difference.</summary>
    public static readonly IReadOnlyList<string> Places =
    [
        "funding", "open", "offered", "active", "active, submitted", "validating", "review",
            "review, suspect",
        "failed", "disputed", "completed", "cancelled",
    ];

    public static readonly IReadOnlyList<(Party Party, string Name)> Callers =
    [
        (Party.Buyer, "buyer"), (Party.Worker, "worker"), (Party.Arbiter, "arbiter"),
            (Party.Platform, "platform"),
        (Party.None, "stranger"),
    ];

    /// <summary>The state that it led to, <c>unchanged</c>, or the code of the refusal.</summary>
    public static string Try(string place, JobCommand command, Party by)
    {
        var scene = Scene.At(place);
        var before = scene.Job;
        if (Run(scene, command, by) is not { } outcome) return "unchanged";
        if (outcome.Refusal is { } refusal) return Snake(refusal.Code);
        scene.Take(outcome);
        return scene.Job.State == before.State && command is JobCommand.Cancel
            && scene.Job.CancelRequestedBy == by
            ? "asked"
            : JobWords.Of(scene.Job.State);
    }

    /// <summary>The state that a verdict leads to.</summary>
    public static string Judge(VerdictOutcome outcome, ReleaseMode release, int revisions) =>
        JobWords.Of(new Scene().Posted(Scene.Draft(release: release, revisions: revisions))
            .Accepted().Submitted().Judged(outcome).Job.State);

    /// <summary>What the timer of a place does: the state and, where the job ends, the reason.</summary>
    public static string Silence(string place)
    {
        var job = Scene.At(place).TimedOut().Job;
        if (job.Closed is not { } why) return JobWords.Of(job.State);
        var atDeadline = Scene.At(place, new Scene().NowUs + Scene.HourUs).TimedOut().Job.Closed;
        string otherwise = atDeadline is { } then && then != why ? $"{JobWords.Of(then)}, without a deadline "
            : "";
        return $"{JobWords.Of(job.State)} ({otherwise}{JobWords.Of(why)})";
    }

    /// <summary>
    /// When a place's timer is due, found by measuring it with a near, a far and no deadline.
    /// </summary>
    public static string Due(string place)
    {
        const long near = 10, far = 900;
        long now = new Scene().NowUs;
        long Hours(long? deadlineHours) =>
            (Scene.At(place, now + deadlineHours * Scene.HourUs).Job.DueUs!.Value - now) / Scene.HourUs;
        long without = Hours(null);
        return (Hours(near) == near, Hours(far) == far) switch
        {
            (true, true) => $"the deadline, or {without} h without one",
            (true, false) => $"{without} h, or the deadline if that is sooner",
            (false, true) => $"the deadline, at least {Hours(near)} h; {without} h without one",
            (false, false) => $"{without} h",
        };
    }

    private static Outcome? Run(Scene scene, JobCommand command, Party by)
    {
        var (job, context) = (scene.Job, scene.Context);
        if (by is not Party.Platform && command is JobCommand.Fund or JobCommand.RecordVerdict
            or JobCommand.RunTimer or JobCommand.TakeBack)
            return JobRules.Check(job, command, by)!;
        return command switch
        {
            JobCommand.Accept => JobLifecycle.Accept(job, by, context),
            JobCommand.Decline => JobLifecycle.Decline(job, by, context),
            JobCommand.Submit => JobLifecycle.Submit(job, by, Scene.Work(job), context),
            JobCommand.Approve => JobLifecycle.Approve(job, by, context),
            JobCommand.RequestRevision => JobLifecycle.RequestRevision(job, by, context),
            JobCommand.Cancel => JobLifecycle.Cancel(job, by, context),
            JobCommand.Dispute => JobLifecycle.Dispute(job, by, context),
            JobCommand.Concede => JobLifecycle.Concede(job, by, context),
            JobCommand.Resolve => JobLifecycle.Resolve(job, by, release: true, context),
            JobCommand.PlaceBid => JobLifecycle.PlaceBid(job, Scene.BidOf(Scene.Stranger, Scene.WorkerOwner,
                900), by, context),
            JobCommand.ChangeBid => JobLifecycle.ChangeBid(job, Standing(scene) with { Amount = new Money(800) }, by,
                context),
            JobCommand.WithdrawBid => JobLifecycle.WithdrawBid(job, Standing(scene), by, context),
            JobCommand.AcceptBid => AcceptBid(scene, by),
            JobCommand.Fund => Fund(scene),
            JobCommand.RecordVerdict => JobLifecycle.RecordVerdict(
                job, scene.Books.Submissions.LastOrDefault() ?? Scene.Work(job), VerdictOutcome.Pass,
                    context),
            JobCommand.RunTimer => RunTimer(scene),
            JobCommand.TakeBack => JobRules.Check(job, command, by) is { } refusal
                ? refusal
                : JobLifecycle.TakeBack(job, context),
            JobCommand.Bonus => Bonus(scene, by),
            JobCommand.CounterOffer => JobLifecycle.MakeCounterOffer(job, CounterOffer(scene), null, by, context),
            JobCommand.WithdrawCounterOffer => JobLifecycle.WithdrawCounterOffer(job, Known(scene), by, context),
            JobCommand.AcceptCounterOffer => JobLifecycle.AcceptCounterOffer(job, Known(scene), by, context),
            JobCommand.DeclineCounterOffer => JobLifecycle.DeclineCounterOffer(job, Known(scene), by, context),
            JobCommand.Appeal => JobLifecycle.Appeal(job, by, context),
            JobCommand.AddEvidence => JobLifecycle.AddEvidence(job, Scene.EvidenceOf(Scene.Buyer), 0, by, context),
        };
    }

    private static Outcome Bonus(Scene scene, Party by)
    {
        scene.TopUp(Scene.BuyerOwner, new Money(100));
        return JobLifecycle.Bonus(scene.Job, by, new Operation
        {
            Id = Scene.Numbered(800),
            Kind = OperationKind.Bonus,
            OwnerId = Scene.BuyerOwner,
            Amount = new Money(100),
            Body = "",
            State = OperationState.Done,
            CreatedUs = scene.NowUs,
            ParentId = scene.Job.Id,
        }, scene.Context);
    }

    private static Outcome AcceptBid(Scene scene, Party by)
    {
        return JobLifecycle.AcceptBid(scene.Job, Standing(scene), by, scene.Context);
    }

    private static CounterOffer CounterOffer(Scene scene) => Scene.CounterOfferOf(scene.Job, 900);

    private static CounterOffer Known(Scene scene) => scene.Books.CounterOffers[Scene.JobId] = CounterOffer(scene);

    private static Bid Standing(Scene scene)
    {
        var bid = Scene.BidOf(Scene.Worker, Scene.WorkerOwner, 900);
        return scene.Books.Bids[bid.Id] = bid;
    }

    private static Outcome Fund(Scene scene)
    {
        if (scene.Job.State is JobState.Funding) scene.TopUp(Scene.BuyerOwner, scene.Job.Amount);
        return JobLifecycle.Fund(scene.Job, scene.Context);
    }

    private static Outcome? RunTimer(Scene scene)
    {
        scene.NowUs = scene.Job.DueUs ?? scene.NowUs;
        return JobLifecycle.RunTimer(scene.Job, scene.NowUs, scene.Context);
    }

    private static string Snake(RefusalCode code) => string.Concat(
        code.ToString().Select((letter, at) => char.IsUpper(letter) && at > 0 ? $"_{letter}" : $"{letter}"))
            .ToLowerInvariant();
}
