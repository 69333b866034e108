using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using VoxPact.Client;
using VoxPact.Server.Tests.Http;
using VoxPact.Server.Webhooks;
using Xunit;

namespace VoxPact.Server.Tests.Newcomer;

/// <summary>
/// The receivers of docs/webhooks.md as a reader pastes them, with the libraries that they name: each is sent events by
/// the server's own sender, and must take what is right and nothing else.
/// </summary>
public sealed class WebhookReceiverTests
{
    private const string Libraries = "tests/webhook-libraries";
    private static readonly string s_secret =
        WebhookSignature.FormatSecret([.. Enumerable.Range(7, 32).Select(i => (byte)i)]);
    private static readonly string s_other = WebhookSignature.FormatSecret(new byte[32]);

    // The example's text is not ASCII only, or a receiver that reads the body in another encoding would pass.
    private static readonly string s_body = WebhookSnippetTests.ExampleBody.Replace("Three sentences", "Zwölf Sätze");

    [Theory]
    [InlineData("WebhookSignature.Open", false)]
    // As the page says: of two signatures this library reads the first, which is the newest secret's.
    [InlineData("new StandardWebhook(", true)]
    public async Task The_receiver_in_csharp_takes_what_is_right_and_nothing_else(string marked, bool readsFirstOnly)
    {
        var jobs = Channel.CreateUnbounded<string>();
        var map = Compile(WebhookSnippetTests.Snippets("csharp receive").Single(code => code.Contains(marked)));
        await using var app = await LoopbackApp.StartAsync(app =>
            map.Invoke(null, [app, s_secret, new Action<string>(job => jobs.Writer.TryWrite(job))]));
        await HoldAsync(app.Address.ToString(), jobs.Reader, readsFirstOnly);
    }

    [Fact]
    public async Task The_receiver_in_javascript_takes_what_is_right_and_nothing_else()
    {
        bool isInstalled = Directory.Exists(Path.Combine(Repository.Root, Libraries, "node_modules", "standardwebhooks"));
        if (!Runtimes.Has("node")) return;
        if (!Runtimes.Has("standardwebhooks", isInstalled, $"npm ci was not run in {Libraries}")) return;
        // The page's port may be taken: any free one is listened on instead, and told.
        const string AnyPort = """
            import http from "node:http";
            const queue = { push: job => console.log(job) };
            const { listen } = http.Server.prototype;
            http.Server.prototype.listen = function () {
              return listen.call(this, 0, "127.0.0.1", () => console.log(this.address().port));
            };

            """;
        string code = AnyPort + WebhookSnippetTests.Snippets("js receive").Single();
        await RunAsync("node", ["--input-type=module", "-e", code], Libraries);
    }

    [Fact]
    public async Task The_receiver_in_python_takes_what_is_right_and_nothing_else()
    {
        if (!Runtimes.Has("python3")) return;
        var (missing, _) = await Repository.RunAsync("python3", ["-c", "import flask, standardwebhooks"]);
        if (!Runtimes.Has("flask", missing == 0, "Python's flask or standardwebhooks is not installed here")) return;
        const string AnyPort = """

            from werkzeug.serving import make_server
            class queue:
                put = lambda job: print(job, flush=True)
            server = make_server("127.0.0.1", 0, app)
            print(server.server_port, flush=True)
            server.serve_forever()
            """;
        await RunAsync("python3", ["-c", WebhookSnippetTests.Snippets("python receive").Single() + AnyPort], ".");
    }

    /// <summary>A program that prints its port, and then each job that it was told of.</summary>
    private static async Task RunAsync(string program, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.Combine(Repository.Root, folder),
        };
        start.Environment["WEBHOOK_SECRET"] = s_secret;
        using var process = Process.Start(start)!;
        var stop = TestContext.Current.CancellationToken;
        var jobs = Channel.CreateUnbounded<string>();
        try
        {
            string? port = await process.StandardOutput.ReadLineAsync(stop);
            Assert.True(int.TryParse(port, out _), $"{program} ended before it listened.");
            _ = TellAsync(process.StandardOutput, jobs.Writer, stop);
            await HoldAsync($"http://127.0.0.1:{port}/", jobs.Reader);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(stop);
        }
    }

    private static async Task TellAsync(StreamReader lines, ChannelWriter<string> jobs, CancellationToken stop)
    {
        while (await lines.ReadLineAsync(stop) is { } line) await jobs.WriteAsync(line, stop);
        jobs.Complete();
    }

    private static async Task HoldAsync(string address, ChannelReader<string> jobs, bool readsFirstOnly = false)
    {
        string url = address + "hook";
        byte[] body = Encoding.UTF8.GetBytes(s_body);
        var stop = TestContext.Current.CancellationToken;
        using var sender = new WebhookSender(new AddressGuard(new(AllowLoopback: true)), TimeProvider.System);
        async Task<int?> Send(params string[] secrets) => await sender.SendAsync(Guid.Empty, url, secrets, "evt_1", body, stop) switch
        {
            DeliveryOutcome.Delivered delivered => delivered.Status,
            DeliveryOutcome.Failed failed => failed.Status,
            _ => null,
        };
        Assert.Equal(204, await Send(s_secret));
        Assert.Equal("job_01kp18bca66ffaekb37s4rsqrq", await jobs.ReadAsync(stop));
        Assert.Equal(204, await (readsFirstOnly ? Send(s_secret, s_other) : Send(s_other, s_secret)));
        Assert.Equal("job_01kp18bca66ffaekb37s4rsqrq", await jobs.ReadAsync(stop));
        Assert.Equal(401, await Send(s_other));

        var now = TimeProvider.System.GetUtcNow();
        using var http = new HttpClient();
        async Task<int> Post(string id, DateTimeOffset at, string text)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url);
            request.Content = new StringContent(text, Encoding.UTF8, "application/json");
            request.Headers.Add("webhook-id", id);
            request.Headers.Add("webhook-timestamp", $"{at.ToUnixTimeSeconds()}");
            request.Headers.Add("webhook-signature", WebhookSignature.Sign(s_secret, "evt_1", at, body));
            using var answer = await http.SendAsync(request, stop);
            return (int)answer.StatusCode;
        }
        Assert.Equal(401, await Post("evt_2", now, s_body));
        Assert.Equal(401, await Post("evt_1", now, s_body + " "));
        Assert.Equal(401, await Post("evt_1", now.AddMinutes(-6), s_body));
        Assert.Equal(401, await Post("evt_1", now.AddMinutes(6), s_body));
        Assert.Equal(204, await Post("evt_1", now, s_body));
        Assert.Equal("job_01kp18bca66ffaekb37s4rsqrq", await jobs.ReadAsync(stop));
        Assert.False(jobs.TryRead(out _));
    }

    /// <summary>The page's code as the body of <c>Map(app, secret, take)</c>.</summary>
    private static MethodInfo Compile(string snippet)
    {
        string code = $$"""
            using System;
            using System.IO;
            using System.Text.Json;
            using Microsoft.AspNetCore.Builder;
            using Microsoft.AspNetCore.Http;
            using StandardWebhooks;
            using StandardWebhooks.Diagnostics;
            using VoxPact.Client;
            public sealed record Queue(Action<string> Add);
            public static class Receiver
            {
                public static void Map(WebApplication app, string secret, Action<string> take)
                {
                    var queue = new Queue(take);
                    {{snippet}}
                }
            }
            """;
        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var compilation = CSharpCompilation.Create("Receiver", [CSharpSyntaxTree.ParseText(code)],
            platform.Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return Assembly.Load(image.ToArray()).GetType("Receiver")!.GetMethod("Map")!;
    }
}
