using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// Sends events to one of the caller's endpoints again: one, all that failed, or all of a stretch of time.
/// </summary>
internal static class ReplayDeliveries
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.ReplayRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        var (found, unknown) = await ReadWebhookEndpoints.FindAsync(call);
        if (unknown is not null) return Reply.Refused(unknown);
        var (events, invalid) = await EventsAsync(call, found!.Endpoint, request!);
        if (invalid is not null) return Reply.Refused(invalid);
        bool more = events!.Count > Limits.ReplayedEvents;
        var reply = await call.RunAsync(
            new Command(found.Endpoint.Id, [.. events.Take(Limits.ReplayedEvents).Distinct()], more)
            {
                CallerKey = call.CallerKey,
                Idempotency = claim,
            });
        call.Deployment.Signals.Endpoints.Set();
        return reply;
    }

    private static async Task<(List<(Guid Subject, int Sequence)>? Events, Refusal? Refusal)> EventsAsync(
        Call call, WebhookEndpoint endpoint, ReplayRequest request)
    {
        int ways = (request.DeliveryId is null ? 0 : 1) + (request.Failed is true ? 1 : 0)
            + (request.From is null ? 0 : 1);
        if (ways != 1 || (request.To is not null && request.From is null))
            return (null, Refusal.Invalid("delivery_id",
                "Send exactly one of delivery_id, failed: true, or from (with to, or without)."));
        var store = call.Deployment.Store;
        if (request.DeliveryId is { } delivery)
        {
            if (!Id.TryParse(Id.Attempt, delivery, out var id))
                return (null, Refusal.Invalid("delivery_id", "delivery_id is an id such as whd_…."));
            var attempts = await store.QueryAsync(
                EndpointQueries.Attempt(endpoint.AgentId, endpoint.Id, id), call.Aborted);
            return attempts is [var attempt]
                ? ([(attempt.Subject, attempt.Sequence)], null)
                : (null, Refusal.NotFound);
        }
        if (request.Failed is true)
        {
            var dead = await store.QueryAsync(
                EndpointQueries.Dead(endpoint.Id, Limits.ReplayedEvents + 1), call.Aborted);
            return (dead.ConvertAll(row => (row.Subject, row.Sequence)), null);
        }
        var told = await store.QueryAsync(EventQueries.Between(
            endpoint.AgentId, Us(request.From!.Value), Us(request.To ?? DateTimeOffset.MaxValue),
            Limits.ReplayedEvents + 1), call.Aborted);
        return ([.. told.Where(row => endpoint.Wants((FactType)row.Type)).Select(row => (row.Subject, row.Sequence))],
            null);
    }

    private static long Us(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / 10;

    private sealed class Command(Guid id, IReadOnlyList<(Guid Subject, int Sequence)> events, bool more)
        : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Endpoints.Add(id);
            foreach (var (subject, sequence) in events)
            {
                plan.Deliveries.Add((id, subject, sequence));
                plan.DeadDeliveries.Add((id, subject, sequence));
            }
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Endpoints.Find(id) is not { } endpoint || endpoint.AgentId != context.Caller.Id)
                return Refusal.NotFound;
            if (!endpoint.IsOn)
                return Refusal.WrongState("The endpoint is switched off; switch it on with enabled: true first.");
            // Whoever asks for something now does not want it sent when the endpoint's rest is over.
            var decision = new Decision();
            if (endpoint.IsResting(context.NowUs)) decision.Put(endpoint.Awake());
            var ruling = new Ruling(decision, Answers.Ok(
                new ReplayResult { Queued = events.Count, More = more }, VoxPactJson.Wire.EnvelopeReplayResult));
            foreach (var (subject, sequence) in events)
            {
                var waiting = rows.Deliveries.Find((id, subject, sequence));
                ruling.Log.Add(new Row(new Delivery
                {
                    EndpointId = id,
                    Subject = subject,
                    Sequence = sequence,
                    DueUs = context.NowUs,
                }, waiting is null ? RowChange.Insert : RowChange.Update));
                if (rows.DeadDeliveries.Find((id, subject, sequence)) is { } dead)
                    ruling.Log.Add(new Row(dead, RowChange.Delete));
            }
            return ruling;
        }
    }
}
