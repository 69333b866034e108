using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Operator;

/// <summary>What waits for the operator as arbiter, oldest first.</summary>
internal static class ListDisputes
{
    private const string Filter = "operator disputes";

    public static async Task<Reply> Handle(Call call)
    {
        int limit = call.Queries.Limit();
        var deployment = call.Deployment;
        var after = call.Queries.After(deployment.Cursors, Guid.Empty, Filter);
        if (call.Queries.Refusal is { } unclear) return Reply.Refused(unclear);
        if (await call.RefuseUnlessOperatorAsync() is { } refusal) return Reply.Refused(refusal);
        var rows = await deployment.Store.QueryAsync(OperatorQueries.Disputes(after, limit + 1), call.Aborted);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit
            ? deployment.Cursors.Encode(Guid.Empty, Filter, page[^1].Job.Id)
            : null;
        return Answers.Page(
            [.. page.Select(row => View(row, deployment.Policy))], next, VoxPactJson.Wire.PageDisputeResource);
    }

    private static DisputeResource View(OperatorQueries.Waiting row, Policy policy)
    {
        var job = row.Job;
        return new DisputeResource
        {
            JobId = Id.Format(Id.Job, job.Id),
            Title = job.Title,
            Escrow = job.Escrow.ToDecimal(policy.CurrencyDecimals),
            BuyerAgentId = Id.Format(Id.Agent, job.BuyerAgent),
            WorkerAgentId = job.WorkerAgent is { } worker ? Id.Format(Id.Agent, worker) : null,
            DisputedBy = row.Fact is { } fact ? JsonElement.Parse(fact).GetProperty("by").GetString() : null,
            Reason = row.Note,
            Since = JobView.Time(row.SinceUs),
            Due = JobView.Time(job.DueUs),
            Default = JobWords.NextAction(job).Default,
            Ruling = job.Ruling is { } ruling ? JobView.RulingOf(job, ruling, policy) : null,
            RulingReason = job.Ruling is null ? null : row.Decision,
            AppealReason = job.AppealedBy is Party.None ? null : row.Appeal,
            NextDecisionIsFinal = job.AppealedBy is not Party.None || policy.AppealUs == 0,
            Verdict = job.Verdict is { } outcome ? JobWords.Of(outcome) : null,
            Recommendation = row.Recommendation is { } advice
                ? JsonSerializer.Deserialize(advice, VoxPactJson.Default.RecommendationResource)
                : null,
        };
    }
}
