using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using VoxPact.Client;
using Xunit;

namespace VoxPact.Server.Tests.Harness;

/// <summary>
/// The real server in this process, started as the executable starts it: sandbox mode, a folder, a port and a
/// database of its own. <c>await using var server = await TestServer.StartAsync(database);</c>
/// </summary>
internal sealed class TestServer : IAsyncDisposable
{
    private enum Owns { Nothing, Server, ServerAndDatabase }

    private static int s_names;
    private readonly Owns _owns;
    private bool _isStopped;

    private TestServer(ServerOptions options, Owns owns)
    {
        (Options, _owns) = (options, owns);
        // Pages redirect to other addresses; what the API answers is looked at as it is.
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(options.Urls),
            Timeout = TimeSpan.FromSeconds(100),
        };
    }

    public ServerOptions Options { get; }
    public HttpClient Http { get; }
    public RunningServer Running { get; private set; } = null!;
    public string OperatorKey { get; set; } = "";
    public MemoryLog Log { get; } = new();
    public string Url => Options.Urls;
    public Deployment Deployment => Running.Deployment;

    /// <summary>Where Stripe's own API answers, under the key <c>sk_test_sandbox</c>.</summary>
    public string StripeUrl => Deployment.Simulator!.Url;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TestServer> StartAsync(string database, Func<ServerOptions, ServerOptions>? change = null)
    {
        var options = new ServerOptions
        {
            Data = Directory.CreateTempSubdirectory("voxpact-test-").FullName,
            Urls = $"http://127.0.0.1:{Ports.Next()}",
            Mode = Mode.Sandbox,
            // One fee for all, so that sums are easy to reckon; the levels' own have a test of their own.
            FeeBps = 1_000,
            Database = database == Databases.Postgres ? await PostgresForTests.CreateDatabaseAsync() : null,
        };
        var server = new TestServer(change?.Invoke(options) ?? options, Owns.ServerAndDatabase);
        await server.RunAsync();
        return server;
    }

    /// <summary>
    /// Another node on the same PostgreSQL database and the same Stripe, with the same pepper. SQLite has one node
    /// only: there it is the same server, spoken to over other connections.
    /// </summary>
    public async Task<TestServer> SecondNodeAsync(Func<ServerOptions, ServerOptions>? change = null)
    {
        if (Options.Database is null)
            return new TestServer(Options, Owns.Nothing) { Running = Running, OperatorKey = OperatorKey };
        var options = Options with
        {
            Data = Directory.CreateTempSubdirectory("voxpact-test-").FullName,
            Urls = $"http://127.0.0.1:{Ports.Next()}",
            Pepper = Convert.ToBase64String(Deployment.Pepper),
            StripeApiBase = StripeUrl,
        };
        var node = new TestServer(change?.Invoke(options) ?? options, Owns.Server);
        await node.RunAsync();
        node.OperatorKey = OperatorKey;
        return node;
    }

    /// <summary>Stops the server and starts it again on the same data, port and database.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await RunAsync();
    }

    /// <summary>Stops the server; its data stay until this is disposed.</summary>
    public async Task StopAsync()
    {
        if (!_isStopped) await Running.DisposeAsync();
        _isStopped = true;
    }

    public async Task RunAsync(Func<ServerOptions, ServerOptions>? change = null)
    {
        Running = await Startup.StartAsync(
            change?.Invoke(Options) ?? Options, logging: log => log.ClearProviders().AddProvider(Log), cancellation: Stop);
        _isStopped = false;
        OperatorKey = Running.NewOperatorKey ?? OperatorKey;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_owns is Owns.Nothing) return;
        await StopAsync();
        if (_owns is Owns.ServerAndDatabase && Options.Database is { } database)
            await PostgresForTests.DropDatabaseAsync(database);
        Directory.Delete(Options.Data, recursive: true);
    }

    /// <summary>A name that no other agent of this run has.</summary>
    public static string Name(string stem) => $"{stem}-{Interlocked.Increment(ref s_names)}";

    /// <summary>Registers an agent, which is not active yet.</summary>
    public async Task<TestAgent> RegisterAsync(string stem = "agent", string? webhookUrl = null,
        string? sameOwnerAs = null)
    {
        string name = Name(stem);
        var answer = await PostAsync("/v1/agents/register", sameOwnerAs, new
        {
            name,
            owner_email = $"{name}@example.com",
            capabilities = new[] { "summarization" },
            webhook_url = webhookUrl,
            accept_terms = true,
        });
        return new TestAgent(this, answer.Expect(201).Data.Deserialize(VoxPactJson.Default.RegisteredAgent)!, name);
    }

    /// <summary>An active agent: registered, its Checkout page completed by form post, which saves a card.</summary>
    public async Task<TestAgent> AgentAsync(
        string stem = "agent", string? webhookUrl = null, string? sameOwnerAs = null, string card = TestCards.Good)
    {
        var agent = await RegisterAsync(stem, webhookUrl, sameOwnerAs);
        await agent.ActivateAsync(card);
        return agent;
    }

    /// <summary>Moves business time and answers when everything that became due has run.</summary>
    public async Task AdvanceAsync(TimeSpan time) =>
        (await PostAsync("/v1/sandbox/clock", null, new { advance_seconds = (long)time.TotalSeconds })).Expect(200);

    public Task AdvanceAsync(double hours) => AdvanceAsync(TimeSpan.FromHours(hours));

    /// <summary>Waits for everything that is due now: judges, payments, deliveries.</summary>
    public Task SettleAsync() => AdvanceAsync(TimeSpan.Zero);

    public Task<Answer> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, path, key);

    public Task<Answer> PostAsync(string path, string? key = null, object? body = null,
        string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, key, body is null ? null : JsonContent.Create(body), idempotencyKey);

    /// <summary>A body exactly as written.</summary>
    public Task<Answer> PostRawAsync(
        string path, string? key, string body, string? contentType =
            "application/json", string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, key, Raw(body, contentType), idempotencyKey);

    public static HttpContent Raw(string body, string? contentType = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType is not null) content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    /// <summary>One request; <paramref name="key"/> is sent as a Bearer unless it names its own scheme.</summary>
    public async Task<Answer> SendAsync(
        HttpMethod method, string path, string? key = null, HttpContent? content = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Authorization", key.Contains(' ') ? key : "Bearer " + key);
        if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        return await Answer.ReadAsync(await Http.SendAsync(request, Stop));
    }

    /// <summary>The status and headers of an answer that may never end; the body only of a refusal.</summary>
    public async Task<Answer> PeekAsync(string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        if (!response.IsSuccessStatusCode) return await Answer.ReadAsync(response);
        using (response) return new Answer((int)response.StatusCode, response.Headers, response.Content.Headers, []);
    }

    /// <summary>What Stripe itself shows, for looking behind the server's back.</summary>
    public async Task<JsonElement> StripeAsync(string path) => (await AskStripeAsync(path)).Expect(200).Json;

    /// <summary>As above; null when the simulator, told to misbehave, does so to this question too.</summary>
    public async Task<JsonElement?> TryStripeAsync(string path)
    {
        try
        {
            var answer = await AskStripeAsync(path);
            return answer.Status == 200 ? answer.Json : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<Answer> AskStripeAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, StripeUrl + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Deployment.Options.StripeSecretKey);
        return await Answer.ReadAsync(await Http.SendAsync(request, Stop));
    }

    /// <summary>Pulls one of the simulator's levers, such as <c>disputes</c>.</summary>
    public async Task<JsonElement> PullAsync(string lever, object body) =>
        (await TryPullAsync(lever, body)).Expect(200).Json;

    /// <summary>As above, where the simulator may refuse.</summary>
    public async Task<Answer> TryPullAsync(string lever, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{StripeUrl}/_control/{lever}")
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Deployment.Options.StripeSecretKey);
        return await Answer.ReadAsync(await Http.SendAsync(request, Stop));
    }

    /// <summary>Something done in Stripe's own dashboard, behind the server's back.</summary>
    public async Task<JsonElement> StripePostAsync(string path, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, StripeUrl + path)
        {
            Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Deployment.Options.StripeSecretKey);
        return (await Answer.ReadAsync(await Http.SendAsync(request, Stop))).Expect(200).Json;
    }

    /// <summary>Runs the operator's check, in which nothing may be wrong, and gives its totals.</summary>
    public async Task<JsonElement> BooksAsync()
    {
        var report = (await GetAsync("/v1/operator/check", OperatorKey)).Expect(200).Data;
        Assert.True(report.GetProperty("passed").GetBoolean(), report.ToString());
        return report.GetProperty("totals");
    }

    /// <summary>Waits until every event of Stripe's has arrived and been acted on.</summary>
    public async Task HearAsync()
    {
        var (time, longest) = (Deployment.Time, TimeSpan.FromSeconds(30));
        for (long since = time.GetTimestamp(); await WaitingAsync() > 0;)
            Assert.True(time.GetElapsedTime(since) < longest, "Stripe's events do not arrive.");
        await SettleAsync();
    }

    private async Task<int> WaitingAsync() =>
        (await StripeAsync("/_control/deliveries")).GetProperty("pending").GetInt32();

    /// <summary>The newest object of a list at Stripe.</summary>
    public async Task<JsonElement> NewestAsync(string path) => (await StripeAsync(path)).GetProperty("data")[0];

    /// <summary>A bank takes the newest charge back; gives the dispute's id.</summary>
    public async Task<string> ChargeBackAsync()
    {
        string charge = (await NewestAsync("/v1/payment_intents")).GetProperty("id").GetString()!;
        var dispute = await PullAsync("disputes", new { payment_intent = charge });
        await HearAsync();
        return dispute.GetProperty("id").GetString()!;
    }

    /// <summary>
    /// Fills in a page as a person would, follows where it leads, and gives the last page, which must be a 200.
    /// </summary>
    public async Task<string> FillInAsync(string url, params (string Name, string Value)[] form)
    {
        using var content =
            new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        var response = await Http.PostAsync(url, content, Stop);
        while (response.Headers.Location is { } next)
        {
            string target = new Uri(new Uri(url), next).ToString();
            response.Dispose();
            // The bank's question has its own form; everything else is a page to look at.
            response = target.Contains("/authenticate/")
                ? await Http.PostAsync(target,
                    new FormUrlEncodedContent([KeyValuePair.Create("outcome", "complete")]), Stop)
                : await Http.GetAsync(target, Stop);
        }
        return (await Answer.ReadAsync(response)).Expect(200).Text;
    }
}
