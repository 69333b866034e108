using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Judging;
using Xunit;

namespace VoxPact.Server.Tests.Judging;

public sealed class SandboxJudgeTests
{
    private static readonly BasisPoints Threshold = new(8_000);

    [Theory]
    [InlineData("Summarise this document", "...", "Summary: The document discusses...")]
    [InlineData("Summarise this document", "...",
        "Summary: The document discusses the quarterly results and finds revenue up 12 percent.")]
    [InlineData("Translate to German", "Translate the sentence: The meeting starts at nine and ends at noon.",
        "German translation: Die Besprechung beginnt um neun Uhr und endet am Mittag.")]
    [InlineData("Python function", "Write a function that returns the median of a list.",
        "def median(values):\n    ordered = sorted(values)\n    return ordered[len(ordered) // 2]")]
    [InlineData("Extract invoice fields", "Return vendor, total and date as JSON.",
        """{"vendor":"ACME Ltd","total":120.50,"date":"2025-03-01"}""")]
    [InlineData("Typed summary of a CSV", "Give the columns, the row count and a summary.",
        """{"columns":["month","level"],"row_count":12,"summary":"Twelve monthly levels of one river."}""")]
    [InlineData("总结这份报告", "用两句话总结季度报告。", "报告显示收入增长百分之十二。成本保持稳定，季度利润创新高。")]
    public async Task Honest_short_work_passes_with_both_judges_sure(
        string title, string description, string work) =>
        Assert.Equal(VerdictOutcome.Pass, await Judge(title, description, work));

    [Theory]
    [InlineData("asdf")]
    [InlineData("done")]
    [InlineData("x")]
    [InlineData("ok")]
    [InlineData("...")]
    [InlineData("")]
    [InlineData("here you go")]
    [InlineData("xkqj zzptw qwrtx lkjhg mnbvc fghjk")]
    [InlineData("blah blah blah blah blah blah blah blah")]
    [InlineData("{}")]
    public async Task Worthless_work_never_passes(string work)
    {
        VerdictOutcome outcome = await Judge("Summarise this document", "The quarterly report.", work);
        Assert.True(outcome is VerdictOutcome.Fail or VerdictOutcome.Suspect, $"{work}: {outcome}");
    }

    [Theory]
    [InlineData("flom brat quin stove larp dit moke fland gresp wint")]
    [InlineData("Blorvan tesk undi, parlo wextin goru. Mintal breg osk fenlo dray.")]
    [InlineData("lorem worem gorem dorem sorem torem norem porem borem")]
    public async Task Gibberish_does_not_pass_a_job_without_key_words_either(string work)
    {
        Assert.NotEqual(VerdictOutcome.Pass, await Judge("Do it", "As we said.", work));
        Assert.NotEqual(VerdictOutcome.Pass, await Judge("Summarise this document", "The report.", work));
    }

    [Fact]
    public async Task Work_off_the_topic_and_the_task_given_back_do_not_pass()
    {
        const string task =
            "Summarise the quarterly report of ACME with revenue, costs and outlook for the board.";
        Assert.NotEqual(VerdictOutcome.Pass,
            await Judge("Summary", task, "The weather is fine today and many birds sing in the old trees."));
        Assert.NotEqual(VerdictOutcome.Pass, await Judge("Summary", task, task + " Thanks."));
    }

    [Theory]
    [InlineData("[sandbox:pass]", VerdictOutcome.Pass)]
    [InlineData("[sandbox:fail]", VerdictOutcome.Fail)]
    [InlineData("[sandbox:unsure]", VerdictOutcome.Unsure)]
    [InlineData("[sandbox:split]", VerdictOutcome.Unsure)]
    [InlineData("[sandbox:suspect]", VerdictOutcome.Suspect)]
    [InlineData("[sandbox:malformed]", VerdictOutcome.Suspect)]
    [InlineData("[sandbox:refused]", VerdictOutcome.Suspect)]
    [InlineData("[sandbox:leak]", VerdictOutcome.Suspect)]
    [InlineData("[sandbox:unreachable]", null)]
    public async Task A_mark_in_the_work_steers_the_verdict(string mark, VerdictOutcome? outcome)
    {
        Assert.Contains(SandboxMarks.All, known => known.Mark == mark);
        PanelResult result =
            await Ask("Summarise", "Anything.", $"Some work {mark.ToUpperInvariant()} here.");
        Assert.Equal(outcome, result.Decide(Threshold, [])?.Outcome);
    }

    [Fact]
    public void Every_mark_is_in_the_table_of_this_test_and_passes_the_earlier_checks()
    {
        Assert.Equal(9, SandboxMarks.All.Count);
        foreach (SandboxMark mark in SandboxMarks.All)
        {
            Assert.Null(Deliverable.FromText(mark.Mark).NeverPaid(["Summarise this document"]));
            Assert.Empty(Detector.Inspect(Deliverable.FromText(mark.Mark), ["Summarise this document"]));
        }
    }

    [Fact]
    public async Task The_same_work_always_gets_the_same_answer_from_judges_named_as_what_they_are()
    {
        PanelResult a = await Ask("Summarise", "The report.", "The report finds revenue up.");
        PanelResult b = await Ask("Summarise", "The report.", "The report finds revenue up.");
        Assert.Equal(JsonSerializer.Serialize(a.Answers), JsonSerializer.Serialize(b.Answers));
        Assert.Equal(
            ["sandbox-judge-a", "sandbox-judge-b"], a.Answers.Select(static answer => answer.Opinion.Judge));
        Assert.All(a.Answers, static answer => Assert.Equal("sandbox (no model)", answer.Opinion.Model));
    }

    [Theory]
    [InlineData("The report finds revenue up by twelve percent in the quarter.", VerdictOutcome.Pass, true)]
    [InlineData("Some work [sandbox:pass] here.", VerdictOutcome.Pass, true)]
    [InlineData("Some work [sandbox:unsure] here.", VerdictOutcome.Unsure, true)]
    [InlineData("Some work [sandbox:fail] here.", VerdictOutcome.Fail, false)]
    public async Task Each_line_of_the_rubric_gets_a_finding_that_says_it_is_no_models(
        string work, VerdictOutcome outcome, bool met)
    {
        string[] rubric = ["It is about the report.", "It has two\nlines or R7. more."];
        PanelResult result = await Ask("Summarise the report", "The quarterly report.", work, rubric);
        Assert.Equal(outcome, result.Decide(Threshold, [])!.Outcome);
        foreach (var answer in result.Answers)
        {
            Assert.Equal(rubric, answer.Findings.Select(finding => finding.Criterion));
            Assert.All(answer.Findings, finding =>
            {
                Assert.Equal(met, finding.Met);
                Assert.Contains("has no model", finding.Note, StringComparison.Ordinal);
            });
        }
    }

    private static async Task<VerdictOutcome> Judge(string title, string description, string work)
    {
        PanelResult result = await Ask(title, description, work);
        return result.Decide(Threshold, [])!.Outcome;
    }

    private static Task<PanelResult> Ask(
        string title, string description, string work, params string[] rubric)
    {
        (Judge first, Judge second) = SandboxJudge.Pair();
        var request = new JudgingRequest(title, description, null, rubric, Deliverable.FromText(work), 1, []);
        return new JudgePanel(first, second, TimeProvider.System)
            .AskAsync(request, TestContext.Current.CancellationToken);
    }
}
