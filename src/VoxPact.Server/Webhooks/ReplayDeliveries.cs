using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
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
        if (Problem(request!) is { } unfit) return Reply.Refused(unfit);
        var (found, unknown) = await ReadWebhookEndpoints.FindAsync(call);
        if (unknown is not null) return Reply.Refused(unknown);
        var (events, more, invalid) = await EventsAsync(call, found!.Endpoint, request!);
        if (invalid is not null) return Reply.Refused(invalid);
        var reply = await call.RunAsync(new Command(found.Endpoint.Id, events, more)
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
        call.Deployment.Signals.Endpoints.Set();
        return reply;
    }

    /// <param name="Any">There is more to ask for.</param>
    /// <param name="Cursor">Behind which it goes on; null when asking for the same again does.</param>
    private sealed record More(bool Any, string? Cursor = null);

    private static Refusal? Problem(ReplayRequest request)
    {
        int ways = (request.DeliveryId is null ? 0 : 1) + (request.Failed is true ? 1 : 0)
            + (request.From is null ? 0 : 1) + (request.Cursor is null ? 0 : 1);
        if (ways != 1 || (request.To is not null && request.From is null))
            return Refusal.Invalid("delivery_id",
                "Send exactly one of delivery_id, failed: true, from (with to, or without), cursor.");
        return request.Limit is < 1 or > Limits.ReplayedEvents
            ? Refusal.Invalid("limit", $"limit is a whole number from 1 to {Limits.ReplayedEvents}.")
            : null;
    }

    private static async Task<(List<(Guid Subject, int Sequence)> Events, More More, Refusal? Refusal)> EventsAsync(
        Call call, WebhookEndpoint endpoint, ReplayRequest request)
    {
        var store = call.Deployment.Store;
        int limit = request.Limit ?? Limits.ReplayedEvents;
        if (request.DeliveryId is { } delivery)
        {
            if (!Id.TryParse(Id.Attempt, delivery, out var id))
                return ([], new(false), Refusal.Invalid("delivery_id", "delivery_id is an id such as whd_…."));
            var attempts = await store.QueryAsync(
                EndpointQueries.Attempt(endpoint.AgentId, endpoint.Id, id), call.Aborted);
            return attempts is [var attempt]
                ? ([(attempt.Subject, attempt.Sequence)], new(false), null)
                : ([], new(false), Refusal.NotFound);
        }
        if (request.Failed is true)
        {
            var dead = await store.QueryAsync(EndpointQueries.Dead(endpoint.Id, limit + 1), call.Aborted);
            return ([.. dead.Take(limit).Select(row => (row.Subject, row.Sequence))], new(dead.Count > limit), null);
        }
        var stretch = default(Stretch);
        if (request.Cursor is { } cursor
            && !call.Deployment.Cursors.TryDecode(endpoint.AgentId, endpoint.Id, cursor, out stretch))
            return ([], new(false), Refusal.Invalid("cursor",
                "cursor is the next_cursor of a replay of a stretch of time to this endpoint."));
        if (request.From is { } from)
            // What it was not sent yet comes anyway: a replay ends where the sending stands.
            stretch = new Stretch(InboxPlace.Start, endpoint.SentUpTo, Us(from),
                Us(request.To ?? DateTimeOffset.MaxValue));
        var (events, left) = await ReadAsync(call, endpoint, stretch, limit);
        string? next = left is { } rest ? call.Deployment.Cursors.Encode(endpoint.AgentId, endpoint.Id, rest) : null;
        return (events, new(next is not null, next), null);
    }

    /// <summary>The next events of a stretch that the endpoint wants, and what is left of it, if any.</summary>
    private static async Task<(List<(Guid Subject, int Sequence)> Events, Stretch? Left)> ReadAsync(
        Call call, WebhookEndpoint endpoint, Stretch stretch, int limit)
    {
        var filter = EventFilter.Of(endpoint);
        var events = new List<(Guid, int)>();
        while (events.Count < limit)
        {
            int wanted = limit - events.Count;
            var told = await call.Deployment.Store.QueryAsync(
                EventQueries.Between(endpoint.AgentId, stretch, filter.Stored, wanted), call.Aborted);
            events.AddRange(told.Where(row => filter.Wants(row.Type, row.Data))
                .Select(row => (row.Place.Subject, row.Place.Sequence)));
            if (told.Count < wanted) return (events, null);
            stretch = stretch with { After = told[^1].Place };
        }
        var next = await call.Deployment.Store.QueryAsync(
            EventQueries.Between(endpoint.AgentId, stretch, filter.Stored, 1), call.Aborted);
        return (events, next.Count == 0 ? null : stretch);
    }

    private static long Us(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / 10;

    private sealed class Command(Guid id, IReadOnlyList<(Guid Subject, int Sequence)> events, More more)
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
                new ReplayResult { Queued = events.Count, More = more.Any, NextCursor = more.Cursor },
                VoxPactJson.Wire.EnvelopeReplayResult));
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
