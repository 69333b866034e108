using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Judging;

/// <summary>
/// Asks both judges about a submission, outside any transaction, and records what their opinions amount to. A judge
/// that cannot be reached gives no verdict: the item is put off and the job waits.
/// </summary>
internal static class JudgeSubmission
{
    /// <summary>Outside the sandbox without two judges: the buyer decides, and silence releases.</summary>
    private const string NoJudges = "No judges are configured on this server, so the buyer reviews the work.";

    public static async Task RunAsync(Deployment deployment, StoredWork item, CancellationToken stop)
    {
        var found =
            await deployment.Store.QueryAsync(JobQueries.Submission(item.Item.Subject, item.Item.Argument), stop);
        if (found is not [var source] || source.Job.State is not JobState.Validating
            || source.Job.Submissions != source.Submission.Number)
        {
            deployment.Judges?.Early.Forget(item.Item.Subject);
            await deployment.Engine.FinishAsync(item);
            return;
        }
        try
        {
            await JudgeAsync(deployment, item, source, stop);
        }
        catch (Exception fault) when (fault is not JudgeUnreachable && !stop.IsCancellationRequested)
        {
            // The parties read why judging takes longer; what broke here is for the log.
            throw new JudgeUnreachable("The server could not finish the judging; its log says why.", fault);
        }
    }

    private static async Task JudgeAsync(
        Deployment deployment, StoredWork item, JobQueries.ToJudge source, CancellationToken stop)
    {
        var work = await deployment.Works.OfAsync(source.Submission, stop);
        long? fingerprint = Fingerprint.Of(work.Text);
        var shown = await VerdictAsync(deployment, source, work, fingerprint, stop);
        await deployment.Engine.RunWorkAsync(new Record(item, source.Submission with
        {
            Outcome = shown.Outcome,
            Verdict = JsonSerializer.Serialize(shown.Verdict, VoxPactJson.Wire.VerdictResource),
            JudgedUs = deployment.Clock.NowUs,
            Fingerprint = fingerprint,
        }, shown.Outcome, new JudgingBill(deployment, source.Job.Id, shown.New)));
        deployment.Judges?.Early.Forget(source.Job.Id);
        deployment.EarlierWorks.Remember(source, fingerprint);
    }

    private sealed record Judged(VerdictOutcome Outcome, IReadOnlyList<JudgeAnswer> New, VerdictResource Verdict);

    private static async Task<Judged> VerdictAsync(
        Deployment deployment, JobQueries.ToJudge source, JudgedWork work, long? fingerprint,
        CancellationToken stop)
    {
        if (await deployment.EarlierWorks.CopyAsync(source, work, fingerprint, stop) is { } copy)
            return Unjudged(deployment, source, work, VerdictOutcome.Suspect, copy);
        var request = JudgingRequest.For(source, work);
        if (deployment.Judges is not { } panel)
        {
            var (outcome, reasons) = WithoutJudges(request);
            return Unjudged(deployment, source, work, outcome, reasons);
        }
        if (await JudgingBudget.IsJobSpentAsync(deployment, source.Job.Id, stop))
            return Unjudged(deployment, source, work, VerdictOutcome.Suspect, JudgingBudget.JobIsSpent);
        await JudgingBudget.CheckDayAsync(deployment, stop);
        var result = await panel.AskAsync(request, stop);
        if (result.Decide(deployment.Policy.Threshold, request.Suspicions) is { } verdict)
            return new Judged(verdict.Outcome, result.New,
                VerdictRecord.Of(source.Submission, work, verdict, result.Answers, deployment.Clock.NowUs));
        await new JudgingBill(deployment, source.Job.Id, result.New).WriteAsync();
        throw JudgeUnreachable.Of(result.Unreachable, deployment.Log);
    }

    /// <summary>The buyer decides; but what code finds needs no judge, and silence must not pay for it.</summary>
    internal static Verdict WithoutJudges(JudgingRequest request) => request.Suspicions is []
        ? new Verdict(VerdictOutcome.Unsure, [NoJudges])
        : new Verdict(VerdictOutcome.Suspect, [.. request.Suspicions, NoJudges]);

    /// <summary>What happens to a work that no judge is asked about; the reason says why.</summary>
    private static Judged Unjudged(
        Deployment deployment, JobQueries.ToJudge source, JudgedWork work, VerdictOutcome outcome,
        params IReadOnlyList<string> reasons) => new(
        outcome, [],
        VerdictRecord.Of(source.Submission, work, new Verdict(outcome, reasons), [], deployment.Clock.NowUs));

    private sealed class Record(StoredWork item, Submission judged, VerdictOutcome outcome, JudgingBill bill)
        : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            bill.Need(plan);
            plan.Jobs.Add(judged.JobId);
            plan.OwnersOfJobs.Add(judged.JobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            // The buyer may have approved meanwhile; then the verdict comes too late and changes nothing.
            var job = rows.Jobs.Find(judged.JobId)!;
            var decision = JobLifecycle.RecordVerdict(
                job, judged, outcome, rows.ContextFor(job, context)).Decision;
            var ruling = new Ruling(decision ?? new Decision(), Reply.None) { Log = { item.Done() } };
            bill.Add(rows, ruling.Log, context.NowUs);
            return ruling;
        }
    }
}

/// <summary>
/// There is no verdict yet, for a reason that the parties are shown; nothing is passed or failed by it.
/// </summary>
internal sealed class JudgeUnreachable(string why, Exception? fault = null) : Exception(why, fault)
{
    /// <summary>What was said of each goes to the log, and the stack only of what has no name.</summary>
    public static JudgeUnreachable Of(IReadOnlyList<UnreachableJudge> missing, ILogger log)
    {
        foreach (var judge in missing)
        {
            var (detail, isNamed) = JudgeOutage.Detail(judge.Error);
            log.LogWarning(isNamed ? null : judge.Error, "{Why} {Detail}", judge.Why, detail);
        }
        return new JudgeUnreachable(string.Join(" ", missing.Select(judge => judge.Why)));
    }
}
