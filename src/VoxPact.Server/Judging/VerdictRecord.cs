using VoxPact.Client;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Jobs;

namespace VoxPact.Server.Judging;

/// <summary>
/// A verdict as it is kept and shown: who judged with which model and prompt, for how much, what each found, and what
/// the worker should do about it.
/// </summary>
internal static class VerdictRecord
{
    private const int MostToDo = 20;

    public static VerdictResource Of(
        Submission judged, JudgedWork work, Verdict verdict, IReadOnlyList<JudgeAnswer> answers, long nowUs) => new()
        {
            Outcome = JobWords.Of(verdict.Outcome),
            Submission = judged.Number,
            DeliverableSha256 = Convert.ToHexStringLower(judged.Hash),
            Reasons = verdict.Reasons,
            Files = work.Files.Count == 0 ? null : [.. work.Files.Select(Show)],
            Todo = verdict.Outcome is VerdictOutcome.Pass ? null : ToDo(answers),
            Judges = [.. answers.Select(Show)],
            JudgedAt = JobView.Time(nowUs),
        };

    public static JudgeOpinion Show(JudgeAnswer answer)
    {
        var opinion = answer.Opinion;
        bool isSound = opinion.Flaw is OpinionFlaw.None;
        return new JudgeOpinion
        {
            Name = opinion.Judge,
            Model = opinion.Model,
            Pass = isSound ? opinion.Pass : null,
            Confidence = isSound ? new decimal(opinion.Confidence.Value, 0, 0, false, 4) : null,
            Reasons = opinion.Reasons,
            Findings = answer.Findings.Count == 0 ? null : [.. answer.Findings.Select(Show)],
            Flaw = opinion.Flaw switch
            {
                OpinionFlaw.None => null,
                OpinionFlaw.Malformed => "malformed",
                OpinionFlaw.Refused => "refused",
                OpinionFlaw.Suspicious => "suspicious",
            },
            PromptVersion = JudgePrompt.Version,
            InputTokens = answer.InputTokens,
            OutputTokens = answer.OutputTokens,
            CostEstimate = answer.Cost,
            LatencyMs = answer.LatencyMilliseconds,
        };
    }

    private static JudgedFileResource Show(JudgedFile file) => new()
    {
        Filename = file.File.Name,
        Sha256 = file.File.Sha256,
        ReadAs = file.Read.Form,
        Unseen = file.Read.Unseen,
    };

    private static JudgeFinding Show(Finding finding) =>
        new() { Criterion = finding.Criterion, Met = finding.Met, Note = finding.Note };

    /// <summary>
    /// Unmet criteria first, those of both judges before those of one; then a failing judge's reasons.
    /// </summary>
    private static List<TodoItem>? ToDo(IReadOnlyList<JudgeAnswer> answers)
    {
        var sound = answers.Where(answer => answer.Opinion.Flaw is OpinionFlaw.None).ToList();
        var unmet = from answer in sound
                    from finding in answer.Findings
                    where !finding.Met
                    group (answer.Opinion.Judge, finding.Note) by finding.Criterion into same
                    orderby same.Select(one => one.Judge).Distinct().Count() descending
                    select Item(same.First().Note.Length > 0 ? same.First().Note : same.Key, same.Key,
                        same.Select(one => one.Judge));
        var reasons = from answer in sound
                      where !answer.Opinion.Pass
                      from reason in answer.Opinion.Reasons
                      where !answer.Findings.Any(f => !f.Met && reason == AnswerReader.Sentence(f))
                      select Item(reason, null, [answer.Opinion.Judge]);
        List<TodoItem> list = [.. unmet.Concat(reasons).Take(MostToDo)];
        return list.Count == 0 ? null : list;
    }

    private static TodoItem Item(string what, string? criterion, IEnumerable<string> by) =>
        new() { What = what, Criterion = criterion, By = [.. by.Distinct()] };
}
