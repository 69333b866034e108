using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>What was tried at one of the caller's endpoints, and how it went, newest first.</summary>
internal static class ListDeliveries
{
    private static readonly Dictionary<string, AttemptOutcome> Outcomes = new()
    {
        ["delivered"] = AttemptOutcome.Delivered,
        ["retrying"] = AttemptOutcome.Retrying,
        ["dead"] = AttemptOutcome.Dead,
    };

    public static IReadOnlyCollection<string> Words => Outcomes.Keys;

    public static async Task<Reply> Handle(Call call)
    {
        int limit = call.Queries.Limit();
        var outcomes = call.Queries.Words("outcome", Outcomes.Keys);
        if (call.Queries.Refusal is { } unclear) return Reply.Refused(unclear);
        var (found, unknown) = await ReadWebhookEndpoints.FindAsync(call);
        if (unknown is not null) return Reply.Refused(unknown);
        var endpoint = found!.Endpoint;
        string filter = $"deliveries {endpoint.Id:N} {string.Join(',', outcomes)}";
        var below = call.Queries.After(call.Deployment.Cursors, endpoint.AgentId, filter) ?? Paging.Top;
        if (call.Queries.Refusal is { } malformed) return Reply.Refused(malformed);
        var wanted = outcomes.Select(word => Outcomes[word]).ToList();
        var rows = await call.Deployment.Store.QueryAsync(
            EndpointQueries.Attempts(endpoint.AgentId, endpoint.Id, below, wanted, limit + 1), call.Aborted);
        var page = rows.Take(limit).ToList();
        string? next = rows.Count > limit
            ? call.Deployment.Cursors.Encode(endpoint.AgentId, filter, page[^1].Attempt.Id)
            : null;
        return Answers.Page([.. page.Select(Of)], next, VoxPactJson.Wire.PageDeliveryResource);
    }

    private static DeliveryResource Of(EndpointQueries.Logged row)
    {
        var attempt = row.Attempt;
        var type = EventBody.TypeOf(row.Type, row.Data);
        bool isOfAgent = (FactType)row.Type is FactType.AgentActivated or FactType.WebhookPing
            or FactType.WebhookDisabled;
        return new DeliveryResource
        {
            Id = Id.Format(Id.Attempt, attempt.Id),
            EventId = Id.Format(Id.Event, row.EventId),
            Type = FactTypes.Name(type),
            JobId = row.Data.Contains("\"job_id\"", StringComparison.Ordinal) && !isOfAgent
                ? Id.Format(Id.Job, attempt.Subject)
                : null,
            Attempt = attempt.Number,
            At = JobView.Time(attempt.AtUs),
            Outcome = Outcomes.First(pair => pair.Value == attempt.Outcome).Key,
            Status = attempt.Status,
            LatencyMs = attempt.LatencyUs / 1000,
            Error = attempt.Error,
        };
    }
}
