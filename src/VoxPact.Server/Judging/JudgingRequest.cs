using Microsoft.Extensions.AI;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Judging;

/// <summary>
/// Everything that the judges are told: the terms as fixed at the offer, the work, and what code found.
/// </summary>
internal sealed record JudgingRequest(
    string Title,
    string Description,
    string? TaskSpec,
    IReadOnlyList<string> Rubric,
    JudgedWork Work,
    int Submission,
    IReadOnlyList<string> Suspicions)
{
    /// <summary>
    /// About a work and the terms as they were fixed when the job was posted; the detector looks at both.
    /// </summary>
    public static JudgingRequest For(
        string title, string description, string? taskSpec, Acceptance? acceptance, JudgedWork work,
        int submission) =>
        new(title, description, taskSpec, acceptance?.Rubric ?? [], work, submission,
            Detector.Inspect(work, [title, description, taskSpec ?? "", .. acceptance?.Rubric ?? []]));

    /// <summary>About a submission as it is stored.</summary>
    public static JudgingRequest For(JobQueries.ToJudge source, JudgedWork work) => For(
        source.Job.Title, source.Terms.Description, source.Terms.TaskSpec,
        source.Terms.Acceptance is { } acceptance ? Acceptance.Stored(acceptance) : null,
        work, source.Submission.Number) with
    {
        Key = new WorkKey(
            source.Job.Id, source.Submission.Number, Convert.ToHexStringLower(source.Submission.Hash)),
    };

    /// <summary>So that no judge is paid twice for it; null when nobody asks again.</summary>
    public WorkKey? Key { get; init; }

    /// <summary>What else the adviser reads, each under a name such as BUYER_SAYS; strangers' text too.</summary>
    public IReadOnlyList<(string Name, string Text)> Exhibits { get; init; } = [];

    /// <summary>What of these exhibits is not shown, as sentences.</summary>
    public IReadOnlyList<string> Unseen { get; init; } = [];
}

/// <summary>Names one very submission.</summary>
internal sealed record WorkKey(Guid Job, int Submission, string Hash);

/// <summary>How a judge is asked: two structures, so that one trick in the work does not fit both.</summary>
internal enum PromptStyle
{
    /// <summary>Rules, job, rubric, work; each criterion is answered in turn.</summary>
    Checklist,

    /// <summary>The work before the job, and the rules after both; looks for reasons to fail first.</summary>
    Audit,

    /// <summary>A dispute: both sides' words and the verdict beside job and work; recommends, never decides.</summary>
    Advice,
}

/// <summary>One configured judge. The name is public; the model is what the verdict record shows.</summary>
internal sealed record Judge(string Name, string Model, IChatClient Client, PromptStyle Style)
{
    /// <summary>For the whole opinion, waiting and retries included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Null for a judge that is asked without limits and never left alone: the sandbox's.</summary>
    public JudgeGuard? Guard { get; init; }
    public JudgeOptions Settings { get; init; } = new();

    /// <summary>As an outage names it; the sandbox's judges have no model to tell.</summary>
    public string Title => Settings.Model is null ? Name : $"{Name} ({Model})";
}

/// <summary>What a judge found about one criterion.</summary>
internal sealed record Finding(string Criterion, bool Met, string Note);

/// <summary>
/// One judge's answer, read; tokens as the provider counted them, null when it did not say. The cost is an estimate
/// from them and the configured prices, in the server's currency.
/// </summary>
internal sealed record JudgeAnswer(
    Opinion Opinion, IReadOnlyList<Finding> Findings, long? InputTokens = null, long? OutputTokens = null)
{
    public long LatencyMilliseconds { get; init; }
    public decimal? Cost { get; init; }

    /// <summary>True for a pass that contradicts itself or leaves out a line of the rubric.</summary>
    public bool IsDoubted { get; init; }
}

/// <summary>
/// A judge that gave no opinion: an outage, never a verdict. <paramref name="Why"/> is one of
/// <see cref="JudgeOutage"/>'s sentences; <paramref name="Error"/> is for the log.
/// </summary>
internal sealed record UnreachableJudge(string Judge, string Why, Exception Error);

/// <summary>The answers of a panel; complete only when nobody was unreachable.</summary>
internal sealed record PanelResult(
    IReadOnlyList<JudgeAnswer> Answers, IReadOnlyList<UnreachableJudge> Unreachable)
{
    /// <summary>Those of the answers that were given now, not while the other judge was away: to be paid.</summary>
    public IReadOnlyList<JudgeAnswer> New { get; init; } = Answers;

    /// <summary>The verdict of both opinions, or null while one is missing: the job waits.</summary>
    public Verdict? Decide(BasisPoints threshold, IReadOnlyList<string> suspicions) => Unreachable.Count > 0
        ? null
        : Verdict.Of(Answers[0].Opinion, Answers[1].Opinion, threshold, suspicions);
}
