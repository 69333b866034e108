using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Jobs;

/// <summary>What the parties of a job say to each other.</summary>
internal static class Messages
{
    public static async Task<Reply> Send(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.MessageRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        string content = errors.Text("content", request!.Content, Limits.MessageChars);
        string type = errors.OptionalText("type", request.Type, Limits.MessageTypeChars) ?? "text";
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var id = Id.New(call.Deployment.Clock.NowUs);
        return await call.RunAsync(new Command(call.PathId(Id.Job), id, type, content)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    /// <summary>Oldest first, so that a cursor goes on where the last look ended.</summary>
    public static async Task<Reply> List(Call call)
    {
        var job = call.PathId(Id.Job);
        int limit = call.Queries.Limit();
        string filter = $"messages {job:N}";
        var (caller, parties, refusal) = await call.QueryAsync(JobQueries.Parties(job));
        if (refusal is not null) return Reply.Refused(refusal);
        var after = call.Queries.After(call.Deployment.Cursors, caller!.Id, filter) ?? Guid.Empty;
        if (call.Queries.Refusal is { } unclear) return Reply.Refused(unclear);
        if (parties is not [var found] || (found.Buyer != caller.Id && found.Worker != caller.Id))
            return Reply.Refused(Refusal.NotFound);
        // What the buyer and a worker who was asked before said to each other stays theirs.
        if (after == Guid.Empty && caller.Id == found.Worker && found.OfferedUs is { } since) after = Id.FirstAt(since);
        var rows = await call.Deployment.Store.QueryAsync(JobQueries.Messages(job, after, limit + 1), call.Aborted);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit ? call.Deployment.Cursors.Encode(caller.Id, filter, page[^1].Id) : null;
        return Answers.Page([.. page.Select(View)], next, VoxPactJson.Wire.PageMessageResource);
    }

    public static MessageResource View(Message message) => new()
    {
        Id = Id.Format(Id.Message, message.Id),
        JobId = Id.Format(Id.Job, message.JobId),
        SenderAgentId = Id.Format(Id.Agent, message.Sender),
        Content = message.Content,
        Type = message.Type,
        CreatedAt = JobView.Time(message.CreatedUs),
    };

    private sealed class Command(Guid jobId, Guid id, string type, string content) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.Jobs.Add(jobId);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Jobs.Find(jobId) is not { } job) return Refusal.NotFound;
            var message = new Message
            {
                JobId = jobId,
                Id = id,
                Sender = context.Caller.Id,
                Type = type,
                Content = content,
                CreatedUs = context.NowUs,
            };
            var outcome = JobLifecycle.SendMessage(
                job, message, job.PartyOf(context.Caller.Id), rows.ContextFor(job, context));
            return outcome.Refusal is { } refusal
                ? refusal
                : new Ruling(outcome.Decision, Answers.Created(
                    View(message), VoxPactJson.Wire.EnvelopeMessageResource));
        }
    }
}
