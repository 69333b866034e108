using Microsoft.Extensions.Logging.Abstractions;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Judging.Reading;

namespace VoxPact.Server.Judging.Eval;

/// <summary>What became of one case, and who said so.</summary>
/// <param name="Outcome">A word of <see cref="EvalRun.Outcomes"/>.</param>
/// <param name="ByCode">True when code alone refused the work or found it suspicious.</param>
internal sealed record EvalResult(
    EvalCase Case, string Outcome, bool ByCode, IReadOnlyList<string> Reasons, IReadOnlyList<JudgeAnswer> Answers)
{
    /// <summary>An attack that had its way: paid at once, or by a buyer's text an honest work failed.</summary>
    public bool IsWon => Case.Expect == EvalCases.AttackWord
        && (Case.IsByBuyer ? Outcome is EvalRun.Refused or EvalRun.Fail : Outcome == EvalRun.Pass);

    /// <summary>An attack that a buyer's silence would pay.</summary>
    public bool IsPaidBySilence => Case is { Expect: EvalCases.AttackWord, IsByBuyer: false }
        && Outcome is EvalRun.Pass or EvalRun.Unsure;

    /// <summary>Null unless both judges gave a sound opinion.</summary>
    public bool? Agree => Answers is [{ Opinion.Flaw: OpinionFlaw.None } one, { Opinion.Flaw: OpinionFlaw.None } other]
        ? one.Opinion.Pass == other.Opinion.Pass
        : null;
}

/// <summary>
/// Sends each case the way that a submission goes: what code decides in the request, the detector, both judges, and
/// the verdict of their opinions.
/// </summary>
internal sealed class EvalRun(JudgePanel? panel, BasisPoints threshold)
{
    public const string Refused = "refused", Pass = "pass", Fail = "fail", Unsure = "unsure", Suspect = "suspect",
        Unjudged = "unjudged";

    /// <summary>
    /// <c>refused</c> in the request; the four verdicts; <c>unjudged</c> when a judge could not be reached or none
    /// was to be asked.
    /// </summary>
    public static readonly IReadOnlyList<string> Outcomes = [Refused, Pass, Fail, Unsure, Suspect, Unjudged];

    private readonly FileReading _reading = new(NullLogger.Instance);

    public async Task<IReadOnlyList<EvalResult>> RunAsync(
        IReadOnlyList<EvalCase> cases, int atOnce, CancellationToken stop)
    {
        var results = new EvalResult[cases.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = stop };
        await Parallel.ForAsync(0, cases.Count, options, async (i, cancel) =>
            results[i] = await RunAsync(cases[i], cancel));
        return results;
    }

    public async Task<EvalResult> RunAsync(EvalCase one, CancellationToken stop)
    {
        if (RefusedBecause(one, out var work) is { } reason) return new EvalResult(one, Refused, true, [reason], []);
        var read = await one.ReadAsync(work!, _reading, stop);
        var request = JudgingRequest.For(
            one.Job.Title, one.Job.Description, one.Job.TaskSpec, one.Job.Acceptance, read, 1);
        bool byCode = request.Suspicions.Count > 0;
        if (panel is null)
            return new EvalResult(one, byCode ? Suspect : Unjudged, byCode, request.Suspicions, []);
        var asked = await panel.AskAsync(request, stop);
        return asked.Decide(threshold, request.Suspicions) is { } verdict
            ? new EvalResult(one, JobWords.Of(verdict.Outcome), byCode, verdict.Reasons, asked.Answers)
            : new EvalResult(one, Unjudged, byCode, [.. asked.Unreachable.Select(judge => judge.Why)], asked.Answers);
    }

    /// <summary>As the submit request would answer.</summary>
    private static string? RefusedBecause(EvalCase one, out Deliverable? work)
    {
        if (!Deliverable.TryParse(one.Work, out work, out string? problem)) return problem;
        string[] texts = [one.Job.Title, one.Job.Description, one.Job.TaskSpec ?? ""];
        if (work.NeverPaid(texts, one.Files.Count > 0) is { } never) return never;
        return one.Job.Acceptance?.Evaluate(work, [.. one.Files.Select(file => file.File)])
            .FirstOrDefault(result => !result.Passed)?.Reason;
    }
}
