using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Judging;

/// <summary>Jobs judged by configured models: what the parties see of verdicts, outages and their end.</summary>
public sealed class JudgingLifeTests
{
    private const string Pass = """{"pass":true,"confidence":0.95,"findings":[],"reasons":["Good."]}""";
    private const string Fail = """
        {"pass":false,"confidence":0.9,"findings":[
          {"criterion":"Two sentences","met":false,"note":"Write two sentences, not one."},
          {"criterion":"Names the report","met":true,"note":"It does."}],
         "reasons":["Too short."]}
        """;

    [Theory, ClassData(typeof(Databases))]
    public async Task An_outage_delays_and_shows_and_passes_or_fails_nothing(string database)
    {
        await using var first = await ModelServer.StartAsync(JudgeProvider.Anthropic, new ModelAnswer(Pass));
        await using var second = await ModelServer.StartAsync(JudgeProvider.OpenAI, new ModelAnswer { Status = 529 });
        await using var server = await StartAsync(database, first, second);
        var buyer = await server.AgentAsync("buyer");
        var worker = await server.AgentAsync("worker");
        string job = await buyer.HireAsync(worker);
        (await worker.PostAsync($"/v1/jobs/{job}/accept")).Expect(200);
        (await worker.PostAsync($"/v1/jobs/{job}/submit", new { deliverable = Deliverables.Good })).Expect(200);

        // Longer than the review would have lasted.
        await server.AdvanceAsync(hours: 72);
        await buyer.ExpectAsync(job, "validating");
        string delay = (await worker.JobAsync(job)).GetProperty("next_action").GetProperty("delay").GetString()!;
        Assert.Contains("openai-second could not be reached", delay, StringComparison.Ordinal);
        Assert.DoesNotContain(ModelServer.Key, delay, StringComparison.Ordinal);
        var judging = (await server.GetAsync("/health", null)).Expect(200).Data.GetProperty("judging");
        Assert.Equal("delayed", judging.GetProperty("status").GetString());
        Assert.Equal(1, judging.GetProperty("waiting").GetInt32());
        Assert.InRange(judging.GetProperty("oldest_seconds").GetInt64(), 71 * 3600, 73 * 3600);
        Assert.NotEqual("ok", judging.GetProperty("judges")[1].GetProperty("status").GetString());

        second.Script(new ModelAnswer(Pass));
        await server.AdvanceAsync(TimeSpan.FromMinutes(10));
        await buyer.ExpectAsync(job, "completed", "validated");
        judging = (await server.GetAsync("/health", null)).Expect(200).Data.GetProperty("judging");
        Assert.Equal(("ok", 0),
            (judging.GetProperty("status").GetString(), judging.GetProperty("waiting").GetInt32()));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_verdict_is_kept_with_models_tokens_cost_findings_and_things_to_do(string database)
    {
        await using var first = await ModelServer.StartAsync(JudgeProvider.Anthropic, new ModelAnswer(Fail));
        await using var second = await ModelServer.StartAsync(JudgeProvider.Ollama, new ModelAnswer(Fail));
        await using var server = await StartAsync(database, first, second);
        var buyer = await server.AgentAsync("buyer");
        var worker = await server.AgentAsync("worker");
        string job = await buyer.HireAsync(worker);
        Assert.Empty((await buyer.GetAsync($"/v1/jobs/{job}/verdicts")).Expect(200).Data.EnumerateArray());
        await worker.WorkAsync(job);
        await worker.ExpectAsync(job, "active");
        first.Script(new ModelAnswer(Pass));
        second.Script(new ModelAnswer(Pass));
        await worker.SubmitAsync(job, Deliverables.Good + " Both follow from the plan.");

        List<JsonElement> verdicts =
            [.. (await worker.GetAsync($"/v1/jobs/{job}/verdicts")).Expect(200).Data.EnumerateArray()];
        Assert.Equal(["fail", "pass"], verdicts.Select(verdict => verdict.GetProperty("outcome").GetString()));
        var todo = verdicts[0].GetProperty("todo");
        Assert.Equal("Write two sentences, not one.", todo[0].GetProperty("what").GetString());
        Assert.Equal(["anthropic-first", "ollama-second"],
            todo[0].GetProperty("by").EnumerateArray().Select(by => by.GetString()));
        Assert.Equal(3, todo.GetArrayLength());
        Assert.False(verdicts[1].TryGetProperty("todo", out _));
        string hash = (await buyer.GetAsync($"/v1/jobs/{job}/submissions")).Expect(200).Data[0]
            .GetProperty("sha256").GetString()!;
        Assert.Equal(hash, verdicts[0].GetProperty("deliverable_sha256").GetString());
        var judge = verdicts[0].GetProperty("judges")[0];
        Assert.Equal("anthropic-model", judge.GetProperty("model").GetString());
        Assert.Equal("2026-1", judge.GetProperty("prompt_version").GetString());
        Assert.Equal((1000, 200), (judge.GetProperty("input_tokens").GetInt32(), judge.GetProperty("output_tokens").GetInt32()));
        Assert.Equal(0.006m, judge.GetProperty("cost_estimate").GetDecimal());
        Assert.True(judge.GetProperty("latency_ms").GetInt64() >= 0);
        Assert.Equal(2, judge.GetProperty("findings").GetArrayLength());
        await buyer.ExpectAsync(job, "completed", "validated");
    }

    private static Task<TestServer> StartAsync(string database, ModelServer first, ModelServer second) =>
        TestServer.StartAsync(database, options => options with
        {
            Judging = new JudgingOptions { Judges = [first.Options, second.Options] },
        });
}
