using VoxPact.Domain;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Judging;
using Xunit;

namespace VoxPact.Server.Tests.Judging;

public sealed class EarlyAnswersTests
{
    private readonly HandClock _clock = new();
    private readonly EarlyAnswers _early;

    public EarlyAnswersTests() => _early = new EarlyAnswers(_clock);

    [Fact]
    public void An_answer_is_found_for_the_same_judge_and_the_very_same_submission()
    {
        var work = Work();
        _early.Keep(work, PromptStyle.Checklist, Answer("first"));
        _early.Keep(work, PromptStyle.Audit, Answer("second"));
        Assert.Equal("first", _early.Find(work, PromptStyle.Checklist)!.Opinion.Judge);
        Assert.Equal("second", _early.Find(work, PromptStyle.Audit)!.Opinion.Judge);
        Assert.Null(_early.Find(work with { Submission = 2 }, PromptStyle.Audit));
        Assert.Null(_early.Find(work with { Hash = "b" }, PromptStyle.Audit));
        Assert.Null(_early.Find(Work(), PromptStyle.Audit));
        Assert.Null(_early.Find(null, PromptStyle.Audit));
        _early.Forget(work.Job);
        Assert.Equal(0, _early.Count);
        Assert.Null(_early.Find(work, PromptStyle.Audit));
    }

    [Fact]
    public void The_next_submission_takes_the_place_of_the_one_before_it()
    {
        var work = Work();
        _early.Keep(work, PromptStyle.Checklist, Answer("first"));
        _early.Keep(work with { Submission = 2 }, PromptStyle.Audit, Answer("second"));
        Assert.Equal(1, _early.Count);
        Assert.Null(_early.Find(work with { Submission = 2 }, PromptStyle.Checklist));
    }

    [Fact]
    public void What_nobody_asks_for_goes_and_what_is_asked_for_stays()
    {
        var (asked, left) = (Work(), Work());
        _early.Keep(asked, PromptStyle.Checklist, Answer("first"));
        _early.Keep(left, PromptStyle.Checklist, Answer("first"));
        _clock.Seconds += (long)EarlyAnswers.Life.TotalSeconds - 1;
        Assert.NotNull(_early.Find(asked, PromptStyle.Checklist));
        _clock.Seconds += 2;
        _early.Forget(Id.New(0));
        Assert.Equal(1, _early.Count);
        Assert.NotNull(_early.Find(asked, PromptStyle.Checklist));
    }

    [Fact]
    public void There_is_a_bound_and_the_longest_unasked_goes_first()
    {
        var first = Work();
        _early.Keep(first, PromptStyle.Checklist, Answer("first"));
        for (int i = 0; i < EarlyAnswers.MostJobs; i++)
        {
            _clock.Seconds++;
            _early.Keep(Work(), PromptStyle.Checklist, Answer("first"));
        }
        Assert.Equal(EarlyAnswers.MostJobs, _early.Count);
        Assert.Null(_early.Find(first, PromptStyle.Checklist));
    }

    private static WorkKey Work() => new(Id.New(0), 1, "a");

    private static JudgeAnswer Answer(string judge) =>
        new(new Opinion(judge, "model", true, BasisPoints.Zero, []), []);

    private sealed class HandClock : TimeProvider
    {
        public long Seconds { get; set; }
        public override long TimestampFrequency => 1;
        public override long GetTimestamp() => Seconds;
    }
}
