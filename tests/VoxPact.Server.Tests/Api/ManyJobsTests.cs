using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Tests.Ledger;
using VoxPact.Server.Work;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Lists of jobs where very many others lie behind or between: who polls does not pay for them.</summary>
public sealed class ManyJobsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData<Databases>]
    public async Task What_is_left_to_do_is_found_without_a_look_at_what_is_over(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        for (int i = 0; i < 20; i++)
            await server.Deployment.Engine.RunWorkAsync(new Jobs(buyer, 1_000) { Worker = worker });
        foreach (var party in new[] { buyer, worker })
            Assert.Equal(job, Assert.Single((await party.GetAsync("/v1/jobs?status=active,pending,disputed")).Expect(200).Data.EnumerateArray())
                .GetProperty("id").GetString());
        Assert.Equal(1, (await worker.GetAsync("/v1/jobs/assigned")).Expect(200).Data.GetArrayLength());

        await Tampering.RunAsync(server, "analyze");
        Assert.True(Id.TryParse(Id.Agent, worker.Id, out var id));
        var mine = JobQueries.OfParty(id, [JobState.Offered, JobState.Active], Paging.Top, 51);
        foreach (string index in new[] { "jobs_not_over_by_buyer", "jobs_not_over_by_worker" })
            Assert.Contains(index, await PlanAsync(server, mine.Sql, mine.Arguments));
        var assigned = JobQueries.AssignedTo(id, Paging.Top, 51);
        Assert.Contains("jobs_not_over_by_worker", await PlanAsync(server, assigned.Sql, assigned.Arguments));
    }

    [Theory, ClassData<Databases>]
    public async Task A_rare_filter_is_answered_in_short_pages_that_go_on_to_the_last(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer");
        async Task<string> RareAsync(string capability, decimal amount) => await buyer.PostJobAsync(new
        {
            title = "Rare",
            description = "D",
            amount,
            required_capabilities = new[] { capability },
        });
        string oldest = await RareAsync("Résumé writing", 9.00m);
        for (int i = 0; i < 11; i++) await server.Deployment.Engine.RunWorkAsync(new Jobs(buyer, 1_000));
        string newest = await RareAsync("RÉSUMÉ WRITING", 0.10m);
        foreach (var (query, expected) in new (string, string[])[]
        {
            ("capability=r%C3%A9sum%C3%A9%20Writing", [newest, oldest]), ("min_budget=9", [oldest]), ("capability=nobody-asks-this", []),
            ("capability=R%C3%89SUM%C3%89%20writing&max_budget=1", [newest]),
        })
        {
            var found = new List<string>();
            string? cursor = null;
            int pages = 0;
            do
            {
                var page = (await server.GetAsync($"/v1/jobs/open?{query}{(cursor is null ? "" : $"&cursor={cursor}")}")).Expect(200);
                found.AddRange(page.Data.EnumerateArray().Select(job => job.GetProperty("id").GetString()!));
                cursor = page.Json.GetProperty("next_cursor").GetString();
                pages++;
            }
            while (cursor is not null);
            Assert.Equal($"{query}: {string.Join(' ', expected)}", $"{query}: {string.Join(' ', found)}");
            Assert.InRange(pages, 2, 6);
        }
        Assert.Equal(50, (await server.GetAsync("/v1/jobs/open")).Expect(200).Data.GetArrayLength());
    }

    private static async Task<string> PlanAsync(TestServer server, string sql, object?[] arguments)
    {
        bool isSqlite = server.Deployment.Store.Name == "sqlite";
        return string.Join('\n', await server.Deployment.Store.QueryAsync(
            (isSqlite ? "explain query plan " : "explain ") + sql, arguments, row => row.Text(isSqlite ? 3 : 0), Stop));
    }

    /// <summary>So many jobs of a buyer: finished ones of the worker if there is one, else open ones.</summary>
    private sealed class Jobs(TestAgent buyer, int count) : Command
    {
        public TestAgent? Worker { get; init; }

        public override void Need(LoadPlan plan)
        {
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            Id.TryParse(Id.Agent, buyer.Id, out var agent);
            Guid? worker = Worker is null ? null : Id.TryParse(Id.Agent, Worker.Id, out var id) ? id : null;
            var decision = new Decision();
            for (int i = 0; i < count; i++)
            {
                var job = Job.Restore(new Job
                {
                    Id = Id.New(context.NowUs),
                    BuyerAgent = agent,
                    BuyerOwner = agent,
                    WorkerAgent = worker,
                    WorkerOwner = worker,
                    IsOpen = worker is null,
                    Title = "One of many",
                    Closed = worker is null ? null : ClosedReason.Validated,
                    Amount = new Money(10 + (i % 800)),
                    ReviewHours = 48,
                    MaxRevisions = 2,
                    CreatedUs = context.NowUs,
                    CompletedUs = worker is null ? null : context.NowUs,
                }, worker is null ? JobState.Open : JobState.Completed);
                decision.Add(job).Add(new JobTerms { JobId = job.Id, Description = "D", RequiredCapabilities = "[\"common\"]" });
                if (worker is null) decision.Add(new OpenListing { JobId = job.Id, Amount = job.Amount });
            }
            return new Ruling(decision, Reply.None);
        }
    }
}
