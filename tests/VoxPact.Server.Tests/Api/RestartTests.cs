using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>The server stops and starts again on the same data.</summary>
public sealed class RestartTests
{
    [Theory, ClassData<Databases>]
    public async Task State_keys_money_and_time_are_still_there(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        string job = await buyer.HireAsync(worker);
        (await worker.PostAsync($"/v1/jobs/{job}/accept", null, "accepting")).Expect(200);
        await server.AdvanceAsync(5);
        string before = (await buyer.GetAsync($"/v1/jobs/{job}")).Expect(200).Text;
        string operatorKey = server.OperatorKey;

        await server.RestartAsync();
        Assert.Null(server.Running.NewOperatorKey);
        Assert.Equal(before, (await buyer.GetAsync($"/v1/jobs/{job}")).Expect(200).Text);
        Assert.Equal(0.40m, (await buyer.MoneyAsync()).Balance);
        Assert.Equal("true", (await worker.PostAsync($"/v1/jobs/{job}/accept", null, "accepting")).Expect(200).Header("Idempotent-Replayed"));
        var clock = (await server.PostAsync("/v1/sandbox/clock", null, new { advance_seconds = 0 })).Expect(200);
        Assert.Equal(5 * 3600, clock.At("data.offset_seconds").GetInt64());
        (await server.PostAsync($"/v1/operator/jobs/{job}/resolve", operatorKey, new { outcome = "refund", reason = "R" }))
            .Expect(409, "wrong_state");
        await buyer.HireAsync(worker);
        Assert.Equal(0.30m, (await buyer.MoneyAsync()).Balance);
    }

    [Theory, ClassData<Databases>]
    public async Task Timers_that_became_due_and_events_that_were_not_delivered_go_on(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker", listener.Url));
        listener.Secret = worker.WebhookSecret;
        listener.Respond = _ => Task.FromResult(500);
        string job = await buyer.HireAsync(worker);
        await server.SettleAsync();
        await server.RestartAsync();
        listener.Respond = _ => Task.FromResult(204);
        await server.AdvanceAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(["job.created"], listener.TypesOf(job));
        Assert.All(listener.All, one => Assert.True(one.IsSigned));
        await server.AdvanceAsync(24.1);
        await buyer.ExpectAsync(job, "cancelled", "expired");
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_is_refused_until_the_first_has_stopped()
    {
        await using var server = await TestServer.StartAsync("sqlite");
        var refused = await Assert.ThrowsAsync<BadSettings>(() => Startup.StartAsync(server.Options with
        {
            Urls = "http://127.0.0.1:0",
            PublicUrl = null,
            StripeApiBase = null,
        }, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("Another server works on the folder", refused.Message);
        await server.RestartAsync();
        (await server.GetAsync("/health")).Expect(200);
    }

    [Theory, ClassData<Databases>]
    public async Task Work_that_was_under_way_when_the_server_stopped_is_done_by_the_next_one(string database)
    {
        var (stripe, server) = await HeldStripe.StartAsync(database, options => options with { FundingPatienceSeconds = 1 });
        await using var _ = stripe;
        await using var __ = server;
        var buyer = await server.AgentAsync("buyer");
        var hold = stripe.HoldBack("/confirm");
        string job = (await buyer.PostAsync("/v1/jobs", new { title = "T", description = "D", amount = 0.10m })).Expect(202)
            .String("data.id")!;
        await server.StopAsync();
        hold.Release();
        await server.RunAsync();
        await server.SettleAsync();
        await buyer.ExpectAsync(job, "open");
        Assert.Equal(0.40m, (await buyer.MoneyAsync()).Balance);
        Assert.Single((await server.StripeAsync("/v1/payment_intents")).GetProperty("data").EnumerateArray());
    }

    [Theory, ClassData<Databases>]
    public async Task Another_mode_on_the_same_database_is_refused_in_words(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var agent = await server.AgentAsync();
        await server.StopAsync();
        var refused = await Assert.ThrowsAsync<BadSettings>(() => Startup.StartAsync(server.Options with
        {
            Mode = Mode.Test,
            Pepper = Convert.ToBase64String(server.Deployment.Pepper),
            StripeSecretKey = "sk_test_another",
            StripeWebhookSecret = "whsec_another",
            StripeApiBase = "http://127.0.0.1:9",
            PublicUrl = "https://voxpact.example",
        }, cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("another mode", refused.Message);
        await server.RunAsync();
        (await agent.GetAsync("/v1/agents/me")).Expect(200);
    }
}
