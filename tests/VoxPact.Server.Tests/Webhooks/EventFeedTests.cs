using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>Reading, waiting for and streaming what an agent was told, on one node and across two.</summary>
public sealed class EventFeedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData<Databases>]
    public async Task What_an_agent_without_an_endpoint_was_told_is_read_in_order_and_once(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker, 1.00m);
        await worker.WorkAsync(job, Deliverables.Pass);
        await ShowsAsync(worker, "payment.received");
        var (all, cursor) = await ReadAsync(worker, null, 2);
        Assert.Equal(["agent.activated", "job.created", "job.validated", "job.completed", "payment.received"],
            all.Select(Type));
        Assert.Empty((await ReadAsync(worker, cursor, 100)).Events);
        Shape.Matches($$"""{ "job_id": "{{job}}", "amount": 1.00, "title": "Summarise this document" }""",
            all[1].GetProperty("data"));
        var some = (await worker.GetAsync($"/v1/events?types=job.created,payment.received&job_id={job}")).Expect(200);
        Assert.Equal(["job.created", "payment.received"], some.Data.EnumerateArray().Select(Type));
        // Somebody else's cursor, and one that was changed, are none.
        (await buyer.GetAsync($"/v1/events?after={cursor}")).Expect(400, "validation_failed");
        string changed = $"{cursor[..8]}{(cursor[8] == 'A' ? 'B' : 'A')}{cursor[9..]}";
        (await worker.GetAsync($"/v1/events?after={changed}")).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task A_waiting_read_is_answered_by_the_event_it_waits_for_also_from_another_node(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var other = await server.SecondNodeAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await ShowsAsync(worker, "agent.activated");
        string cursor = (await ReadAsync(worker, null, 100)).Cursor;
        var waiting = other.GetAsync($"/v1/events?after={cursor}&wait=30", worker.Key);
        var assigned = other.GetAsync("/v1/jobs/assigned?wait=30", worker.Key);
        string job = await buyer.HireAsync(worker);
        Assert.Equal("job.created", Type((await waiting).Expect(200).Data[0]));
        Assert.Equal(job, (await assigned).Expect(200).Data[0].GetProperty("id").GetString());
        (await worker.GetAsync("/v1/events?wait=31")).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task Too_many_waiting_reads_of_one_agent_wait_all_the_same(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var worker = await server.AgentAsync("worker");
        await ShowsAsync(worker, "agent.activated");
        string cursor = (await ReadAsync(worker, null, 100)).Cursor;
        var reads = Enumerable.Range(0, Limits.StreamsPerAgent + 5)
            .Select(_ => worker.GetAsync($"/v1/events?after={cursor}&wait=4")).ToList();
        // None comes back empty before its time: something happens, and then all of them have it.
        await ShowsAsync(worker, "agent.activated");
        Assert.DoesNotContain(reads, read => read.IsCompleted);
        (await worker.PostAsync("/v1/events/test")).Expect(201);
        foreach (var read in reads) Assert.Equal("webhook.ping", Type((await read).Expect(200).Data[0]));
    }

    [Theory, ClassData<Databases>]
    public async Task A_waiting_read_waits_on_when_something_else_happens(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await ShowsAsync(worker, "agent.activated");
        string cursor = (await ReadAsync(worker, null, 100)).Cursor;
        var waiting = worker.GetAsync($"/v1/events?after={cursor}&types=job.created&wait=30&limit=1");
        for (int i = 0; i < 3; i++) (await worker.PostAsync("/v1/events/test")).Expect(201);
        await ShowsAsync(worker, "webhook.ping");
        string job = await buyer.HireAsync(worker);
        var told = (await waiting).Expect(200);
        Assert.Equal(job, Assert.Single(told.Data.EnumerateArray()).GetProperty("data").GetProperty("job_id").GetString());
        // Without a wait, too, a page of what is not wanted is no end: the one behind it is found.
        Assert.Equal(told.Data[0].GetProperty("id").GetString(),
            (await worker.GetAsync($"/v1/events?after={cursor}&types=job.created&limit=1"))
                .Expect(200).Data[0].GetProperty("id").GetString());
        // When its time is over it is empty, and its cursor is behind what was passed over.
        (await worker.PostAsync("/v1/events/test")).Expect(201);
        var empty = (await worker.GetAsync(
            $"/v1/events?after={told.String("next_cursor")}&types=job.created&wait=1")).Expect(200);
        Assert.Equal(0, empty.Data.GetArrayLength());
    }

    [Theory, ClassData<Databases>]
    public async Task A_stream_tells_of_what_happens_and_goes_on_where_it_was_broken_off(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var other = await server.SecondNodeAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await ShowsAsync(worker, "agent.activated");
        string cursor = (await ReadAsync(worker, null, 100)).Cursor;
        using var http = new HttpClient { BaseAddress = new Uri(other.Url) };
        var client = new VoxPactClient(http, worker.Key);
        string job = await buyer.HireAsync(worker);
        StreamedEvent? first = null;
        await foreach (var told in client.StreamEventsAsync(cursor, stop: Stop))
        {
            first = told;
            break;
        }
        Assert.Equal("job.created", first!.Event.Type);
        var work = worker.WorkAsync(job, Deliverables.Pass);
        var seen = new List<string>();
        await foreach (var told in client.StreamEventsAsync(first.Cursor, stop: Stop))
        {
            seen.Add(told.Event.Type);
            if (seen.Count == 3) break;
        }
        await work;
        Assert.Equal(["job.validated", "job.completed", "payment.received"], seen);
    }

    [Theory, ClassData<Databases>]
    public async Task The_stream_s_own_format_carries_ids_types_and_heartbeats(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var worker = await server.AgentAsync("worker");
        await ShowsAsync(worker, "agent.activated");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events/stream");
        request.Headers.Add("Authorization", "Bearer " + worker.Key);
        using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
        Assert.StartsWith(":", await lines.ReadLineAsync(Stop));
        // Where the stream begins, for who is cut off before the first event.
        Assert.StartsWith("id: ", await lines.ReadLineAsync(Stop));
        (await worker.PostAsync("/v1/events/test")).Expect(201);
        string? line = "";
        while (line is "" or [':', ..]) line = await lines.ReadLineAsync(Stop);
        Assert.StartsWith("id: ", line);
        string id = line![4..];
        Assert.Equal("event: webhook.ping", await lines.ReadLineAsync(Stop));
        Assert.StartsWith("data: {\"id\":\"evt_", await lines.ReadLineAsync(Stop));
        using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/events/stream");
        again.Headers.Add("Authorization", "Bearer " + worker.Key);
        again.Headers.Add("Last-Event-ID", id + "x");
        using var refused = await server.Http.SendAsync(again, Stop);
        Assert.Equal(400, (int)refused.StatusCode);
    }

    [Theory, ClassData<Databases>]
    public async Task A_stopping_server_ends_its_streams_and_waits_for_none(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var worker = await server.AgentAsync("worker");
        var waiting = Task.Run(async () =>
        {
            try
            {
                await worker.GetAsync("/v1/events?wait=30&types=job.created");
            }
            catch (HttpRequestException)
            {
                // The connection may end with the server.
            }
        }, Stop);
        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(15), Stop);
        await waiting;
    }

    /// <summary>Two nodes write at once; a reader that follows its cursor all the while sees each event once.</summary>
    [Theory, ClassData<Databases>]
    public async Task A_cursor_skips_nothing_however_the_commits_of_two_nodes_become_visible(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var other = await server.SecondNodeAsync();
        var agent = await server.AgentAsync("agent");
        const int EachWriter = 40;
        var writers = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            for (int n = 0; n < EachWriter; n++)
                (await (i % 2 == 0 ? server : other).PostAsync("/v1/events/test", agent.Key)).Expect(201);
        }, Stop)).ToList();
        var writing = Task.WhenAll(writers);
        var seen = new List<int>();
        string? cursor = null;
        while (seen.Count < 8 * EachWriter)
        {
            var node = seen.Count % 2 == 0 ? server : other;
            var page = (await node.GetAsync(
                $"/v1/events?types=webhook.ping&limit=7&wait=5{(cursor is null ? "" : $"&after={cursor}")}", agent.Key))
                .Expect(200);
            if (writing.IsCompleted && page.Data.GetArrayLength() == 0) break;
            seen.AddRange(page.Data.EnumerateArray().Select(one => one.GetProperty("sequence").GetInt32()));
            cursor = page.String("next_cursor");
        }
        await writing;
        Assert.Equal(8 * EachWriter, seen.Distinct().Count());
        Assert.Equal(seen.Order(), seen);
    }

    /// <summary>
    /// Two nodes write events of many jobs at once, while readers on both page through the list with a small limit, with
    /// and without a filter, and follow the stream, broken off and taken up again: each sees each event once, each job's in
    /// order. On SQLite, whose file one process alone may open, the two are the same one.
    /// </summary>
    [Theory, ClassData<Databases>]
    public async Task Every_reader_sees_each_event_once_and_each_job_s_in_order_while_two_nodes_write(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var other = await server.SecondNodeAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(30.00m);
        await ShowsAsync(worker, "agent.activated");
        string start = (await ReadAsync(worker, null, 100)).Cursor;
        using var ended = new CancellationTokenSource();
        TestServer[] nodes = [server, other];
        var readers = new List<Task<List<JsonElement>>>();
        for (int i = 0; i < 4; i++)
            readers.Add(PageAsync(nodes[i % 2], worker.Key, start, limit: 3 + i, i < 2 ? "" : Both, ended.Token));
        for (int i = 0; i < 2; i++) readers.Add(FollowAsync(nodes[i], worker.Key, start, ended.Token));

        const int Writers = 6, JobsEach = 4, Messages = 3;
        var jobs = (await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(async () =>
        {
            var made = new List<string>();
            for (int n = 0; n < JobsEach; n++)
            {
                string job = (await nodes[i % 2].PostAsync("/v1/jobs", buyer.Key, new
                {
                    title = "T",
                    description = "D",
                    amount = 0.10m,
                    worker_agent_id = worker.Id,
                })).Expect(201).String("data.id")!;
                made.Add(job);
                // Events of one job from both nodes, and others that the readers' filter passes over.
                for (int m = 0; m < Messages; m++)
                    (await nodes[(i + m) % 2].PostAsync($"/v1/jobs/{job}/messages", buyer.Key, new { content = "M" }))
                        .Expect(201);
                (await nodes[n % 2].PostAsync("/v1/events/test", worker.Key)).Expect(201);
            }
            return made;
        }, Stop)))).SelectMany(made => made).ToList();
        // The last event of all: whoever has come to it has read to the end.
        (await server.PostAsync("/v1/events/test", worker.Key, new { type = Last })).Expect(201);
        foreach (var reader in readers) await reader.WaitAsync(TimeSpan.FromMinutes(2), Stop);
        await ended.CancelAsync();

        for (int i = 0; i < readers.Count; i++)
        {
            var seen = await readers[i];
            Assert.Distinct(seen.Select(one => one.GetProperty("id").GetString()));
            var ofJobs = seen.Where(one => one.GetProperty("data").TryGetProperty("job_id", out _) && Type(one) != Last)
                .ToLookup(one => one.GetProperty("data").GetProperty("job_id").GetString());
            foreach (string job in jobs)
                Assert.Equal(["job.created", .. Enumerable.Repeat("message.received", Messages)],
                    ofJobs[job].Select(Type));
            Assert.All(ofJobs, one => Assert.Equal(
                one.Select(Sequence).Order(), one.Select(Sequence)));
            Assert.Equal(i is 2 or 3 ? 0 : Writers * JobsEach, seen.Count(one => Type(one) == "webhook.ping"));
        }
    }

    private const string Last = "trust.updated";
    private const string Both = $"&types=job.created,message.received,{Last}";

    private static int Sequence(JsonElement told) => told.GetProperty("sequence").GetInt32();

    private static async Task<List<JsonElement>> PageAsync(
        TestServer node, string key, string cursor, int limit, string filter, CancellationToken stop)
    {
        var seen = new List<JsonElement>();
        while (seen.Count == 0 || Type(seen[^1]) != Last)
        {
            stop.ThrowIfCancellationRequested();
            var page = (await node.GetAsync($"/v1/events?after={cursor}&limit={limit}&wait=5{filter}", key)).Expect(200);
            Assert.InRange(page.Data.GetArrayLength(), 0, limit);
            seen.AddRange(page.Data.EnumerateArray());
            cursor = page.String("next_cursor")!;
        }
        return seen;
    }

    /// <summary>Breaks the stream off after every fifth event, and takes it up behind that.</summary>
    private static async Task<List<JsonElement>> FollowAsync(
        TestServer node, string key, string cursor, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new Uri(node.Url) };
        var client = new VoxPactClient(http, key);
        var seen = new List<JsonElement>();
        while (true)
        {
            await foreach (var told in client.StreamEventsAsync(cursor, stop: stop))
            {
                seen.Add(JsonSerializer.SerializeToElement(told.Event, VoxPactJson.Wire.WebhookEvent));
                cursor = told.Cursor;
                if (told.Event.Type == Last) return seen;
                if (seen.Count % 5 == 0) break;
            }
        }
    }

    private static string? Type(JsonElement told) => told.GetProperty("type").GetString();

    /// <summary>
    /// While a transaction runs elsewhere in the cluster that began earlier, the newest events are not shown yet.
    /// </summary>
    private static async Task ShowsAsync(TestAgent agent, string type) =>
        Assert.Equal(type, Type((await agent.GetAsync($"/v1/events?types={type}&wait=30")).Expect(200).Data[0]));

    private static async Task<(List<JsonElement> Events, string Cursor)> ReadAsync(
        TestAgent agent, string? cursor, int limit)
    {
        var events = new List<JsonElement>();
        while (true)
        {
            var page = (await agent.GetAsync($"/v1/events?limit={limit}{(cursor is null ? "" : $"&after={cursor}")}"))
                .Expect(200);
            cursor = page.String("next_cursor");
            if (page.Data.GetArrayLength() == 0) return (events, cursor!);
            events.AddRange(page.Data.EnumerateArray());
        }
    }
}
