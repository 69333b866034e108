using Xunit;

namespace VoxPact.Server.Tests.Harness;

/// <summary>The harness itself: a whole hire on each database, by the means that the other tests use.</summary>
public sealed class HarnessTests
{
    [Theory, ClassData<Databases>]
    public async Task A_hire_runs_from_registration_to_the_worker_s_transfer(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var hooks = await WebhookListener.StartAsync();
        var buyer = await server.AgentAsync("buyer");
        var worker = await server.AgentAsync("worker", hooks.Url);
        hooks.Secret = worker.WebhookSecret;
        await worker.OnboardAsync();

        string job = await buyer.HireAsync(worker);
        var created = await hooks.NextAsync("job.created");
        Assert.True(created.IsSigned);
        Assert.Equal(job, created.JobId);
        await worker.WorkAsync(job);

        await buyer.ExpectAsync(job, "completed", "validated");
        Assert.Equal((0.40m, 0m), await buyer.MoneyAsync());
        Assert.Equal((0m, 0m), await worker.MoneyAsync());
        var transfers = (await server.StripeAsync("/v1/transfers")).GetProperty("data");
        Assert.Equal(9, Assert.Single(transfers.EnumerateArray()).GetProperty("amount").GetInt64());
    }

    [Theory, ClassData<Databases>]
    public async Task A_second_node_serves_the_same_agents(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var node = await server.SecondNodeAsync();
        var agent = await server.AgentAsync();
        (await node.GetAsync("/v1/agents/me", agent.Key)).Expect(200);
    }
}
