using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

/// <summary>Who is offered a job after the worker whom the buyer named.</summary>
public sealed class FallbackTests
{
    private static readonly Guid s_fallback = Scene.Stranger;

    /// <summary>
    /// Fallbacks of the job (<c>worker</c>, <c>open</c>), what happens (<c>d</c> declines, <c>s</c> is silent), and
    /// where it leads each time.
    /// </summary>
    [Theory]
    [InlineData("", "d", "cancelled declined")]
    [InlineData("", "s", "cancelled stale")]
    [InlineData("worker", "d", "offered")]
    [InlineData("worker", "s", "offered")]
    [InlineData("worker", "dd", "offered, cancelled declined")]
    [InlineData("worker", "ss", "offered, cancelled stale")]
    [InlineData("open", "d", "open")]
    [InlineData("open", "ss", "open, cancelled stale")]
    [InlineData("worker open", "dd", "offered, open")]
    [InlineData("worker open", "sss", "offered, open, cancelled stale")]
    public void The_fallbacks_are_asked_in_turn_and_then_the_money_goes_back(string fallbacks, string acts, string expected)
    {
        var scene = new Scene().Posted(Draft(fallbacks));
        var seen = new List<string>();
        foreach (char act in acts)
        {
            if (act == 'd') scene.Do((job, context) => JobLifecycle.Decline(job, Party.Worker, context));
            else scene.TimedOut();
            string why = scene.Job.Closed is { } closed ? $" {JobWords.Of(closed)}" : "";
            seen.Add(JobWords.Of(scene.Job.State) + why);
        }
        Assert.Equal(expected, string.Join(", ", seen));
        Assert.Equal(scene.Job.IsFinal ? new Money(1_000) : Money.Zero, scene.BuyersMoney.Available);
    }

    [Fact]
    public void The_fallback_has_its_own_time_and_is_told_as_if_it_had_been_named()
    {
        var scene = new Scene().Posted(Draft("worker"));
        long first = scene.Job.DueUs!.Value;
        Assert.Equal(scene.NowUs + 5 * Scene.HourUs, first);
        Assert.Equal("offered to the fallback worker", JobWords.NextAction(scene.Job).Default);
        scene.TimedOut();
        Assert.Equal((s_fallback, first + 5 * Scene.HourUs), (scene.Job.WorkerAgent!.Value, scene.Job.DueUs));
        Assert.Equal("refund", JobWords.NextAction(scene.Job).Default);
        Assert.Equal([FactType.JobCreated, FactType.JobOfferExpired, FactType.JobCreated],
            scene.Books.Facts.Select(fact => fact.Type));
        Assert.Equal([s_fallback], scene.Books.Facts[^1].Recipients);
        Assert.Equal([Scene.Buyer, Scene.Worker], scene.Books.Facts[1].Recipients);
        Assert.Equal(RefusalCode.NotFound, JobLifecycle.Accept(
            scene.Job, scene.Job.PartyOf(Scene.Worker), scene.Context).Refusal?.Code);
        scene.Do((job, context) => JobLifecycle.Accept(job, job.PartyOf(s_fallback), context));
    }

    [Fact]
    public void No_fallback_is_asked_after_the_deadline()
    {
        var now = new Scene().NowUs;
        var scene = new Scene().Posted(Draft("worker open") with { DeadlineUs = now + 3 * Scene.HourUs });
        Assert.Equal(now + 3 * Scene.HourUs, scene.Job.DueUs);
        Assert.Equal("refund", JobWords.NextAction(scene.Job).Default);
        Assert.Equal(ClosedReason.Expired, scene.TimedOut().Job.Closed);
    }

    [Fact]
    public void The_timer_of_the_first_offer_does_not_end_the_second()
    {
        var scene = new Scene().Posted(Draft("worker"));
        long first = scene.Job.DueUs!.Value;
        scene.After(1).Do((job, context) => JobLifecycle.Decline(job, Party.Worker, context));
        scene.NowUs = first;
        Assert.Null(JobLifecycle.RunTimer(scene.Job, first, scene.Context));
    }

    private static Job Draft(string fallbacks) => Scene.Draft() with
    {
        OfferHours = fallbacks.Length > 0 ? 5 : null,
        FallbackAgent = fallbacks.Contains("worker") ? s_fallback : null,
        FallbackOwner = fallbacks.Contains("worker") ? Scene.WorkerOwner : null,
        FallsOpen = fallbacks.Contains("open"),
    };
}
