using VoxPact.Domain;
using VoxPact.Server.Judging;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Judging;

/// <summary>What judging may cost for a job and in a day, and that every answer counts.</summary>
public sealed class JudgingCostTests
{
    private const string Pass = """{"pass":true,"confidence":0.95,"findings":[],"reasons":["Good."]}""";
    private const string Fail = """
        {"pass":false,"confidence":0.9,"findings":[
          {"criterion":"Two sentences","met":false,"note":"Write two sentences, not one."},
          {"criterion":"Names the report","met":true,"note":"It does."}],
         "reasons":["Too short."]}
        """;

    [Theory, ClassData(typeof(Databases))]
    public async Task Limits_on_tokens_hold_a_job_and_a_day_and_pay_nobody(string database)
    {
        await using var first = await ModelServer.StartAsync(JudgeProvider.Anthropic, new ModelAnswer(Fail));
        await using var second = await ModelServer.StartAsync(JudgeProvider.OpenAI, new ModelAnswer(Fail));
        await using var server = await TestServer.StartAsync(database, options => options with
        {
            // A verdict takes 2,400 tokens and 0.012.
            Judging = new JudgingOptions
            {
                Judges = [first.Options, second.Options],
                TokensPerJob = 4_000,
                CostPerDayMinor = 3,
            },
        });
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        await worker.WorkAsync(job);
        await worker.SubmitAsync(job, Deliverables.Good + " Second.");
        first.Script(new ModelAnswer(Pass));
        second.Script(new ModelAnswer(Pass));
        await worker.SubmitAsync(job, Deliverables.Good + " Third.");
        await buyer.ExpectAsync(job, "review");
        Assert.Contains("limit on judging this job",
            (await buyer.JobAsync(job)).GetProperty("last_verdict").GetProperty("reasons")[0].GetString());

        // 0.024 is spent; the third verdict of the day reaches 0.03, the fourth has to wait.
        string third = await buyer.HireAsync(worker);
        await worker.WorkAsync(third);
        await buyer.ExpectAsync(third, "completed");
        string fourth = await buyer.HireAsync(worker);
        await worker.WorkAsync(fourth);
        await buyer.ExpectAsync(fourth, "validating");
        Assert.Contains("day's limit", (await buyer.JobAsync(fourth)).GetProperty("next_action")
            .GetProperty("delay").GetString());
        await server.AdvanceAsync(hours: 24);
        await buyer.ExpectAsync(fourth, "completed");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_answer_counts_for_its_job_and_day_once_and_also_when_no_verdict_comes_of_it(string database)
    {
        await using var first = await ModelServer.StartAsync(JudgeProvider.Anthropic, new ModelAnswer(Pass));
        await using var second = await ModelServer.StartAsync(JudgeProvider.OpenAI, new ModelAnswer { Status = 503 });
        await using var server = await TestServer.StartAsync(database, options => options with
        {
            // An answer takes 1,200 tokens and 0.006.
            Judging = new JudgingOptions
            {
                Judges = [first.Options, second.Options],
                TokensPerJob = 3_000,
                TokensPerDay = 4_800,
            },
        });
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        await worker.WorkAsync(job);
        await server.AdvanceAsync(TimeSpan.FromMinutes(10));
        await server.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(new JudgingSpent(1_200, 6_000), await SpentAsync(server, job));
        second.Script(new ModelAnswer("I would say it is fine."));
        await server.AdvanceAsync(TimeSpan.FromMinutes(10));
        await buyer.ExpectAsync(job, "review");
        Assert.Equal(new JudgingSpent(2_400, 12_000), await SpentAsync(server, job));

        // The day has 2,400 left, which two answers without a verdict take.
        second.Script(new ModelAnswer { Status = 503 });
        string[] waiting = [await buyer.HireAsync(worker), await buyer.HireAsync(worker), await buyer.HireAsync(worker)];
        foreach (string one in waiting) await worker.WorkAsync(one);
        await server.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Contains("day's limit", (await buyer.JobAsync(waiting[0])).GetProperty("next_action")
            .GetProperty("delay").GetString());
        Assert.Contains("day's limit", (await buyer.JobAsync(waiting[2])).GetProperty("next_action")
            .GetProperty("delay").GetString());
        Assert.Equal(JudgingSpent.Nothing, await SpentAsync(server, waiting[2]));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Once_a_job_has_spent_what_it_may_neither_judge_nor_adviser_is_asked(string database)
    {
        await using var first = await ModelServer.StartAsync(JudgeProvider.Anthropic, new ModelAnswer(Pass));
        await using var second = await ModelServer.StartAsync(JudgeProvider.OpenAI, new ModelAnswer { Status = 503 });
        await using var server = await TestServer.StartAsync(database, options => options with
        {
            Judging = new JudgingOptions { Judges = [first.Options, second.Options], TokensPerJob = 1_200 },
        });
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        await worker.WorkAsync(job);
        await server.AdvanceAsync(TimeSpan.FromMinutes(10));
        await buyer.ExpectAsync(job, "review");
        Assert.Contains("limit on judging this job",
            (await buyer.JobAsync(job)).GetProperty("last_verdict").GetProperty("reasons")[0].GetString());
        (await buyer.PostAsync($"/v1/jobs/{job}/dispute", new { reason = "Wrong quarter." })).Expect(200);
        await server.SettleAsync();
        var advice = (await server.GetAsync($"/v1/operator/jobs/{job}/recommendation", server.OperatorKey)).Expect(200).Data;
        Assert.Equal("nothing", advice.GetProperty("recommends").GetString());
        Assert.Contains("limit on judging this job",
            advice.GetProperty("adviser").GetProperty("reasons")[0].GetString());
        Assert.Single(first.Requests);
    }

    internal static async Task<JudgingSpent> SpentAsync(TestServer server, string job)
    {
        Assert.True(Id.TryParse(Id.Job, job, out var id));
        return (await server.Deployment.Store.QueryAsync(
            JudgingQueries.SpentOn(id), TestContext.Current.CancellationToken))[0];
    }
}
