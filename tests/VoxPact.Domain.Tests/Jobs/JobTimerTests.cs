using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

public sealed class JobTimerTests
{
    private const long HourUs = Scene.HourUs;

    public static TheoryData<string> Living =>
        [.. LifecycleRun.Places.Where(place => place is not ("completed" or "cancelled"))];

    [Theory]
    [MemberData(nameof(Living))]
    public void A_timer_acts_at_its_due_time_and_neither_before_nor_for_another(string place)
    {
        var scene = Scene.At(place);
        long due = scene.Job.DueUs!.Value;
        Assert.Contains(scene.Books.Work, work => work.DueUs == due && work.Argument == due
            && work.Subject == scene.Job.Id);
        Assert.Null(JobLifecycle.RunTimer(scene.Job, due, scene.Context with { NowUs = due - 1 }));
        Assert.Null(JobLifecycle.RunTimer(scene.Job, due - 1, scene.Context with { NowUs = due }));
        Assert.NotEqual(scene.Job.State, scene.TimedOut().Job.State);
    }

    [Theory]
    [InlineData("open", "expired", FactType.JobDeadlineExpired)]
    [InlineData("offered", "expired", FactType.JobDeadlineExpired)]
    [InlineData("active", "expired", FactType.JobDeadlineExpired)]
    public void A_deadline_that_passes_with_nothing_submitted_refunds(string place, string reason,
        FactType told)
    {
        var scene = Scene.At(place, new Scene().NowUs + 5 * HourUs);
        Assert.Equal(5 * HourUs, scene.Job.DueUs - scene.NowUs);
        scene.TimedOut();
        Assert.Equal(reason, JobWords.Of(scene.Job.Closed!.Value));
        Assert.Equal(1_000, scene.BuyersMoney.Available.Minor);
        Assert.Contains(scene.Books.Facts, fact => fact.Type == told);
    }

    [Fact]
    public void A_revision_at_hour_47_does_not_let_the_first_reviews_timer_pay()
    {
        var scene = Scene.At("review");
        long first = scene.Job.DueUs!.Value;
        scene.After(47).Revised().Submitted().Judged(VerdictOutcome.Unsure);
        scene.NowUs = first;
        Assert.Null(JobLifecycle.RunTimer(scene.Job, first, scene.Context));
        Assert.Equal(JobState.Review, scene.Job.State);
        Assert.Equal(first + 47 * HourUs, scene.Job.DueUs);
        Assert.Equal(ClosedReason.Silence, scene.TimedOut().Job.Closed);
    }

    [Theory]
    [InlineData("validating")]
    [InlineData("review")]
    [InlineData("review, suspect")]
    public void A_deadline_that_passes_while_others_are_at_work_neither_strands_nor_steals(string place)
    {
        var scene = Scene.At(place, new Scene().NowUs + 2 * HourUs);
        long deadline = scene.Job.DeadlineUs!.Value;
        scene.NowUs = deadline;
        Assert.Null(JobLifecycle.RunTimer(scene.Job, deadline, scene.Context));
        Assert.Equal(1_000, scene.Job.Escrow.Minor);
        Assert.True(scene.Job.DueUs > deadline);
        if (place == "validating") scene.Judged(VerdictOutcome.Fail);
        else scene.Revised();
        Assert.Equal(JobState.Active, scene.Job.State);
        Assert.Equal(scene.NowUs + JobTimes.LeastAfterReturnUs, scene.Job.DueUs);
        Assert.Equal(scene.Job.DeadlineUs, scene.Job.DueUs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Time_that_the_worker_waited_is_added_to_the_deadline(long hours)
    {
        var scene = Scene.At("validating", new Scene().NowUs + 100 * HourUs);
        long deadline = scene.Job.DeadlineUs!.Value;
        scene.After(hours).Judged(VerdictOutcome.Fail);
        Assert.Equal(deadline + hours * HourUs, scene.Job.DeadlineUs);
        Assert.Null(scene.Job.PausedSinceUs);
    }

    [Fact]
    public void Each_wait_is_added_once()
    {
        var scene = Scene.At("validating", new Scene().NowUs + 100 * HourUs);
        long deadline = scene.Job.DeadlineUs!.Value;
        scene.After(10).Judged(VerdictOutcome.Unsure).After(20).Revised();
        scene.After(5).Submitted().After(7).Judged(VerdictOutcome.Fail);
        Assert.Equal(deadline + 37 * HourUs, scene.Job.DeadlineUs);
    }

    [Theory]
    [InlineData(VerdictOutcome.Unsure, JobState.Completed)]
    [InlineData(VerdictOutcome.Pass, JobState.Completed)]
    [InlineData(VerdictOutcome.Suspect, JobState.Disputed)]
    public void A_silent_review_pays_unless_the_work_is_suspect(VerdictOutcome verdict, JobState then)
    {
        var scene = new Scene().Posted(Scene.Draft(release: ReleaseMode.Approval)).Accepted().Submitted()
            .Judged(verdict);
        Assert.Equal(then, scene.TimedOut().Job.State);
        Assert.Equal(then is JobState.Completed ? 900 : 0, scene.WorkersMoney.Earnings.Minor);
    }

    [Theory]
    [InlineData(VerdictOutcome.Unsure, 900)]
    [InlineData(VerdictOutcome.Suspect, 0)]
    [InlineData(VerdictOutcome.Fail, 0)]
    public void A_silent_arbiter_never_pays_work_that_failed_or_is_suspect(VerdictOutcome verdict,
        long earned)
    {
        var scene = Scene.At("validating").Judged(verdict)
            .Do((job, context) => JobLifecycle.Dispute(job, Party.Worker, context)).TimedOut();
        Assert.Equal(earned, scene.WorkersMoney.Earnings.Minor);
        Assert.Equal(earned == 0 ? 1_000 : 0, scene.BuyersMoney.Available.Minor);
        Assert.True(scene.Job.IsFinal);
    }

    [Fact]
    public void Money_that_comes_before_a_funding_jobs_timer_takes_the_timer_away()
    {
        var scene = Scene.At("funding");
        long due = scene.Job.DueUs!.Value;
        scene.TopUp(Scene.BuyerOwner, scene.Job.Amount);
        scene.Do(JobLifecycle.Fund);
        Assert.Null(JobLifecycle.RunTimer(scene.Job, due, scene.Context with { NowUs = due }));
    }
}
