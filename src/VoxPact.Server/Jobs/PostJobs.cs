using System.Text;
using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Payments;

namespace VoxPact.Server.Jobs;

/// <summary>
/// Posts up to a hundred jobs: each is answered as a post of its own would be, in the order given, and one that is
/// refused stops no other. Each counts as a request against the rate limits, all of them or none. They reach the engine
/// together, and so share its commits.
/// </summary>
internal static class PostJobs
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.PostJobsBody, Limits.BatchBodyBytes);
        if (refusal is not null) return Reply.Refused(refusal);
        if (request!.Jobs.Count is 0 or > Limits.JobsPerBatch)
            return Reply.Refused(Refusal.Invalid("jobs", $"jobs must have 1 to {Limits.JobsPerBatch} entries."));
        if (call.CountParts(request.Jobs.Count, "jobs") is { } tooMany) return tooMany;
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var opened = await call.RunAsync(new Open { CallerKey = call.CallerKey, Idempotency = claim });
        if (opened.Refusal is not null) return opened;
        var refreshed = new Lazy<Task<bool>>(() => ListPaymentMethods.RefreshAsync(call));
        var replies = await Task.WhenAll(request.Jobs.Select((job, at) =>
            PostAsync(call, Encoding.UTF8.GetBytes(job.GetRawText()), claim, at, () => refreshed.Value)));
        var results = replies.Select((reply, at) => Result(call, reply, at)).ToList();
        var answer = Answers.Ok(new PostedJobs
        {
            Posted = results.Count(result => result.Status < 300),
            Refused = results.Count(result => result.Status >= 300),
            Results = results,
        }, VoxPactJson.Wire.EnvelopePostedJobs);
        return answer with { IsReplay = replies.All(reply => reply.IsReplay) };
    }

    private static async Task<Reply> PostAsync(
        Call call, byte[] body, IdempotencyClaim? whole, int at, Func<Task<bool>> refreshCards)
    {
        var (request, malformed) = StrictBody.Parse(body, VoxPactJson.Default.PostJobRequest);
        if (malformed is not null) return Reply.Refused(malformed);
        if (request is null) return Reply.Refused(StrictBody.Malformed("Each entry of jobs must be an object."));
        var draft = JobDraft.From(request, call.Deployment.Clock.NowUs, call.Deployment.Policy);
        return draft.Refusal is { } invalid
            ? Reply.Refused(invalid)
            : await PostJob.RunAsync(
                call, draft, call.IdempotencyOfPart(whole, at, body), Call.HashOfPart("POST", "/v1/jobs", body),
                refreshCards);
    }

    private static PostedJob Result(Call call, Reply reply, int at)
    {
        var (status, body) = reply.Refusal is { } refusal ? call.Problem(refusal) : (reply.Status, reply.Body);
        return new PostedJob { Index = at, Status = status, Body = JsonElement.Parse(body) };
    }

    /// <summary>
    /// Knows the caller, and keeps the whole body's hash: with the same key another batch is refused as a whole. The
    /// parts' own answers are stored with the jobs.
    /// </summary>
    private sealed class Open : Command
    {
        public override Ruling Decide(Snapshot rows, DecisionContext context) => Idempotency is null
            ? Reply.None
            : new Ruling(new Decision(), Answers.Raw("""{"success":true}"""u8.ToArray()));
    }
}
