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
/// Prepares a recommendation for the arbiter of a dispute: a third opinion with a prompt of its own, which also reads
/// what both sides say and lay in evidence, and what the judges said. It moves nothing; a person decides. When evidence
/// comes in it is asked again, and the newest advice counts.
/// </summary>
internal static class AdviseArbiter
{
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
        var known = await deployment.Store.QueryAsync(JudgingQueries.Advice(source.Job.Id), stop);
        var laid = (await deployment.Store.QueryAsync(JobQueries.Evidence(source.Job.Id), stop))
            .Select(row => row.Evidence).OfType<Evidence>().ToList();
        bool isSpent = await JudgingBudget.IsJobSpentAsync(deployment, source.Job.Id, stop);
        bool comesMore = laid.Any(one => one.CreatedUs + JobTimes.EvidenceUs > item.Item.DueUs);
        if (comesMore || (known is [var newest] && (isSpent || newest.Sequence == source.Job.Sequence)))
        {
            // The newest evidence has an item of its own; or nothing happened since; or no more may be asked.
            await deployment.Engine.FinishAsync(item);
            return;
        }
        var exhibits = await DisputeExhibits.OfAsync(deployment, source, laid, stop);
        var request = JudgingRequest.For(source, await deployment.Works.OfAsync(source.Submission, stop));
        request = request with
        {
            Exhibits = exhibits.Sections,
            Unseen = exhibits.Unseen,
            Suspicions = [.. request.Suspicions, .. exhibits.Suspicions],
        };
        if (isSpent)
        {
            await KeepAsync(deployment, item, source, request, laid.Count, Unasked(adviser), []);
            return;
        }
        await JudgingBudget.CheckDayAsync(deployment, stop);
        var (answer, missing) = await panel.AskOneAsync(adviser, request, stop);
        if (answer is null) throw JudgeUnreachable.Of([missing!], deployment.Log);
        await KeepAsync(deployment, item, source, request, laid.Count, VerdictRecord.Show(answer), [answer]);
    }

    private static async Task KeepAsync(
        Deployment deployment, StoredWork item, JobQueries.ToJudge source, JudgingRequest request, int pieces,
        JudgeOpinion adviser, IReadOnlyList<JudgeAnswer> paid)
    {
        long nowUs = deployment.Clock.NowUs;
        List<string> unseen = [.. request.Work.Unseen, .. request.Unseen];
        var shown = new RecommendationResource
        {
            JobId = Id.Format(Id.Job, source.Job.Id),
            Submission = source.Submission.Number,
            Recommends = adviser.Pass switch { true => "release", false => "refund", null => "nothing" },
            Adviser = adviser,
            Suspicions = request.Suspicions,
            Evidence = pieces,
            Unseen = unseen.Count == 0 ? null : unseen,
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
