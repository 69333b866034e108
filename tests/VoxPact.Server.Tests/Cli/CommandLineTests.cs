using System.Text.Json;
using VoxPact.Cli;
using VoxPact.Client;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Cli;

/// <summary>The command line against a real server.</summary>
public sealed class CommandLineTests(SharedServers servers) : IClassFixture<SharedServers>
{
    [Fact]
    public async Task Jobs_are_listed_and_shown_in_the_api_s_own_words()
    {
        var server = await servers.OnAsync(Databases.Sqlite);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        var (code, listed, _) = await RunAsync("jobs", "list", "--status", "pending", "--url", server.Url, "--key", buyer.Key);
        Assert.Equal(0, code);
        Shape.Matches($$"""{ "success": true, "data": [{ "id": "{{job}}", "state": "offered" }] }""", JsonElement.Parse(listed));
        (_, string shown, _) = await RunAsync("jobs", "show", job, "--url", server.Url, "--key", worker.Key);
        Shape.Matches($$"""{ "id": "{{job}}", "amount": 0.10 }""", JsonElement.Parse(shown));
    }

    [Fact]
    public async Task A_refusal_is_a_sentence_and_the_code_1()
    {
        var server = await servers.OnAsync(Databases.Sqlite);
        var (code, output, error) = await RunAsync("jobs", "list", "--url", server.Url, "--key", "vxp_live_nobodys");
        Assert.Equal((1, ""), (code, output));
        Assert.EndsWith(".", error.Trim());
        Assert.DoesNotContain("Exception", error);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_with_the_way_to_name_another()
    {
        var (code, _, error) = await RunAsync("jobs", "list", "--url", $"http://127.0.0.1:{Ports.Next()}");
        Assert.Equal(1, code);
        Assert.Contains("VOXPACT_URL", error);
    }

    [Fact]
    public async Task What_is_no_verb_or_no_address_is_the_code_2()
    {
        Assert.Equal(2, (await RunAsync("fly")).Code);
        Assert.Equal(2, (await RunAsync("jobs", "list", "--url", "localhost:5080")).Code);
        Assert.Equal(2, (await RunAsync("listen", "--forward", "localhost:3000/hook")).Code);
        Assert.Equal(2, (await RunAsync("listen", "--forward", "http://localhost:3000", "--secret", "whsec_YWJj")).Code);
    }

    [Fact]
    public async Task Listen_forwards_what_trigger_makes_with_signatures_that_verify()
    {
        var server = await servers.OnAsync(Databases.Sqlite);
        var agent = await server.AgentAsync("agent");
        await using var laptop = await WebhookListener.StartAsync();
        laptop.Secret = WebhookSignature.FormatSecret(new byte[32]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using StringWriter output = new(), error = new();
        // From the first event on, so that nothing depends on when the stream is open.
        string start = (await agent.GetAsync("/v1/events?types=job.created")).String("next_cursor")!;
        var listening = CommandLine.RunAsync(
            ["listen", "--forward", laptop.Url, "--secret", laptop.Secret, "--types", "job.created", "--after", start,
                "--url", server.Url, "--key", agent.Key], output, error, stop.Token);
        var (code, sent, _) = await RunAsync("trigger", "job.created", "--url", server.Url, "--key", agent.Key);
        Assert.Equal(0, code);
        Shape.Matches("""{ "type": "job.created" }""", JsonElement.Parse(sent));
        var arrived = await laptop.NextAsync("job.created");
        Assert.True(arrived.IsSigned);
        var (_, listed, _) = await RunAsync(
            "events", "list", "--types", "job.created", "--url", server.Url, "--key", agent.Key);
        Assert.Contains(arrived.Id, listed);
        await stop.CancelAsync();
        await listening;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int code = await CommandLine.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
