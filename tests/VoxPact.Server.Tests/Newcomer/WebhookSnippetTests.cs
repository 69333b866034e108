using System.Text;
using System.Text.RegularExpressions;
using VoxPact.Client;
using Xunit;

namespace VoxPact.Server.Tests.Newcomer;

/// <summary>The verifying functions of docs/webhooks.md, run where their language is on the machine.</summary>
public sealed class WebhookSnippetTests
{
    private const string Secret = "whsec_TiIVlukBCQH7qKMpy8tzTe9TESd/Q5gaHhf4/+LYyFU=";
    private const string Body = "{\"id\":\"evt_1\",\"text\":\"Zwölf €\"}";
    private static readonly DateTimeOffset s_sent = DateTimeOffset.FromUnixTimeSeconds(1_795_472_863);

    private const string CallInGo = """
        package main

        import (
        	"fmt"
        	"os"
        	"strconv"
        	"time"

        	"example.com/receiver/webhook"
        )

        func main() {
        	now, err := strconv.ParseInt(os.Getenv("NOW"), 10, 64)
        	if err != nil {
        		panic(err)
        	}
        	fmt.Println(webhook.Verify(os.Getenv("SECRET"), os.Getenv("ID"), os.Getenv("SENT"), os.Getenv("SIGNATURES"),
        		[]byte(os.Getenv("BODY")), time.Unix(now, 0)))
        }
        """;

    /// <summary>The first of the page's examples of bodies.</summary>
    public static string ExampleBody => Snippets("json").First().Split('\n')[0];

    /// <summary>The page's blocks of code that are marked so.</summary>
    public static IEnumerable<string> Snippets(string mark) => Regex.Matches(Repository.Read("docs/webhooks.md"),
        $"^```{mark}\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline).Select(block => block.Groups[1].Value);

    [Fact]
    public async Task The_documented_javascript_takes_what_is_right_and_nothing_else()
    {
        if (!Runtimes.Has("node")) return;
        string code = Snippets("js verify").Single() + """

            const e = process.env;
            console.log(verify(e.SECRET, e.ID, e.SENT, e.SIGNATURES, e.BODY, Number(e.NOW)));
            """;
        await HoldAsync("node", ["--input-type=module", "-e", code]);
    }

    [Fact]
    public async Task The_documented_python_takes_what_is_right_and_nothing_else()
    {
        if (!Runtimes.Has("python3")) return;
        string code = Snippets("python verify").Single() + """

            import os
            e = os.environ
            print(verify(e["SECRET"], e["ID"], e["SENT"], e["SIGNATURES"], e["BODY"].encode(), int(e["NOW"])))
            """;
        await HoldAsync("python3", ["-c", code]);
    }

    [Fact]
    public async Task The_documented_go_takes_what_is_right_and_nothing_else()
    {
        if (!Runtimes.Has("go")) return;
        var stop = TestContext.Current.CancellationToken;
        string folder = Directory.CreateTempSubdirectory("voxpact-go-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "go.mod"), "module example.com/receiver\n", stop);
            await File.WriteAllTextAsync(Path.Combine(folder, "main.go"), CallInGo, stop);
            Directory.CreateDirectory(Path.Combine(folder, "webhook"));
            await File.WriteAllTextAsync(
                Path.Combine(folder, "webhook", "webhook.go"), Snippets("go verify").Single(), stop);
            string program = Path.Combine(folder, "receiver");
            var (exit, output) = await Repository.RunAsync(
                "go", ["build", "-o", program, "."], start => start.WorkingDirectory = folder);
            Assert.True(exit == 0, output);
            await HoldAsync(program, []);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The page shows a delivery with its headers and the secret it was signed with.</summary>
    [Fact]
    public void The_delivery_that_the_page_shows_is_signed_with_the_secret_that_it_shows()
    {
        string page = Repository.Read("docs/webhooks.md");
        string Header(string name) => Regex.Match(page, $"^{name}: (.*)$", RegexOptions.Multiline).Groups[1].Value;
        string secret = Regex.Match(page, "\"webhook_secret\":\"(.*?)\"").Groups[1].Value;
        byte[] body = Encoding.UTF8.GetBytes(
            Regex.Match(page, "^webhook-signature: .*\n\n(.*)$", RegexOptions.Multiline).Groups[1].Value);
        var sent = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Header("webhook-timestamp")));
        Assert.NotNull(WebhookSignature.Open(secret, Header("webhook-id"), Header("webhook-timestamp"),
            Header("webhook-signature"), body, sent));
    }

    private static async Task HoldAsync(string program, string[] arguments)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Body);
        string good = WebhookSignature.Sign(Secret, "evt_1", s_sent, bytes);
        string two = WebhookSignature.Sign(["whsec_" + Convert.ToBase64String(new byte[32]), Secret], "evt_1", s_sent, bytes);
        long now = s_sent.ToUnixTimeSeconds();
        foreach (var (signatures, id, body, at, isRight) in new[]
        {
            (good, "evt_1", Body, now, true), (two, "evt_1", Body, now + 299, true),
            (good, "evt_2", Body, now, false), (good, "evt_1", Body + " ", now, false),
            (good, "evt_1", Body, now + 301, false), (good, "evt_1", Body, now - 301, false),
            ("v1,", "evt_1", Body, now, false), ("", "evt_1", Body, now, false),
            (good.Replace("v1,", "v2,"), "evt_1", Body, now, false),
        })
        {
            var (exit, output) = await Repository.RunAsync(program, arguments, start =>
            {
                start.Environment["SECRET"] = Secret;
                start.Environment["ID"] = id;
                start.Environment["SENT"] = $"{now}";
                start.Environment["SIGNATURES"] = signatures;
                start.Environment["BODY"] = body;
                start.Environment["NOW"] = $"{at}";
            });
            Assert.True(exit == 0, output);
            Assert.Equal(isRight ? "true" : "false", output.Trim().ToLowerInvariant());
        }
    }
}
