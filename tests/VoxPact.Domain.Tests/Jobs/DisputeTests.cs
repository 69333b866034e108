using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

/// <summary>A decision, the time for one appeal, and the money after it.</summary>
public sealed class DisputeTests
{
    private static readonly Policy s_policy = Scene.Policy with { AppealUs = 72 * Scene.HourUs };

    /// <summary>
    /// What the arbiter decides, what happens then (<c>b</c>, <c>w</c>: buyer or worker appeals; <c>t</c>: time passes;
    /// else a decision), and what each step comes to.
    /// </summary>
    [Theory]
    [InlineData("release t", "disputed, completed")]
    [InlineData("refund t", "disputed, cancelled")]
    [InlineData("split t", "disputed, completed")]
    [InlineData("release b refund", "disputed, disputed, cancelled")]
    [InlineData("release b release", "disputed, disputed, completed")]
    [InlineData("refund w split", "disputed, disputed, completed")]
    [InlineData("release b t", "disputed, disputed, completed")]
    [InlineData("refund w t", "disputed, disputed, cancelled")]
    [InlineData("split w t", "disputed, disputed, completed")]
    [InlineData("split b b", "disputed, disputed, AlreadyDone")]
    [InlineData("release w", "disputed, Forbidden")]
    [InlineData("refund b", "disputed, Forbidden")]
    [InlineData("release refund", "disputed, WrongState")]
    [InlineData("b", "WrongState")]
    [InlineData("t", "completed")]
    public void A_decision_is_done_after_the_time_for_one_appeal(string steps, string expected)
    {
        var scene = Scene.At("disputed");
        var seen = new List<string>();
        foreach (string step in steps.Split(' '))
        {
            var context = scene.Context with { Policy = s_policy };
            if (step == "t") scene.NowUs = scene.Job.DueUs!.Value;
            var outcome = step switch
            {
                "b" => JobLifecycle.Appeal(scene.Job, Party.Buyer, context),
                "w" => JobLifecycle.Appeal(scene.Job, Party.Worker, context),
                "t" => JobLifecycle.RunTimer(
                    scene.Job, scene.NowUs, context with { NowUs = scene.NowUs })!.Value,
                "split" => JobLifecycle.ResolveBySplit(scene.Job, Party.Arbiter, new Money(400), context),
                _ => JobLifecycle.Resolve(scene.Job, Party.Arbiter, step == "release", context),
            };
            if (outcome.Refusal is null) scene.Take(outcome);
            seen.Add(outcome.Refusal?.Code.ToString() ?? JobWords.Of(scene.Job.State));
        }
        Assert.Equal(expected, string.Join(", ", seen));
    }

    [Fact]
    public void Each_entry_sets_the_due_time_and_an_earlier_timer_does_nothing()
    {
        var scene = Scene.At("disputed");
        long silent = scene.Job.DueUs!.Value;
        scene.Do((job, context) => JobLifecycle.Resolve(job, Party.Arbiter, true, context with { Policy = s_policy }));
        Assert.Equal(scene.NowUs + s_policy.AppealUs, scene.Job.DueUs);
        Assert.Equal(("buyer", "release"), (JobWords.NextAction(scene.Job).Who, JobWords.NextAction(scene.Job).Default));
        long decided = scene.Job.DueUs!.Value;
        scene.After(1).Do((job, context) => JobLifecycle.Appeal(job, Party.Buyer, context));
        Assert.Equal(scene.NowUs + JobTimes.DisputedUs, scene.Job.DueUs);
        scene.NowUs = decided;
        Assert.Null(JobLifecycle.RunTimer(scene.Job, decided, scene.Context));
        scene.NowUs = silent;
        Assert.Null(JobLifecycle.RunTimer(scene.Job, silent, scene.Context));
        Assert.Equal(["dispute.decided", "dispute.appealed"],
            scene.Books.Facts.TakeLast(2).Select(fact => FactTypes.Name(fact.Type)));
    }

    [Fact]
    public void An_appeal_that_comes_when_the_time_is_over_is_too_late_even_before_the_timer_ran()
    {
        var scene = Scene.At("disputed");
        scene.Do((job, context) => JobLifecycle.Resolve(job, Party.Arbiter, true, context with { Policy = s_policy }));
        scene.NowUs = scene.Job.DueUs!.Value;
        Assert.Equal(RefusalCode.WrongState,
            JobLifecycle.Appeal(scene.Job, Party.Buyer, scene.Context).Refusal?.Code);
    }

    [Fact]
    public void Evidence_is_bounded_for_each_party()
    {
        var scene = Scene.At("disputed");
        Outcome Add(int known) => JobLifecycle.AddEvidence(
            scene.Job, Scene.EvidenceOf(Scene.Worker), known, Party.Worker, scene.Context);
        Assert.Null(Add(Limits.EvidencePerParty - 1).Refusal);
        Assert.Equal(RefusalCode.WrongState, Add(Limits.EvidencePerParty).Refusal?.Code);
        Assert.Equal([Scene.Buyer], Add(0).Decision!.Facts.Single().Recipients);
    }

    [Fact]
    public void A_split_that_waited_gives_exactly_what_was_decided()
    {
        var scene = Scene.At("disputed");
        scene.Do((job, context) => JobLifecycle.ResolveBySplit(
            job, Party.Arbiter, new Money(333), context with { Policy = s_policy }));
        scene.TimedOut();
        Assert.Equal((new Money(667), new Money(300)), (scene.BuyersMoney.Available, scene.WorkersMoney.Earnings));
        Assert.Equal(VerdictOutcome.Unsure, scene.Job.Verdict);
    }
}
