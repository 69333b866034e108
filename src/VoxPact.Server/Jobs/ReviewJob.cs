using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Jobs;

/// <summary>One party of a job that is over rates the other, once.</summary>
internal static class ReviewJob
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.ReviewRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        int rating = errors.Range("rating", request!.Rating, 1, 5);
        string? comment = errors.OptionalText("comment", request.Comment, Limits.MessageChars);
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(call.PathId(Id.Job), rating, comment)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class Command(Guid jobId, int rating, string? comment) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Jobs.Add(jobId);
            plan.Reviews.Add(jobId);
            plan.OwnersOfJobs.Add(jobId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var caller = context.Caller.Id;
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            if (job.PartyOf(caller) is Party.None)
                return job.State is JobState.Open
                    ? Refusal.Forbidden("Only the parties of a job may review it.")
                    : Refusal.NotFound;
            if (!job.IsFinal || job.AcceptedUs is null || job.WorkerAgent is not { } worker)
                return Refusal.WrongState("A job is reviewed once it is over, and only if a worker had accepted it.");
            if (rows.Reviews.Find((jobId, caller)) is not null)
                return new Refusal(RefusalCode.AlreadyDone, "You have reviewed this job already; a review stands.");
            var review = new JobReview
            {
                JobId = jobId,
                Reviewer = caller,
                Subject = caller == worker ? job.BuyerAgent : worker,
                Rating = rating,
                Comment = comment,
                CreatedUs = context.NowUs,
            };
            var decision = new Decision().Add(review);
            var subjectOwner = caller == worker ? job.BuyerOwner : job.WorkerOwner!.Value;
            Assessments.Schedule(decision, rows.Owners.Find(subjectOwner), context.NowUs);
            return new Ruling(decision,
                Answers.Created(View(review), VoxPactJson.Wire.EnvelopeReviewResource));
        }

        private static ReviewResource View(JobReview review) => new()
        {
            JobId = Id.Format(Id.Job, review.JobId),
            ReviewerAgentId = Id.Format(Id.Agent, review.Reviewer),
            AgentId = Id.Format(Id.Agent, review.Subject),
            Rating = review.Rating,
            Comment = review.Comment,
            CreatedAt = JobView.Time(review.CreatedUs),
        };
    }
}
