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

    [Theory, ClassData<Databases>]
    public async Task An_agent_that_goes_takes_its_endpoints_and_what_they_were_sent_along(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var never = await server.RegisterAsync("never", listener.Url);
        var agent = await server.AgentAsync("agent", listener.Url);
        listener.Respond = _ => Task.FromResult(500);
        (await agent.PostAsync("/v1/events/test")).Expect(201);
        await server.SettleAsync();
        Assert.Equal(2, await CountAsync("webhook_endpoints"));
        Assert.NotEqual(0, await CountAsync("deliveries"));
        foreach (var card in (await agent.GetAsync("/v1/payment-methods")).Data.EnumerateArray())
            (await agent.DeleteAsync($"/v1/payment-methods/{card.GetProperty("id").GetString()}")).Expect(200);
        (await agent.DeleteAsync("/v1/agents/me")).Expect(200);
        await server.AdvanceAsync(TimeSpan.FromDays(8));
        (await never.GetAsync("/v1/agents/me")).Expect(401, "unknown_credential");
        foreach (string table in new[] { "webhook_endpoints", "deliveries", "dead_deliveries", "webhook_attempts" })
            Assert.Equal((table, 0), (table, await CountAsync(table)));

        async Task<long> CountAsync(string table) => (await server.Deployment.Store.QueryAsync(
            $"select count(*) from {table}", [], row => row.Long(0), TestContext.Current.CancellationToken))[0];
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
