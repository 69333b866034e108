using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Work;
using Xunit;

namespace VoxPact.Server.Tests.Http;

public sealed class BarrierTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<LoopbackApp> StartAsync() => LoopbackApp.StartAsync(
        app =>
        {
            app.UseRequestIds(TimeProvider.System);
            app.UseBarrier(NullLogger.Instance);
            app.UseRouting();
            app.MapGet("/ok", () => "ok");
            app.MapPost("/read", async (HttpContext http) =>
            {
                await http.Request.Body.CopyToAsync(Stream.Null);
                await http.Response.WriteAsync("ok");
            });
            app.MapGet("/bug", (RequestDelegate)(_ => throw new InvalidOperationException("secret detail")));
            app.MapGet("/away", (RequestDelegate)(_ => throw new WorkRefused(
                new Unwritten(), new Refusal(RefusalCode.Overloaded, "The database cannot be reached right now."))));
            app.MapGet("/half", async (HttpContext http) =>
            {
                await http.Response.WriteAsync("half");
                await http.Response.Body.FlushAsync();
                throw new InvalidOperationException("too late");
            });
        },
        builder => builder.WebHost.ConfigureKestrel(KestrelLimits.Apply));

    [Fact]
    public async Task What_could_not_be_written_for_now_is_503_and_not_500()
    {
        await using LoopbackApp app = await StartAsync();
        using HttpResponseMessage response = await app.Client.GetAsync("/away", Stop);
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Contains("cannot be reached", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private sealed class Unwritten : Command
    {
        public override Ruling Decide(Snapshot rows, DecisionContext context) => Reply.None;
    }

    [Fact]
    public async Task Every_answer_has_a_request_id_of_the_servers_own()
    {
        await using LoopbackApp app = await StartAsync();
        var ids = new HashSet<string>();
        foreach (string path in new[] { "/ok", "/ok", "/nowhere", "/bug" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Request-Id", "req_of_my_own");
            using HttpResponseMessage response = await app.Client.SendAsync(request, Stop);
            string id = Assert.Single(response.Headers.GetValues("Request-Id"));
            Assert.True(Id.TryParse("req", id, out _), id);
            Assert.True(ids.Add(id));
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "not_found")]
    [InlineData("POST", "/ok", 405, "method_not_allowed")]
    [InlineData("OPTIONS", "/ok", 405, "method_not_allowed")]
    [InlineData("TRACE", "/ok", 405, "method_not_allowed")]
    [InlineData("BREW", "/nowhere", 405, "method_not_allowed")]
    [InlineData("get", "/ok", 200, "")]
    [InlineData("GET", "/a%01b", 404, "not_found")]
    [InlineData("GET", "/a%5Cb", 404, "not_found")]
    [InlineData("GET", "/%FF%FE", 404, "not_found")]
    [InlineData("GET", "/%F0%9F%92%A9", 404, "not_found")]
    [InlineData("GET", "/ok?%FF=%00", 200, "")]
    [InlineData("GET", "/ok/../ok", 200, "")]
    public async Task Odd_methods_and_paths_get_a_problem(string method, string path, int status, string code)
    {
        await using LoopbackApp app = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using HttpResponseMessage response = await app.Client.SendAsync(request, Stop);
        if (status == 200) Assert.True(response.IsSuccessStatusCode);
        else await Answers.ReadProblemAsync(response, status, code);
        if (status == 405) Assert.NotEmpty(response.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_bug_is_a_problem_that_tells_nothing_of_the_inside()
    {
        await using LoopbackApp app = await StartAsync();
        using HttpResponseMessage response = await app.Client.GetAsync("/bug", Stop);
        Problem problem = await Answers.ReadProblemAsync(response, 500, "internal_error");
        Assert.DoesNotContain("secret", problem.Error);
    }

    [Fact]
    public async Task A_half_answer_is_broken_off()
    {
        await using LoopbackApp app = await StartAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => app.Client.GetStringAsync("/half", Stop));
    }

    [Theory]
    [InlineData("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", "413")]
    [InlineData("POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400")]
    [InlineData("POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX", "400")]
    [InlineData("POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", "400")]
    [InlineData("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400")]
    [InlineData("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400")]
    [InlineData("GET /ok HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("GET /ok HTTP/9.9\r\nHost: x\r\n\r\n", "505")]
    [InlineData("G\u0001T /ok HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("nonsense\r\n\r\n", "400")]
    public async Task Broken_HTTP_gets_a_4xx_and_never_a_500(string raw, string status)
    {
        await using LoopbackApp app = await StartAsync();
        string answer = await SendRawAsync(app.Address, raw);
        Assert.StartsWith("HTTP/1.1 " + status, answer);
    }

    [Fact]
    public async Task A_body_that_breaks_while_it_is_read_gets_a_problem()
    {
        await using LoopbackApp app = await StartAsync();
        string answer = await SendRawAsync(
            app.Address, "POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        Assert.Contains("\"code\":\"malformed_request\"", answer);
        Assert.Contains("Request-Id: req_", answer);
    }

    [Fact]
    public async Task Long_headers_and_many_headers_are_refused()
    {
        await using LoopbackApp app = await StartAsync();
        string many = string.Concat(Enumerable.Range(0, 70).Select(i => $"X-{i}: y\r\n"));
        string large = $"X: {new string('y', 20_000)}\r\n";
        foreach (string headers in new[] { many, large })
        {
            string answer = await SendRawAsync(app.Address, $"GET /ok HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
            Assert.StartsWith("HTTP/1.1 431", answer);
        }
    }

    private static async Task<string> SendRawAsync(Uri address, string raw)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, Stop);
        NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(raw), Stop);
        var answer = new StringBuilder();
        byte[] buffer = new byte[4_096];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, patience.Token)) > 0)
                answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            // The connection is kept open after some refusals: what came is the answer.
        }
        catch (IOException)
        {
            // The server closed it with our bytes unread.
        }
        return answer.ToString();
    }
}
