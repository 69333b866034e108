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
        Assert.StartsWith(
            "openai-second (openai-model) answered 529: the provider is overloaded.", delay, StringComparison.Ordinal);
        Assert.DoesNotContain(ModelServer.Key, delay, StringComparison.Ordinal);
        var judging = (await server.GetAsync("/health", null)).Expect(200).Data.GetProperty("judging");
        Assert.Equal("delayed", judging.GetProperty("status").GetString());
        Assert.Equal(1, judging.GetProperty("waiting").GetInt32());
        Assert.InRange(judging.GetProperty("oldest_seconds").GetInt64(), 71 * 3600, 73 * 3600);
        Assert.NotEqual("ok", judging.GetProperty("judges")[1].GetProperty("status").GetString());
        Assert.Equal("openai-second (openai-model) answered 529: the provider is overloaded.",
            judging.GetProperty("judges")[1].GetProperty("why").GetString());

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
        Assert.Equal("2026-3", judge.GetProperty("prompt_version").GetString());
        Assert.Equal((1000, 200), (judge.GetProperty("input_tokens").GetInt32(), judge.GetProperty("output_tokens").GetInt32()));
        Assert.Equal(0.006m, judge.GetProperty("cost_estimate").GetDecimal());
        Assert.True(judge.GetProperty("latency_ms").GetInt64() >= 0);
        Assert.Equal(2, judge.GetProperty("findings").GetArrayLength());
        await buyer.ExpectAsync(job, "completed", "validated");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_judge_that_has_answered_is_not_asked_again_while_the_other_is_away(string database)
    {
        await using var first = await ModelServer.StartAsync(JudgeProvider.Anthropic, new ModelAnswer(Pass));
        await using var second = await ModelServer.StartAsync(JudgeProvider.OpenAI, new ModelAnswer { Status = 503 });
        await using var server = await StartAsync(database, first, second);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        await worker.WorkAsync(job);
        await server.AdvanceAsync(TimeSpan.FromMinutes(10));
        second.Script(new ModelAnswer(Pass));
        await server.AdvanceAsync(TimeSpan.FromMinutes(10));
        await buyer.ExpectAsync(job, "completed", "validated");
        Assert.Single(first.Requests);
        Assert.Equal(3, second.Requests.Count);
        Assert.Equal(0, server.Deployment.Judges!.Early.Count);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_early_answer_goes_when_its_job_ends_without_a_verdict(string database)
    {
        await using var first = await ModelServer.StartAsync(JudgeProvider.Anthropic, new ModelAnswer(Pass));
        await using var second = await ModelServer.StartAsync(JudgeProvider.OpenAI, new ModelAnswer { Status = 503 });
        await using var server = await StartAsync(database, first, second);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        await worker.WorkAsync(job);
        Assert.Equal(1, server.Deployment.Judges!.Early.Count);
        (await buyer.PostAsync($"/v1/jobs/{job}/approve")).Expect(200);
        await server.AdvanceAsync(TimeSpan.FromMinutes(10));
        await buyer.ExpectAsync(job, "completed");
        Assert.Equal(0, server.Deployment.Judges.Early.Count);
        Assert.Single(second.Requests);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Work_sold_before_is_refused_and_nearly_the_same_suspect_unless_the_task_is_the_same(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var worker = await server.AgentAsync("worker");
        var (one, other) = (await server.AgentAsync("buyer"), await server.AgentAsync("buyer"));
        var third = await server.AgentAsync("buyer");
        await SoldAsync(one, "Summarise the quarterly report of ACME.", Report, "completed");
        // To other buyers with the very same task, and short ones: nothing is wrong with these.
        await SoldAsync(other, "Summarise the quarterly report of ACME.", Report, "completed");
        await SoldAsync(third, "Summarise the quarterly report of ACME.", Report, "completed");
        await SoldAsync(other, "Give the report's conclusion in one sentence.",
            "The report concludes that revenue grew while costs fell.", "completed");
        await SoldAsync(one, "Give the conclusion of the report in a sentence.",
            "The report concludes that revenue grew while costs fell.", "completed");

        string copy = await OfferAsync(third, "Summarise the annual report of Globex.");
        (await worker.PostAsync($"/v1/jobs/{copy}/submit", new { deliverable = Report })).Expect(400, "copied_work");
        (await worker.PostAsync($"/v1/jobs/{copy}/deliver", new { deliverable = Report })).Expect(400, "copied_work");
        Assert.Equal(0, (await third.GetAsync($"/v1/jobs/{copy}/submissions")).Expect(200).Data.GetArrayLength());

        var seen = await SoldAsync(other, "Summarise the annual report of Globex.", Report + " Thanks!", "review");
        Assert.Equal("suspect", seen.GetProperty("last_verdict").GetProperty("outcome").GetString());
        Assert.Contains("delivered to another buyer", seen.GetProperty("last_verdict").GetProperty("reasons")[0].GetString());
        await SoldAsync(other, "Summarise the annual report of Initech.", Report.Replace("ACME", "Initech"), "review");
        // The same buyer may well ask for the same in other words.
        await SoldAsync(other, "Describe how bees find their way home.", Bees, "completed");
        await SoldAsync(other, "Tell me how bees come home again.", Bees, "completed");

        Task<string> OfferAsync(TestAgent buyer, string description) => buyer.PostJobAsync(new
        {
            worker_agent_id = worker.Id,
            title = "Report",
            description,
            amount = 0.10m,
        });

        async Task<JsonElement> SoldAsync(TestAgent buyer, string description, string work, string state)
        {
            string job = await OfferAsync(buyer, description);
            await worker.WorkAsync(job, work);
            await worker.ExpectAsync(job, state);
            return await worker.JobAsync(job);
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Of_the_same_work_handed_in_for_many_buyers_at_once_one_is_taken(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var worker = await server.AgentAsync("worker");
        var jobs = new List<string>();
        for (int i = 0; i < 6; i++)
        {
            var buyer = await server.AgentAsync("buyer");
            jobs.Add(await buyer.PostJobAsync(new
            {
                worker_agent_id = worker.Id,
                title = "Report",
                description = $"Summarise report number {i}.",
                amount = 0.10m,
            }));
        }
        var answers = await Task.WhenAll(jobs.Select(job =>
            worker.PostAsync($"/v1/jobs/{job}/submit", new { deliverable = Report })));
        Assert.Equal([200, 400, 400, 400, 400, 400], answers.Select(answer => answer.Status).Order());
        // After a month the print is forgotten, and what the judges compare remains.
        await server.AdvanceAsync(hours: 24 * 32);
        var last = await server.AgentAsync("buyer");
        string late = await last.HireAsync(worker);
        await worker.SubmitAsync(late, Report);
        Assert.Equal("suspect", (await last.JobAsync(late)).GetProperty("last_verdict").GetProperty("outcome").GetString());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_pass_on_much_money_only_shortens_the_review_when_the_operator_says_so(string database)
    {
        await using var server = await TestServer.StartAsync(database, options => options with
        {
            Judging = new JudgingOptions { PassReleasesUpToMinor = 100, ReviewAfterPassHours = 3, SubmissionsPerJob = 2 },
        });
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string small = await buyer.HireAsync(worker, 1.00m, maxRevisions: 1);
        await worker.WorkAsync(small);
        await buyer.ExpectAsync(small, "completed", "validated");
        string big = await buyer.HireAsync(worker, 1.01m, maxRevisions: 1);
        await worker.WorkAsync(big);
        await buyer.ExpectAsync(big, "review");
        await server.AdvanceAsync(hours: 2.9);
        await buyer.ExpectAsync(big, "review");
        await server.AdvanceAsync(hours: 0.2);
        await buyer.ExpectAsync(big, "completed", "silence");
        (await buyer.PostAsync("/v1/jobs", new
        {
            worker_agent_id = worker.Id,
            title = "T",
            description = "D",
            amount = 1,
            max_revisions = 2,
        })).Expect(400, "validation_failed");
    }

    private const string Report = "Summary of the report of ACME: revenue rose by twelve percent to 4.2 million, mostly "
        + "because of the new subscription plan. Costs fell by three percent after two offices were closed in spring. "
        + "The board expects the trend to go on in the next quarter and plans to hire twenty engineers by the end of "
        + "the year, as the report says in its closing chapter.";

    private const string Bees = "Bees find their way home by the position of the sun, by landmarks and by an inner "
        + "sense of the distance flown. Describe a walk along the hedge and a bee will have noticed each gap in it. "
        + "On cloudy days they read the polarisation of the sky. A dance on the comb tells the others the direction "
        + "and how far they have to fly to find the flowers again.";

    private static Task<TestServer> StartAsync(string database, ModelServer first, ModelServer second) =>
        TestServer.StartAsync(database, options => options with
        {
            Judging = new JudgingOptions { Judges = [first.Options, second.Options] },
        });
}
