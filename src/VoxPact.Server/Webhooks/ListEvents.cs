using System.Buffers;
using System.Text;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>Which of an agent's events a reader wants.</summary>
internal sealed record EventFilter(IReadOnlyList<string> Types, Guid? Job)
{
    public static readonly IReadOnlyList<string> TypeNames = [.. FactTypes.Sent.Select(row => row.Name)];

    public static EventFilter Read(Query query) => new(query.Words("types", TypeNames), query.Id("job_id", Id.Job));

    /// <summary>What an endpoint asked for.</summary>
    public static EventFilter Of(WebhookEndpoint endpoint) => new(endpoint.Types?.Split(',') ?? [], null);

    /// <summary>The types to look for. Test events are stored as pings, whatever they look like.</summary>
    public int[] Stored => Types.Count == 0 ? [] :
    [
        .. FactTypes.Sent.Where(row => Types.Contains(row.Name)).Select(row => (int)row.Type)
            .Append((int)FactType.WebhookPing).Distinct(),
    ];

    public Statement<EventQueries.Told> After(Guid agent, InboxPlace place, int limit) =>
        EventQueries.Following(agent, place, Stored, Job, limit);

    public bool Wants(EventQueries.Told told) => Wants(told.Fact.Type, told.Fact.Data);

    public bool Wants(int stored, string data) =>
        Types.Count == 0 || Types.Contains(FactTypes.Name(EventBody.TypeOf(stored, data)));
}

/// <summary>
/// What the caller was told, oldest first, after a place; with <c>wait</c>, answered as soon as there is something.
/// </summary>
internal static class ListEvents
{
    public static async Task<Reply> Handle(Call call)
    {
        var filter = EventFilter.Read(call.Queries);
        int limit = call.Queries.Limit();
        var wait = call.Queries.Wait();
        if (call.Queries.Refusal is { } unclear) return Reply.Refused(unclear);
        var (caller, _, refusal) = await call.QueryAsync(PlatformQueries.Nothing);
        if (refusal is not null) return Reply.Refused(refusal);
        var after = call.Queries.Place(call.Deployment.Cursors, caller!.Id) ?? InboxPlace.Start;
        if (call.Queries.Refusal is { } malformed) return Reply.Refused(malformed);
        var (rows, unknown) = await call.WaitForAsync(caller.Id, wait, async () =>
        {
            // What only looked as if it were wanted is passed over: neither it nor a page of it ends the wait.
            while (true)
            {
                var (_, found, gone) = await call.QueryAsync(filter.After(caller.Id, after, limit));
                if (found.Count > 0) after = found[^1].Place;
                var wanted = found.FindAll(filter.Wants);
                if (gone is not null || wanted.Count > 0 || found.Count < limit) return (wanted, gone);
            }
        });
        if (unknown is not null) return Reply.Refused(unknown);
        return Answers.Raw(Page(rows, call.Deployment.Cursors.Encode(caller.Id, after), call.Deployment));
    }

    /// <summary>The bodies as they are posted to endpoints, so that every way of reading says the same.</summary>
    private static byte[] Page(IEnumerable<EventQueries.Told> rows, string next, Deployment deployment)
    {
        var page = new ArrayBufferWriter<byte>(4096);
        page.Write("{\"success\":true,\"data\":["u8);
        bool isFirst = true;
        foreach (var row in rows)
        {
            if (!isFirst) page.Write(","u8);
            isFirst = false;
            page.Write(EventBody.Of(row, deployment));
        }
        page.Write(Encoding.UTF8.GetBytes($"],\"next_cursor\":\"{next}\"}}"));
        return page.WrittenSpan.ToArray();
    }
}

/// <summary>How a read waits for an agent's next event.</summary>
internal static class LongPolls
{
    /// <summary>
    /// Reads until something is found, the time is up, or the server stops; news wakes it. Of an agent that has too
    /// many waiting already, the others look once more when their time is up.
    /// </summary>
    public static async Task<(List<T> Rows, Refusal? Refusal)> WaitForAsync<T>(
        this Call call, Guid agent, TimeSpan wait, Func<Task<(List<T> Rows, Refusal? Refusal)>> read)
    {
        var hub = call.Deployment.Hub;
        // Before the first look, so that nothing falls between the look and the wait.
        using var listener = wait > TimeSpan.Zero ? hub.Join(agent, Limits.StreamsPerAgent) : null;
        var news = listener?.News ?? new Signal();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, hub.Closing);
        long began = call.Deployment.Time.GetTimestamp();
        while (true)
        {
            var (rows, refusal) = await read();
            var left = wait - call.Deployment.Time.GetElapsedTime(began);
            if (rows.Count > 0 || refusal is not null || left <= TimeSpan.Zero || stop.IsCancellationRequested)
                return (rows, refusal);
            await news.TryWaitAsync(left, stop.Token);
        }
    }
}
