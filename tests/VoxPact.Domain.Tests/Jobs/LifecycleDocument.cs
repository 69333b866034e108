using System.Text;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;

namespace VoxPact.Domain.Tests.Jobs;

/// <summary>
/// Writes docs/job-lifecycle.md by trying everything, so that the page cannot say anything else than the
/// code.
/// </summary>
internal static class LifecycleDocument
{
    private const string Head = """
        # The life of a job

        A job is always in one state. Every state that is not final has one due time, at which its default
        happens by itself; every entry into a state sets it anew, and the timer of an earlier state never acts
        in a later one. Time that the worker waits for judges and buyer is added to the deadline, and a job
        that returns to the worker leaves at least 24 hours. This page is written by running the code, and
        compared with it by a test.

        ## States

        """;

    private const string CommandsHead = """

        ## Who may do what, and where it leads

        A cell names the state that follows; empty means 409 `wrong_state`. Whatever is not in the table is
        refused to that caller in every state: 403 to a party of the job, 404 to a stranger unless the job is
        open. The first of two cancels only asks (`asked`); the other party's completes it. `resolve` is shown
        for the worker; for the buyer it leads to `cancelled`; `fund` brings a job for bids to `open`. A post
        starts in `funding` while a card is charged, else in `open` or `offered`. A named worker who declines or
        is silent is followed by the buyer's fallback, if there is one: `offered` again, then `open`. Where an
        appeal is possible (`AppealHours`), a decision leaves the job `disputed` until that time is over; who
        lost may `appeal` once, and then the next decision is done at once. An arbiter who is silent after an
        appeal lets the first decision stand.


        """;

    private const string VerdictsHead = """

        ## What a verdict does

        `pass` and `fail` need both judges, each at least as sure as the threshold. `release` is what the job
        was posted with.

        | Verdict | release: validation | release: approval | with no submission left |
        |---|---|---|---|

        """;

    /// <summary>The whole page, in Markdown.</summary>
    public static string Render()
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n"));
        States(page);
        page.Append(CommandsHead.ReplaceLineEndings("\n"));
        Commands(page);
        page.Append(VerdictsHead.ReplaceLineEndings("\n"));
        foreach (var outcome in Enum.GetValues<VerdictOutcome>())
            page.Append(
                $"| {JobWords.Of(outcome)} | {LifecycleRun.Judge(outcome, ReleaseMode.Validation, 2)} "
                + $"| {LifecycleRun.Judge(outcome, ReleaseMode.Approval, 2)} "
                + $"| {LifecycleRun.Judge(outcome, ReleaseMode.Validation, 0)} |\n");
        page.Append(
            "\nSilence in `review` pays after `pass` and `unsure`, never after `suspect`: then it goes "
            + "to the arbiter.\nAn arbiter's silence refunds after `fail` and `suspect`, pays otherwise.\n"
            + "\n## As a picture\n\n");
        Picture(page);
        return page.ToString();
    }

    private static void States(StringBuilder page)
    {
        page.Append(
            "\n| State | `status` | Next actor | What they do | Due after | Then |\n"
            + "|---|---|---|---|---|---|\n");
        foreach (string place in LifecycleRun.Places)
        {
            var job = Scene.At(place).Job;
            var (who, what, _) = JobWords.NextAction(job);
            string due = job.IsFinal ? "–" : LifecycleRun.Due(place);
            string then = job.IsFinal ? "–" : LifecycleRun.Silence(place);
            page.Append($"| {place} | {JobWords.StatusOf(job.State)} | {who} | {what} | {due} | {then} |\n");
        }
    }

    private static void Commands(StringBuilder page)
    {
        page.Append($"| Command | By | {string.Join(" | ", LifecycleRun.Places)} |\n");
        page.Append($"|---|---|{string.Concat(LifecycleRun.Places.Select(_ => "---|"))}\n");
        foreach (var rule in JobRules.All)
        {
            string caller = LifecycleRun.Callers.Single(one => one.Party == rule.By).Name;
            var cells = LifecycleRun.Places.Select(place => LifecycleRun.Try(place, rule.Command, rule.By))
                .Select(cell => cell is "wrong_state" or "unchanged" or "not_found" ? "" : cell);
            page.Append($"| {JobWords.Of(rule.Command)} | {caller} | {string.Join(" | ", cells)} |\n");
        }
    }

    private static void Picture(StringBuilder page)
    {
        page.Append(
            "```mermaid\nstateDiagram-v2\n    [*] --> funding: post, card charged\n"
            + "    [*] --> open: post for bids\n"
            + "    [*] --> offered: post to a worker\n");
        var seen = new HashSet<string>();
        foreach (string place in LifecycleRun.Places)
            foreach (var (to, why) in JobRules.All.SelectMany(rule => Ways(place, rule)))
            {
                string from = JobWords.Of(Scene.At(place).Job.State);
                if (from == to) continue;
                string line = $"    {from} --> {to}: {why}\n";
                if (seen.Add(line)) page.Append(line);
            }
        page.Append("    completed --> [*]\n    cancelled --> [*]\n```\n");
    }

    private static IEnumerable<(string To, string Why)> Ways(string place, JobRules.Rule rule)
    {
        string to = LifecycleRun.Try(place, rule.Command, rule.By);
        if (!Enum.TryParse<JobState>(to, ignoreCase: true, out _)) yield break;
        if (rule.Command is JobCommand.RecordVerdict)
        {
            yield return (LifecycleRun.Judge(VerdictOutcome.Pass, ReleaseMode.Validation, 2), "pass");
            yield return (LifecycleRun.Judge(VerdictOutcome.Fail, ReleaseMode.Validation, 2), "fail");
            yield return (LifecycleRun.Judge(VerdictOutcome.Fail, ReleaseMode.Validation, 0),
                "fail, none left");
            yield return (LifecycleRun.Judge(VerdictOutcome.Unsure, ReleaseMode.Validation, 2),
                "unsure, suspect");
            yield break;
        }
        if (rule.Command is JobCommand.Fund) yield return ("open", "fund");
        if (rule.Command is JobCommand.Resolve) yield return ("cancelled", "resolve");
        yield return (to, rule.Command is JobCommand.RunTimer ? "silence" : JobWords.Of(rule.Command));
    }
}
