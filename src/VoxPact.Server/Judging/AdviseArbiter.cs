using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Judging;

/// <summary>
/// Prepares a recommendation for the arbiter of a dispute: a third opinion with a prompt of its own, which also reads
/// what both sides say and what the judges said. It moves nothing; a person decides.
/// </summary>
internal static class AdviseArbiter
{
    private const int SaidChars = 8_000;

    public static async Task RunAsync(Deployment deployment, StoredWork item, CancellationToken stop)
    {
        var found =
            await deployment.Store.QueryAsync(JobQueries.Submission(item.Item.Subject, item.Item.Argument), stop);
        if (deployment.Judges is not { Adviser: { } adviser } panel || found is not [var source]
            || source.Job.State is not JobState.Disputed)
        {
            await deployment.Engine.FinishAsync(item);
            return;
        }
        await JudgingBudget.CheckDayAsync(deployment, stop);
        var said = await deployment.Store.QueryAsync(JudgingQueries.SaidAbout(source.Job.Id), stop);
        var request = JudgingRequest.For(source, await deployment.Works.OfAsync(source.Submission, stop)) with
        {
            Exhibits = [.. Exhibits(said), ("VERDICT", Verdict(source.Submission))],
        };
        var (answer, missing) = await panel.AskOneAsync(adviser, request, stop);
        if (answer is null) throw new JudgeUnreachable(missing!.Why);
        var shown = Show(source, answer, request.Suspicions, deployment.Clock.NowUs);
        await deployment.Engine.RunWorkAsync(new Keep(item, new Recommendation
        {
            JobId = source.Job.Id,
            Sequence = source.Job.Sequence,
            Text = JsonSerializer.Serialize(shown, VoxPactJson.Wire.RecommendationResource),
            CreatedUs = deployment.Clock.NowUs,
        }, JudgingSpent.On(shown.Adviser), JudgingBudget.DayKey(deployment)));
    }

    private static RecommendationResource Show(
        JobQueries.ToJudge source, JudgeAnswer answer, IReadOnlyList<string> suspicions, long nowUs) => new()
        {
            JobId = Id.Format(Id.Job, source.Job.Id),
            Submission = source.Submission.Number,
            Recommends = answer.Opinion.Flaw is not OpinionFlaw.None ? "nothing"
            : answer.Opinion.Pass ? "release" : "refund",
            Adviser = VerdictRecord.Show(answer),
            Suspicions = suspicions,
            CreatedAt = JobView.Time(nowUs),
        };

    private static IEnumerable<(string Name, string Text)> Exhibits(IReadOnlyList<JudgingQueries.Said> said) =>
        from one in said
        group one.Note by SpeakerOf(one) into notes
        let text = string.Join("\n\n", notes)
        select (notes.Key, text.Length > SaidChars ? text[..SaidChars] : text);

    /// <summary>Revisions are asked for by buyers; the other facts say whose they are.</summary>
    private static string SpeakerOf(JudgingQueries.Said said)
    {
        using var data = JsonDocument.Parse(said.Data);
        string? by = data.RootElement.TryGetProperty("by"u8, out var known) ? known.GetString() : null;
        return (by, said.Type) switch
        {
            ("buyer", _) or (_, FactType.JobRevisionRequested) => "BUYER_SAYS",
            ("worker", _) => "WORKER_SAYS",
            _ => "SAID",
        };
    }

    private static string Verdict(Submission submission) =>
        SubmissionView.Verdict(submission.Verdict) is not { } verdict
            ? "The judges gave no verdict."
            : $"{verdict.Outcome}\n{string.Join('\n', verdict.Reasons)}";

    private sealed class Keep(StoredWork item, Recommendation advice, JudgingSpent spent, string? dayKey)
        : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(advice.JobId);
            if (dayKey is not null) plan.SettingsToChange.Add(dayKey);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            // Decided meanwhile: then the advice comes too late.
            var job = rows.Jobs.Find(advice.JobId)!;
            bool isTimely = job.State is JobState.Disputed;
            var ruling = new Ruling(isTimely ? new Decision().Add(advice) : new Decision(), Reply.None)
            {
                Log = { item.Done() },
            };
            if (dayKey is not null) ruling.Log.Add(JudgingBudget.Add(rows, dayKey, spent));
            return ruling;
        }
    }
}
