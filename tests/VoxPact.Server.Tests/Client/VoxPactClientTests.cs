using System.Net;
using Microsoft.AspNetCore.Http;
using VoxPact.Client;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Tests.Http;
using Xunit;

namespace VoxPact.Server.Tests.Client;

public sealed class VoxPactClientTests
{
    private const string Rotated = """
        {"success":true,"data":{"api_key":"vxp_live_new"}}
        """;

    private readonly List<string?> _keys = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Gives the answers in turn, the last one for ever; status 0 breaks the connection.
    private Task<LoopbackApp> AnsweringAsync(params (int, string, string?)[] answers) =>
        LoopbackApp.StartAsync(async http =>
        {
            _keys.Add(http.Request.Headers["Idempotency-Key"]);
            (int status, string body, string? retryAfter) =
                answers[Math.Min(_keys.Count, answers.Length) - 1];
            if (status == 0)
            {
                http.Abort();
                return;
            }
            http.Response.StatusCode = status;
            if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
            await http.Response.WriteAsync(body);
        });

    [Fact]
    public async Task A_busy_server_and_a_lost_connection_are_tried_again_under_one_key()
    {
        await using LoopbackApp app = await AnsweringAsync(
            (429, """{"code":"rate_limited"}""", "0"), (0, "", null),
            (409, """{"code":"idempotency_in_flight"}""", "0"), (200, Rotated, null));
        var client = new VoxPactClient(app.Client, "vxp_live_old");
        RotatedKey rotated = await client.RotateKeyAsync(stop: Stop);
        Assert.Equal("vxp_live_new", rotated.ApiKey);
        Assert.Equal("vxp_live_new", client.ApiKey);
        Assert.Equal(4, _keys.Count);
        Assert.Equal(32, Assert.Single(_keys.Distinct())!.Length);
    }

    [Fact]
    public async Task A_refusal_is_thrown_at_once_with_all_that_the_server_said()
    {
        await using LoopbackApp app = await AnsweringAsync((402, """
            {"type":"/docs/errors#payment_declined","title":"Payment declined","status":402,"success":false,
             "error":"The payment was declined; save another card.","code":"payment_declined",
             "request_id":"req_1","later_member":{}}
            """, null));
        var client = new VoxPactClient(app.Client);
        VoxPactException refused = await Assert.ThrowsAsync<VoxPactException>(
            () => client.AcceptJobAsync("job_1", "my-own-key", Stop));
        Assert.Equal("The payment was declined; save another card.", refused.Message);
        Assert.Equal(("payment_declined", HttpStatusCode.PaymentRequired, "req_1"),
            (refused.Code, refused.Status, refused.RequestId));
        Assert.Equal("my-own-key", Assert.Single(_keys));
    }

    [Fact]
    public async Task Attempts_are_bounded_and_a_long_wait_is_left_to_the_caller()
    {
        await using LoopbackApp app = await AnsweringAsync((503, "<html>busy</html>", "0"));
        VoxPactException busy = await Assert.ThrowsAsync<VoxPactException>(
            () => new VoxPactClient(app.Client) { MaxAttempts = 3 }.GetMeAsync(Stop));
        Assert.Equal((3, ""), (_keys.Count, busy.Code));

        await using LoopbackApp slow = await AnsweringAsync((429, "{}", "3600"));
        _keys.Clear();
        VoxPactException later = await Assert.ThrowsAsync<VoxPactException>(
            () => new VoxPactClient(slow.Client).GetMeAsync(Stop));
        Assert.Equal((1, TimeSpan.FromHours(1)), (_keys.Count, later.RetryAfter));
    }

    [Fact]
    public async Task A_connection_that_stays_lost_is_reported_as_such()
    {
        await using LoopbackApp app = await AnsweringAsync((0, "", null));
        await Assert.ThrowsAsync<HttpRequestException>(
            () => new VoxPactClient(app.Client) { MaxAttempts = 2 }.GetMeAsync(Stop));
        Assert.Equal(2, _keys.Count);
    }

    [Fact]
    public async Task An_answer_of_another_shape_is_no_success()
    {
        await using LoopbackApp app = await AnsweringAsync((200, """{"success":true}""", null));
        await Assert.ThrowsAsync<VoxPactException>(() => new VoxPactClient(app.Client).GetHealthAsync(Stop));
    }

    [Fact]
    public async Task Paths_and_queries_are_escaped()
    {
        var seen = new List<string>();
        await using LoopbackApp app = await LoopbackApp.StartAsync(async http =>
        {
            seen.Add($"{http.Request.Method} {http.Request.Path.Value}{http.Request.QueryString}");
            http.Response.StatusCode = 404;
            await http.Response.WriteAsync("{}");
        });
        var client = new VoxPactClient(app.Client);
        await Assert.ThrowsAsync<VoxPactException>(() => client.GetJobAsync("a/b?c", Stop));
        await Assert.ThrowsAsync<VoxPactException>(
            () => client.ListJobsAsync(status: "pending,active", limit: 5, cursor: "a&b", stop: Stop));
        await Assert.ThrowsAsync<VoxPactException>(() => client.RemovePaymentMethodAsync("pm_1", stop: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetJobAsync("..", Stop));
        Assert.Equal(
            ["GET /v1/jobs/a%2Fb?c", "GET /v1/jobs?status=pending%2Cactive&limit=5&cursor=a%26b",
             "DELETE /v1/payment-methods/pm_1"], seen);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_opened_again_behind_the_last_event()
    {
        int opened = 0;
        string? after = null;
        await using LoopbackApp app = await LoopbackApp.StartAsync(async http =>
        {
            int time = Interlocked.Increment(ref opened);
            if (time == 2) after = http.Request.Query["after"];
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"id: c{time}\nevent: webhook.ping\ndata: {{\"id\":\"evt_{time}\","
                + "\"type\":\"webhook.ping\",\"created_at\":\"2026-11-23T22:27:43.730Z\",\"sequence\":1,\"data\":{}}\n\n");
            await http.Response.Body.FlushAsync();
            // Neither a heartbeat nor an end: as when the machine in between is gone.
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        var client = new VoxPactClient(app.Client, "vxp_live_key", new HurriedTime(100));
        List<string> seen = [];
        await foreach (StreamedEvent told in client.StreamEventsAsync(stop: Stop))
        {
            seen.Add(told.Event.Id);
            if (seen.Count == 2) break;
        }
        Assert.Equal(["evt_1", "evt_2"], seen);
        Assert.Equal("c1", after);
    }
}
