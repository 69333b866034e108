using System.Security.Cryptography;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>What is kept for a while only goes when its time is over, and not before.</summary>
public sealed class RetentionTests
{
    [Theory, ClassData<Databases>]
    public async Task Stored_answers_and_events_are_kept_for_thirty_days_and_forgotten_soon_after(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agent = await server.AgentAsync();
        var job = new { title = "T", description = "D", amount = 0.10m };
        var first = (await agent.PostAsync("/v1/jobs", job, "monthly")).Expect(201);
        Assert.NotEqual((0, 0), await KeptAsync(server));

        await server.AdvanceAsync(TimeSpan.FromDays(30));
        var again = (await agent.PostAsync("/v1/jobs", job, "monthly")).Expect(201);
        Assert.Equal((first.Text, "true"), (again.Text, again.Header("Idempotent-Replayed")));
        Assert.NotEqual(0, (await KeptAsync(server)).Inbox);

        await server.AdvanceAsync(TimeSpan.FromDays(32));
        await server.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal((0, 0), await KeptAsync(server));
        var later = (await agent.PostAsync("/v1/jobs", job, "monthly")).Expect(201);
        Assert.NotEqual(first.String("data.id"), later.String("data.id"));
        Assert.NotEqual((0, 0), await KeptAsync(server));
    }

    [Theory, ClassData<Databases>]
    public async Task More_than_one_hand_full_goes_within_the_hour(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agent = await server.AgentAsync();
        await server.Deployment.Engine.RunAsync(new Store(server.Deployment.Clock.NowUs - 40L * 24 * 3_600_000_000));
        Assert.True((await KeptAsync(server)).Answers >= Store.Rows);
        (await agent.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.10m }, "new")).Expect(201);
        await server.AdvanceAsync(TimeSpan.FromHours(1.1));
        Assert.Equal(1, (await KeptAsync(server)).Answers);
    }

    private static async Task<(long Answers, long Inbox)> KeptAsync(TestServer server)
    {
        async Task<long> CountAsync(string table) => (await server.Deployment.Store.QueryAsync(
            $"select count(*) from {table}", [], row => row.Long(0), TestContext.Current.CancellationToken))[0];
        return (await CountAsync("idempotency"), await CountAsync("inbox"));
    }

    private sealed class Store(long atUs) : Command
    {
        public const int Rows = 2_500;

        public override Ruling Decide(Snapshot rows, DecisionContext context) => new(new Decision(), Reply.None)
        {
            Log = [.. Enumerable.Range(0, Rows).Select(_ => new Row(new StoredAnswer
            {
                AgentId = Guid.Empty,
                Scope = RandomNumberGenerator.GetBytes(16),
                RequestHash = new byte[32],
                Status = 200,
                Body = [],
                CreatedUs = atUs,
            }, RowChange.Insert))],
        };
    }
}
