using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Judging;
using Xunit;

namespace VoxPact.Server.Tests.Judging;

/// <summary>Judges as an operator configures them, against servers that speak each vendor's wire format.</summary>
public sealed class ConfiguredJudgeTests
{
    private const string Pass = """{"pass":true,"confidence":0.9,"findings":[],"reasons":["Good."]}""";
    private const string Secret = "Dies ist die Arbeit.";

    public static TheoryData<JudgeProvider> Providers => [.. Enum.GetValues<JudgeProvider>()];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_judge_of_each_vendor_answers_within_the_schema(JudgeProvider provider)
    {
        await using var server = await ModelServer.StartAsync(provider, new ModelAnswer(Pass));
        var result = await AskAsync(server);
        var answer = result.Answers[0];
        Assert.True(answer.Opinion is { Pass: true, Flaw: OpinionFlaw.None, Confidence.Value: 9_000 },
            string.Join("; ", answer.Opinion.Reasons));
        Assert.Equal((1000L, 200L), (answer.InputTokens, answer.OutputTokens));
        // 1000 × 3 and 200 × 15 per million.
        Assert.Equal(0.006m, answer.Cost);
        Assert.Equal(VerdictOutcome.Pass, result.Decide(new BasisPoints(8_000), [])!.Outcome);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task The_request_carries_key_schema_bounds_and_both_prompts_and_no_tools(JudgeProvider provider)
    {
        await using var server = await ModelServer.StartAsync(provider, new ModelAnswer(Pass));
        await AskAsync(server, options => options with { Temperature = 0.5m, MaxOutputTokens = 777 });
        foreach (var (headers, body) in server.Requests)
        {
            string text = body.GetRawText();
            Assert.Contains("Dies ist die Arbeit.", text, StringComparison.Ordinal);
            Assert.Contains("confidence", text, StringComparison.Ordinal);
            if (provider is not JudgeProvider.Anthropic) Assert.Contains("0.5", text, StringComparison.Ordinal);
            Assert.Contains("777", text, StringComparison.Ordinal);
            Assert.False(body.TryGetProperty("tools", out var tools) && tools.GetArrayLength() > 0);
            Assert.Equal($"{provider}-model".ToLowerInvariant(), body.GetProperty("model").GetString());
            string key = headers.Authorization.ToString() + headers["x-api-key"];
            Assert.EndsWith(ModelServer.Key, key, StringComparison.Ordinal);
            var (where, name) = provider switch
            {
                JudgeProvider.Anthropic => (body.GetProperty("output_config").GetProperty("format"), "json_schema"),
                JudgeProvider.Ollama => (body.GetProperty("format"), "object"),
                _ => (body.GetProperty("response_format"), "json_schema"),
            };
            Assert.Equal(name, where.GetProperty("type").GetString());
            Assert.Contains("\"additionalProperties\":false", where.GetRawText().Replace(" ", ""),
                StringComparison.Ordinal);
        }
        Assert.Distinct(server.Requests.Select(request => request.Body.GetRawText()));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task What_is_no_proper_answer_is_a_flaw_and_never_a_pass(JudgeProvider provider)
    {
        string cut = provider is JudgeProvider.Anthropic ? "max_tokens" : "length";
        foreach (var (answer, flaw) in new[]
        {
            (new ModelAnswer("I would say it is fine."), OpinionFlaw.Malformed),
            (new ModelAnswer(Pass[..^10]), OpinionFlaw.Malformed),
            (new ModelAnswer(Pass, cut), OpinionFlaw.Malformed),
            (new ModelAnswer(""), OpinionFlaw.Malformed),
            (new ModelAnswer("I cannot help with judging this."), OpinionFlaw.Refused),
        })
        {
            await using var server = await ModelServer.StartAsync(provider, answer);
            var result = await AskAsync(server);
            Assert.True(result.Unreachable.Count == 0, $"{provider} {answer}: {Why(result)}");
            Assert.Equal((answer, flaw), (answer, result.Answers[0].Opinion.Flaw));
            Assert.Equal(VerdictOutcome.Suspect, result.Decide(new BasisPoints(8_000), [])!.Outcome);
        }
    }

    [Theory]
    [InlineData(JudgeProvider.Anthropic, "refusal", null)]
    [InlineData(JudgeProvider.OpenAI, "", "I'm sorry, I cannot judge that.")]
    [InlineData(JudgeProvider.OpenAI, "content_filter", null)]
    [InlineData(JudgeProvider.OpenAICompatible, "content_filter", null)]
    public async Task A_vendors_own_refusal_is_a_refusal(JudgeProvider provider, string stop, string? refusal)
    {
        await using var server =
            await ModelServer.StartAsync(provider, new ModelAnswer("", stop) { Refusal = refusal });
        Assert.Equal(OpinionFlaw.Refused, (await AskAsync(server)).Answers[0].Opinion.Flaw);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_server_that_fails_or_hangs_is_an_outage_and_tells_no_secrets(JudgeProvider provider)
    {
        foreach (var (answer, why) in new[]
        {
            (new ModelAnswer { Status = 429, RetryAfterSeconds = 30 }, "answered 429: too many requests"),
            (new ModelAnswer { Status = 529 }, "answered 529: the provider is overloaded."),
            (new ModelAnswer { Status = 500 }, "answered 500: the provider has a fault."),
            (new ModelAnswer { Status = 401 }, "answered 401: the key is refused."),
            (new ModelAnswer { Status = 404 }, "answered 404: there is no such model"),
            (new ModelAnswer { Status = 400 }, "answered 400: the request is refused"),
            (new ModelAnswer { Status = 302 }, "answered 302: it wants to send the request elsewhere"),
            (new ModelAnswer { Hangs = true }, "did not answer within 1 seconds."),
            (new ModelAnswer { Raw = "<html>Bad gateway</html>" }, "is not its provider's protocol"),
            (new ModelAnswer { Raw = "" }, ""),
        })
        {
            await using var server = await ModelServer.StartAsync(provider, answer);
            var result = await AskAsync(server, options => options with { TimeoutSeconds = answer.Hangs ? 1 : 20 });
            Assert.True(result.Unreachable.Count == 2,
                $"{provider} {answer}: {string.Join("; ", result.Answers.SelectMany(a => a.Opinion.Reasons))}");
            Assert.Null(result.Decide(new BasisPoints(8_000), []));
            AssertTold(result, server, why);
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Nobody_at_the_address_is_told_as_such(JudgeProvider provider)
    {
        var server = await ModelServer.StartAsync(provider, new ModelAnswer(Pass));
        await server.DisposeAsync();
        AssertTold(await AskAsync(server), server, "could not be reached: the connection was refused");
        AssertTold(await AskAsync(server, options => options with { BaseUrl = "http://nowhere.invalid" }), server,
            "could not be reached: the name of its host was not found");
    }

    private static void AssertTold(PanelResult result, ModelServer server, string why)
    {
        string said = result.Unreachable[0].Why;
        string name = server.Options.Provider is JudgeProvider.OpenAICompatible
            ? "openai-compatible"
            : $"{server.Options.Provider}".ToLowerInvariant();
        Assert.StartsWith($"{name}-first (", said, StringComparison.Ordinal);
        Assert.True(said.Contains(why, StringComparison.Ordinal), $"{why}? {said} {result.Unreachable[0].Error}");
        foreach (string secret in new[] { ModelServer.Key, "Exception", "http", "127.0.0.1", "invalid" })
            Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
        for (Exception? link = result.Unreachable[0].Error; link is not null; link = link.InnerException)
            Assert.DoesNotContain(ModelServer.Key, link.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_short_overload_is_tried_again_at_once(JudgeProvider provider)
    {
        foreach (int status in new[] { 429, 503, 529 })
        {
            await using var server = await ModelServer.StartAsync(
                provider, new ModelAnswer { Status = status, RetryAfterSeconds = 0 }, new ModelAnswer(Pass));
            var (first, _) = ConfiguredJudges.Open(Two(server, options => options with { Retries = 1 }), TimeProvider.System);
            var (answer, _) = await new JudgePanel(first, first, TimeProvider.System)
                .AskOneAsync(first, Request(), Cancel);
            Assert.True(answer?.Opinion.Pass, $"{provider} {status}");
            Assert.Equal(2, server.Requests.Count);
        }
    }

    [Fact]
    public async Task A_model_that_keeps_failing_is_left_alone_and_known_as_such()
    {
        await using var server = await ModelServer.StartAsync(JudgeProvider.OpenAI, new ModelAnswer { Status = 500 });
        var (first, second) = ConfiguredJudges.Open(Two(server), TimeProvider.System);
        var panel = new JudgePanel(first, second, TimeProvider.System);
        for (int i = 0; i < 4; i++) await panel.AskOneAsync(first, Request(), Cancel);
        Assert.True(first.Guard!.IsResting);
        int sent = server.Requests.Count;
        var (answer, missing) = await panel.AskOneAsync(first, Request(), Cancel);
        Assert.Null(answer);
        const string why = "openai-first (openai-model) answered 500: the provider has a fault.";
        Assert.Equal($"{why} It is left alone for some seconds.", missing!.Why);
        Assert.Equal(sent, server.Requests.Count);
        Assert.Equal(why, first.Guard.Now!.Why);
        Assert.Null(second.Guard!.Now);
    }

    [Theory]
    [InlineData("", "anthropic:a:k", "needs two judges")]
    [InlineData("anthropic:a:k", "anthropic:a:k", "take a second model")]
    [InlineData("openai:a:k", "anthropic:A:k", "take a second model")]
    [InlineData("anthropic:a:k", "openai:b:", "ApiKey is missing")]
    [InlineData("anthropic::k", "openai:b:k", "Model is missing")]
    [InlineData("ollama:a:", "openai:b:k", "BaseUrl is missing")]
    [InlineData("openaicompatible:a:", "openai:b:k", "BaseUrl is missing")]
    [InlineData("anthropic:a:k:1", "openai:b:k", "sends none")]
    public void Settings_that_make_no_two_judges_are_refused_at_start(string first, string second, string said)
    {
        var options = new ServerOptions
        {
            Judging = new JudgingOptions { Judges = [Parse(first), Parse(second)] },
        };
        Assert.Contains(said, Assert.Throws<BadSettings>(() => Startup.Check(options)).Message);
        if (said.Contains("second model"))
            Startup.Check(options with { Judging = options.Judging with { AllowSameModel = true } });
    }

    [Fact]
    public void Two_judges_of_one_name_are_refused_at_start()
    {
        var options = new ServerOptions
        {
            Judging = new JudgingOptions
            {
                Judges = [Parse("openai:a:k") with { Name = "panel" }, Parse("openai:b:k") with { Name = "Panel" }],
            },
        };
        Assert.Contains("both judges are named", Assert.Throws<BadSettings>(() => Startup.Check(options)).Message);
    }

    [Fact]
    public void No_variable_of_the_environment_decides_where_works_go()
    {
        var two = new JudgingOptions { Judges = [Parse("anthropic:a:k"), Parse("openai:b:k")] };
        Assert.Empty(ConfiguredJudges.Problems(two));
        Assert.True(ConfiguredJudges.AreThere(two));
        Assert.Single(ConfiguredJudges.Warnings(two));
        Assert.Equal(2, ConfiguredJudges.Warnings(two with
        {
            Judges = [Parse("openai:a:k"), Parse("openai:b:k")],
        }).Count());
    }

    private static JudgeOptions Parse(string text) =>
        text.Split(':') is not [var provider, var model, var key, .. var temperature]
            ? new JudgeOptions()
            : new JudgeOptions
            {
                Provider = Enum.Parse<JudgeProvider>(provider, true),
                Model = model,
                ApiKey = key,
                Temperature = temperature is [var given] ? decimal.Parse(given) : null,
            };

    private static JudgingOptions Two(ModelServer server, Func<JudgeOptions, JudgeOptions>? change = null)
    {
        var options = change?.Invoke(server.Options) ?? server.Options;
        return new JudgingOptions { Judges = [options, options], AllowSameModel = true };
    }

    private static Task<PanelResult> AskAsync(ModelServer server, Func<JudgeOptions, JudgeOptions>? change = null)
    {
        var (first, second) = ConfiguredJudges.Open(Two(server, change), TimeProvider.System);
        return new JudgePanel(first, second, TimeProvider.System).AskAsync(Request(), Cancel);
    }

    private static JudgingRequest Request() =>
        new("Übersetze", "Ein Satz.", null, [], Deliverable.FromText(Secret), 1, []);

    private static string Why(PanelResult result) =>
        string.Join("; ", result.Unreachable.Select(missing => $"{missing.Why} {missing.Error?.GetType()}"));
}
