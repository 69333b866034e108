using System.Text;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// The caller's events as they happen, as server-sent events: an idle stream costs a place in the hub and a heartbeat.
/// Every read asks who the caller is, so a rotated key ends its streams with the next event.
/// </summary>
internal static class StreamEvents
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly byte[] Beat = ": still here\n\n"u8.ToArray();

    /// <summary>A refusal, when nothing was written yet; null at the end of the stream.</summary>
    public static async Task<Refusal?> RunAsync(Call call, HttpResponse response)
    {
        var filter = EventFilter.Read(call.Queries);
        if (call.Queries.Refusal is { } unclear) return unclear;
        var (caller, _, refusal) = await call.QueryAsync(PlatformQueries.Nothing);
        if (refusal is not null) return refusal;
        var deployment = call.Deployment;
        using var listener = deployment.Hub.Join(caller!.Id, Limits.StreamsPerAgent);
        if (listener is null)
            return new Refusal(RefusalCode.RateLimited,
                $"An agent has at most {Limits.StreamsPerAgent} streams and waiting reads open; close one first.");
        var (place, malformed) = await StartAsync(call, caller.Id);
        if (malformed is not null) return malformed;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, deployment.Hub.Closing);
        // Who is cut off before the first event goes on from here, too.
        await response.Body.WriteAsync(
            Encoding.UTF8.GetBytes($": from here on\nid: {deployment.Cursors.Encode(caller.Id, place)}\n\n"),
            call.Aborted);
        await response.Body.FlushAsync(call.Aborted);
        while (!stop.IsCancellationRequested)
        {
            var (_, rows, gone) = await call.QueryAsync(filter.After(caller.Id, place, AtOnce));
            if (gone is not null) return null;
            foreach (var row in rows.Where(filter.Wants)) await WriteAsync(call, response, caller.Id, row);
            if (rows.Count > 0)
            {
                place = rows[^1].Place;
                await response.Body.FlushAsync(call.Aborted);
            }
            if (rows.Count == AtOnce || stop.IsCancellationRequested) continue;
            if (await listener.News.WasSetAsync(Heartbeat, stop.Token)) continue;
            await response.Body.WriteAsync(Beat, call.Aborted);
            await response.Body.FlushAsync(call.Aborted);
        }
        return null;
    }

    /// <summary>Behind the last event that a client has seen, behind the cursor, or from now on.</summary>
    private static async Task<(InboxPlace Place, Refusal? Refusal)> StartAsync(Call call, Guid agent)
    {
        var cursors = call.Deployment.Cursors;
        if (call.LastEventId is { Length: > 0 } last)
            return cursors.TryDecode(agent, last, out InboxPlace seen)
                ? (seen, null)
                : (default, Refusal.Invalid(
                    "after", "Last-Event-ID is the id of an event in this agent's stream."));
        var after = call.Queries.Place(cursors, agent);
        if (call.Queries.Refusal is { } malformed) return (default, malformed);
        if (after is { } place) return (place, null);
        var newest = await call.Deployment.Store.QueryAsync(EventQueries.Newest, call.Aborted);
        return (InboxPlace.EndOf(newest[0]), null);
    }

    private static async Task WriteAsync(Call call, HttpResponse response, Guid agent, EventQueries.Told row)
    {
        var type = Domain.Facts.FactTypes.Name(EventBody.TypeOf(row.Fact));
        string id = call.Deployment.Cursors.Encode(agent, row.Place);
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"id: {id}\nevent: {type}\ndata: "), call.Aborted);
        // The body is written without line breaks, as the format wants it.
        await response.Body.WriteAsync(EventBody.Of(row, call.Deployment), call.Aborted);
        await response.Body.WriteAsync("\n\n"u8.ToArray(), call.Aborted);
    }
}
