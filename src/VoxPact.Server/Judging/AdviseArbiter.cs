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
        if (await JudgingBudget.IsJobSpentAsync(deployment, source.Job.Id, stop))
        {
            await KeepAsync(deployment, item, source, Unasked(adviser), [], []);
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
        await KeepAsync(deployment, item, source, VerdictRecord.Show(answer), request.Suspicions, [answer]);
    }

    private static async Task KeepAsync(
        Deployment deployment, StoredWork item, JobQueries.ToJudge source, JudgeOpinion adviser,
        IReadOnlyList<string> suspicions, IReadOnlyList<JudgeAnswer> paid)
    {
        long nowUs = deployment.Clock.NowUs;
        var shown = new RecommendationResource
        {
            JobId = Id.Format(Id.Job, source.Job.Id),
            Submission = source.Submission.Number,
            Recommends = adviser.Pass switch { true => "release", false => "refund", null => "nothing" },
            Adviser = adviser,
            Suspicions = suspicions,
            CreatedAt = JobView.Time(nowUs),
        };
        await deployment.Engine.RunWorkAsync(new Keep(item, new Recommendation
        {
            JobId = source.Job.Id,
            Sequence = source.Job.Sequence,
            Text = JsonSerializer.Serialize(shown, VoxPactJson.Wire.RecommendationResource),
            CreatedUs = nowUs,
        }, new JudgingBill(deployment, source.Job.Id, paid)));
    }

    /// <summary>What stands in the place of an opinion that the job's limit does not allow.</summary>
    private static JudgeOpinion Unasked(Judge adviser) => new()
    {
        Name = adviser.Name,
        Model = adviser.Model,
        Pass = null,
        Confidence = null,
        Reasons = [JudgingBudget.JobIsSpentForAdvice],
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

    private sealed class Keep(StoredWork item, Recommendation advice, JudgingBill bill) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(advice.JobId);
            bill.Need(plan);
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
            bill.Add(rows, ruling.Log, context.NowUs);
            return ruling;
        }
    }
}
