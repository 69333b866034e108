using VoxPact.Client;
using VoxPact.Server.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

public sealed class WebhookSenderTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);
    private static readonly string[] Secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];
    private static readonly Guid s_endpoint = new(1, 0, 0, new byte[8]);
    private static readonly Guid s_other = new(2, 0, 0, new byte[8]);
    private static readonly byte[] Body = "{\"id\":\"evt_1\"}"u8.ToArray();

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var canary = new RawEndpoint(RawEndpoint.Status(200));
        string location = $"Location: {canary.Url}\r\n";
        foreach (int status in new[] { 300, 301, 302, 303, 307, 308 })
        {
            await using var redirecting = new RawEndpoint(RawEndpoint.Status(status, location));
            var failed = Assert.IsType<DeliveryOutcome.Failed>(await SendAsync(redirecting.Url));
            Assert.Equal(status, failed.Status);
            Assert.Contains("redirects are not followed", failed.Why);
        }
        Assert.Equal(0, canary.Hits);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(204)]
    [InlineData(299)]
    public async Task Any_2xx_is_delivered(int status)
    {
        await using var endpoint = new RawEndpoint(RawEndpoint.Status(status));
        Assert.Equal(new DeliveryOutcome.Delivered(status), await SendAsync(endpoint.Url));
    }

    [Theory]
    [InlineData(400, "")]
    [InlineData(404, "")]
    [InlineData(500, "Retry-After: 7\r\n")]
    [InlineData(503, "Retry-After: soon\r\n")]
    public async Task Any_other_status_is_a_failure_that_names_it(int status, string headers)
    {
        await using var endpoint = new RawEndpoint(RawEndpoint.Status(status, headers));
        Assert.Equal(
            new DeliveryOutcome.Failed($"The endpoint answered {status}.", status),
            await SendAsync(endpoint.Url));
    }

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "0", 0)]
    [InlineData(503, "999999999", 86_400)]
    public async Task An_overloaded_endpoint_may_ask_for_a_wait(int status, string header, int seconds)
    {
        await using var endpoint = new RawEndpoint(RawEndpoint.Status(status, $"Retry-After: {header}\r\n"));
        var failed = Assert.IsType<DeliveryOutcome.Failed>(await SendAsync(endpoint.Url));
        Assert.Equal(TimeSpan.FromSeconds(seconds), failed.RetryAfter);
    }

    [Fact]
    public async Task An_endpoint_that_answers_410_is_gone()
    {
        await using var endpoint = new RawEndpoint(RawEndpoint.Status(410));
        Assert.IsType<DeliveryOutcome.Gone>(await SendAsync(endpoint.Url));
    }

    [Fact]
    public async Task An_endpoint_that_never_answers_is_given_up()
    {
        await using var endpoint = new RawEndpoint((_, _, stop) => Task.Delay(Timeout.Infinite, stop));
        using WebhookSender hasty = Sender(new() { Timeout = Short });
        var failed = Assert.IsType<DeliveryOutcome.Failed>(await SendAsync(endpoint.Url, hasty));
        Assert.Equal("The endpoint did not answer within 0.3 seconds.", failed.Why);
    }

    [Theory]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")]
    [InlineData("x")]
    public async Task An_endpoint_that_drips_for_ever_is_cut_off(string drip)
    {
        var cut = new TaskCompletionSource();
        await using var endpoint = new RawEndpoint(async (_, stream, stop) =>
        {
            try
            {
                await RawEndpoint.WriteAsync(stream, drip == "x" ? "HTTP/1.1 200 OK\r\nx: " : drip, stop);
                while (true)
                {
                    await RawEndpoint.WriteAsync(stream, drip, stop);
                    await Task.Delay(5, stop);
                }
            }
            finally
            {
                cut.TrySetResult();
            }
        });
        using WebhookSender hasty = Sender(new() { Timeout = Short });
        Assert.IsType<DeliveryOutcome.Failed>(await SendAsync(endpoint.Url, hasty));
        await cut.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop);
    }

    [Fact]
    public async Task A_huge_header_is_not_read_to_its_end()
    {
        await using var endpoint = new RawEndpoint(
            RawEndpoint.Status(200, $"x: {new string('a', 64 * 1024)}\r\n"));
        DeliveryOutcome outcome = await SendAsync(endpoint.Url);
        Assert.Contains("too many header bytes", Assert.IsType<DeliveryOutcome.Failed>(outcome).Why);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public async Task A_body_without_end_is_cut_off_and_the_status_counts(int status)
    {
        var written = new TaskCompletionSource<long>();
        await using var endpoint = new RawEndpoint(async (_, stream, stop) =>
        {
            long bytes = 0;
            try
            {
                string head = $"HTTP/1.1 {status} OK\r\nConnection: close\r\n\r\n";
                await RawEndpoint.WriteAsync(stream, head, stop);
                byte[] block = new byte[64 * 1024];
                for (; ; bytes += block.Length) await stream.WriteAsync(block, stop);
            }
            finally
            {
                written.TrySetResult(bytes);
            }
        });
        DeliveryOutcome outcome = await SendAsync(endpoint.Url);
        if (status == 200) Assert.IsType<DeliveryOutcome.Delivered>(outcome);
        else Assert.Equal(status, Assert.IsType<DeliveryOutcome.Failed>(outcome).Status);
        // What the kernel buffered on both sides is all that left the endpoint.
        Assert.InRange(await written.Task.WaitAsync(TimeSpan.FromSeconds(10), Stop), 0, 16 * 1024 * 1024);
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage\r\n\r\n")]
    [InlineData("HTTP/1.1 abc\r\n\r\n")]
    public async Task An_endpoint_that_does_not_speak_http_fails(string answer)
    {
        await using var endpoint = new RawEndpoint(answer);
        DeliveryOutcome outcome = await SendAsync(endpoint.Url);
        Assert.Contains("broke before", Assert.IsType<DeliveryOutcome.Failed>(outcome).Why);
    }

    [Fact]
    public async Task A_closed_port_fails_with_what_to_check()
    {
        var endpoint = new RawEndpoint("");
        string url = endpoint.Url;
        await endpoint.DisposeAsync();
        DeliveryOutcome outcome = await SendAsync(url);
        Assert.Contains("could not be reached", Assert.IsType<DeliveryOutcome.Failed>(outcome).Why);
    }

    [Fact]
    public async Task At_most_five_deliveries_are_in_flight_to_one_endpoint()
    {
        var five = new CountdownEvent(5);
        int slowOnes = 0;
        var release = new TaskCompletionSource();
        await using var endpoint = new RawEndpoint(async (request, stream, stop) =>
        {
            if (request.Line.Contains("slow"))
            {
                if (Interlocked.Increment(ref slowOnes) <= 5) five.Signal();
                await release.Task.WaitAsync(stop);
            }
            await RawEndpoint.WriteAsync(stream, RawEndpoint.Status(200), stop);
        });
        using WebhookSender sender = Sender(new()
        {
            Timeout = TimeSpan.FromSeconds(30),
            PlaceWait = TimeSpan.Zero,
        });
        string slow = $"http://127.0.0.1:{endpoint.Port}/slow";
        Task<DeliveryOutcome>[] sent = [.. Enumerable.Range(0, 12).Select(_ => SendAsync(slow, sender))];
        Assert.True(five.Wait(TimeSpan.FromSeconds(10), Stop));
        Assert.Equal(7, sent.Count(task => task.IsCompleted && task.Result is DeliveryOutcome.Busy));

        // Another endpoint has places of its own, also at the same address.
        string healthy = $"http://127.0.0.1:{endpoint.Port}/healthy";
        Assert.IsType<DeliveryOutcome.Delivered>(await SendAsync(healthy, sender, s_other));
        Task<DeliveryOutcome> same = SendAsync(slow, sender, s_other);
        Assert.IsType<DeliveryOutcome.Busy>(await SendAsync(slow, sender));
        release.SetResult();
        Assert.IsType<DeliveryOutcome.Delivered>(await same);
        Assert.Equal(5, (await Task.WhenAll(sent)).Count(outcome => outcome is DeliveryOutcome.Delivered));
        Assert.Equal(0, sender.EndpointsInFlight);
    }

    [Fact]
    public async Task A_stop_is_not_mistaken_for_a_failure()
    {
        await using var endpoint = new RawEndpoint((_, _, stop) => Task.Delay(Timeout.Infinite, stop));
        using var stop = new CancellationTokenSource();
        using WebhookSender sender = Sender(new());
        Task<DeliveryOutcome> sending = sender.SendAsync(s_endpoint, endpoint.Url, Secrets, "evt_1", Body, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(0, sender.EndpointsInFlight);
    }

    [Fact]
    public async Task The_request_is_a_bare_signed_post()
    {
        await using var endpoint = new RawEndpoint(RawEndpoint.Status(200));
        await SendAsync(endpoint.Url);
        ReceivedRequest request = Assert.Single(endpoint.Requests);
        Assert.Equal("POST /hooks HTTP/1.1", request.Line);
        Assert.Equal(Body, request.Body);
        Assert.Equal("application/json", request.Headers["content-type"]);
        Assert.StartsWith("VoxPact/", request.Headers["user-agent"]);
        Assert.Equal("evt_1", request.Headers["webhook-id"]);
        string[] expected =
        [
            "host", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature",
            "content-type", "content-length",
        ];
        Assert.Equal(expected.Order(), request.Headers.Keys.Order());
    }

    [Fact]
    public async Task The_signature_verifies_under_every_secret_and_no_other()
    {
        byte[] seeds = [1, 2, 3];
        string[] secrets = [.. seeds.Select(seed => WebhookSignature.FormatSecret(Key(seed)))];
        await using var endpoint = new RawEndpoint(RawEndpoint.Status(200));
        using WebhookSender sender = Sender(new());
        await sender.SendAsync(s_endpoint, endpoint.Url, secrets[..2], "evt_1", Body, Stop);

        ReceivedRequest request = Assert.Single(endpoint.Requests);
        bool Verifies(string secret, byte[] body) => WebhookSignature.Verify(
            secret, request.Headers["webhook-id"], request.Headers["webhook-timestamp"],
            request.Headers["webhook-signature"], body, TimeProvider.System.GetUtcNow());
        Assert.Equal(2, request.Headers["webhook-signature"].Split(' ').Length);
        Assert.True(Verifies(secrets[0], request.Body));
        Assert.True(Verifies(secrets[1], request.Body));
        Assert.False(Verifies(secrets[2], request.Body));
        Assert.False(Verifies(secrets[0], [.. request.Body, (byte)' ']));
    }

    private static byte[] Key(byte seed) => [.. Enumerable.Repeat(seed, 32)];

    private static WebhookSender Sender(WebhookSender.Options options) =>
        new(new AddressGuard(new(AllowLoopback: true)), TimeProvider.System, options);

    private static async Task<DeliveryOutcome> SendAsync(string url, WebhookSender? sender = null, Guid? by = null)
    {
        using WebhookSender own = Sender(new());
        return await (sender ?? own).SendAsync(by ?? s_endpoint, url, Secrets, "evt_1", Body, Stop);
    }
}
