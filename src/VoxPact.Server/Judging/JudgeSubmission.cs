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

    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        var found =
            await deployment.Store.QueryAsync(JobQueries.Submission(work.Item.Subject, work.Item.Argument), stop);
        if (found is not [var source] || source.Job.State is not JobState.Validating
            || source.Job.Submissions != source.Submission.Number)
        {
            await deployment.Engine.FinishAsync(work);
            return;
        }
        var verdict = await VerdictAsync(deployment, source, stop);
        await deployment.Engine.RunWorkAsync(new Record(work, source.Submission with
        {
            Outcome = verdict.Outcome,
            Verdict = JsonSerializer.Serialize(verdict.Shown, VoxPactJson.Wire.VerdictResource),
            JudgedUs = deployment.Clock.NowUs,
        }, verdict.Outcome));
    }

    private sealed record Judged(VerdictOutcome Outcome, VerdictResource Shown);

    private static async Task<Judged> VerdictAsync(
        Deployment deployment, JobQueries.ToJudge source, CancellationToken stop)
    {
        if (deployment.Judges is not { } panel) return Unjudged(deployment, source, VerdictOutcome.Unsure, NoJudges);
        var request = RequestFor(source);
        var result = await panel.AskAsync(request, stop);
        if (result.Decide(deployment.Policy.Threshold, request.Suspicions) is { } verdict)
            return new Judged(verdict.Outcome,
                VerdictRecord.Of(source.Submission, verdict, result.Answers, deployment.Clock.NowUs));
        foreach (var missing in result.Unreachable)
            deployment.Log.LogWarning(missing.Error, "{Why}", missing.Why);
        throw new JudgeUnreachable(string.Join(" ", result.Unreachable.Select(judge => judge.Why)));
    }

    private static JudgingRequest RequestFor(JobQueries.ToJudge source) => JudgingRequest.For(
        source.Job.Title, source.Terms.Description, source.Terms.TaskSpec,
        source.Terms.Acceptance is { } acceptance ? Acceptance.Stored(acceptance) : null,
        Deliverable.Stored(source.Submission.Deliverable), source.Submission.Number);

    /// <summary>What happens to a work that no judge is asked about; the reason says why.</summary>
    private static Judged Unjudged(
        Deployment deployment, JobQueries.ToJudge source, VerdictOutcome outcome, string reason) => new(
        outcome, VerdictRecord.Of(source.Submission, new Verdict(outcome, [reason]), [], deployment.Clock.NowUs));

    private sealed class Record(StoredWork work, Submission judged, VerdictOutcome outcome) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(judged.JobId);
            plan.OwnersOfJobs.Add(judged.JobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            // The buyer may have approved meanwhile; then the verdict comes too late and changes nothing.
            var job = rows.Jobs.Find(judged.JobId)!;
            var decision = JobLifecycle.RecordVerdict(job, judged, outcome, rows.ContextFor(job, context)).Decision;
            return new Ruling(decision ?? new Decision(), Reply.None) { Log = { work.Done() } };
        }
    }
}

/// <summary>A judge gave no answer; nothing is passed or failed by that.</summary>
internal sealed class JudgeUnreachable(string who) : Exception(who);
