using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Tests.Harness;
using VoxPact.Server.Work;
using Xunit;

namespace VoxPact.Server.Tests.Api;

/// <summary>Refusals as their callers meet them, each provoked on purpose.</summary>
public sealed class RefusalTests(SharedServers servers) : IClassFixture<SharedServers>
{
    private static readonly object s_openJob =
        new { title = "Summarise", description = "In two sentences.", amount = 0.10m };

    [Theory, ClassData<Databases>]
    public async Task The_operators_routes_are_not_for_agents(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, job) = await OpenJobAsync(server);
        var answer =
            await buyer.PostAsync($"/v1/operator/jobs/{job}/resolve", new { outcome = "release", reason = "Mine." });
        answer.Expect(403, "operator_only");
    }

    [Theory, ClassData<Databases>]
    public async Task A_party_may_not_do_what_is_the_other_ones(string database)
    {
        var server = await servers.OnAsync(database);
        var buyer = await server.AgentAsync("buyer");
        string job = await buyer.HireAsync(await server.AgentAsync("worker"));
        (await buyer.PostAsync($"/v1/jobs/{job}/accept")).Expect(403, "forbidden");
    }

    [Theory, ClassData<Databases>]
    public async Task What_is_over_takes_no_more_steps(string database)
    {
        var server = await servers.OnAsync(database);
        var (buyer, job) = await OpenJobAsync(server);
        (await buyer.PostAsync($"/v1/jobs/{job}/cancel")).Expect(200);
        (await buyer.PostAsync($"/v1/jobs/{job}/cancel")).Expect(409, "wrong_state");
    }

    [Theory, ClassData<Databases>]
    public async Task Before_checkout_an_agent_hires_nobody(string database)
    {
        var agent = await (await servers.OnAsync(database)).RegisterAsync();
        (await agent.PostAsync("/v1/jobs", s_openJob)).Expect(403, "agent_not_active");
    }

    [Theory, ClassData<Databases>]
    public async Task A_suspended_agent_is_refused_whatever_it_asks(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        Assert.True(Id.TryParse(Id.Agent, agent.Id, out var id));
        await server.Deployment.Engine.RunWorkAsync(new Suspend(id));
        (await agent.PostAsync("/v1/jobs", s_openJob)).Expect(403, "agent_suspended");
    }

    [Theory, ClassData<Databases>]
    public async Task The_name_of_an_active_agent_is_taken(string database)
    {
        var server = await servers.OnAsync(database);
        var agent = await server.AgentAsync();
        var answer = await server.PostAsync("/v1/agents/register", null, new
        {
            name = agent.Name.ToUpperInvariant(),
            owner_email = "somebody@example.com",
            capabilities = new[] { "summarization" },
            accept_terms = true,
        });
        answer.Expect(409, "name_taken");
    }

    [Theory, ClassData<Databases>]
    public async Task A_bidder_bids_once(string database)
    {
        var server = await servers.OnAsync(database);
        var (_, job) = await OpenJobAsync(server);
        var bidder = await server.AgentAsync("bidder");
        (await bidder.PostAsync($"/v1/jobs/{job}/bid", new { amount = 0.10m })).Expect(201);
        (await bidder.PostAsync($"/v1/jobs/{job}/bid", new { amount = 0.09m })).Expect(409, "already_done");
    }

    [Theory, ClassData<Databases>]
    public async Task Without_a_card_or_a_balance_nothing_is_funded(string database)
    {
        var buyer = await (await servers.OnAsync(database)).AgentAsync("buyer");
        await buyer.RemoveCardsAsync();
        (await buyer.PostAsync("/v1/jobs", s_openJob)).Expect(402, "payment_method_required");
    }

    [Theory, ClassData<Databases>]
    public async Task A_bank_that_wants_to_see_its_customer_is_no_payment_yet(string database)
    {
        var buyer = await (await servers.OnAsync(database)).AgentAsync("buyer", card: TestCards.NeedsOwner);
        var answer = (await buyer.PostAsync("/v1/jobs", s_openJob)).Expect(402, "payment_action_required");
        Assert.StartsWith("http", answer.String("link"));
    }

    [Theory, ClassData<Databases>]
    public async Task A_key_belongs_to_one_request(string database)
    {
        var (buyer, job) = await OpenJobAsync(await servers.OnAsync(database), idempotencyKey: "once");
        Assert.StartsWith("job_", job);
        var other = new { title = "Another", description = "Of another kind.", amount = 0.10m };
        (await buyer.PostAsync("/v1/jobs", other, "once")).Expect(422, "idempotency_key_reused");
    }

    [Theory, ClassData<Databases>]
    public async Task Without_Stripe_nobody_can_register(string database)
    {
        // Port 1 is not listened on: the connection is refused at once.
        await using var server = await TestServer.StartAsync(database, options => options with
        {
            StripeApiBase = "http://127.0.0.1:1",
        });
        var answer = await server.PostAsync("/v1/agents/register", null, new
        {
            name = TestServer.Name("agent"),
            owner_email = "somebody@example.com",
            capabilities = new[] { "summarization" },
            accept_terms = true,
        });
        answer.Expect(503, "payment_provider_unavailable");
        Assert.Equal("5", answer.Header("Retry-After"));
    }

    [Theory, ClassData<Databases>]
    public async Task A_full_queue_refuses_at_once(string database)
    {
        await using var server = await TestServer.StartAsync(database, options => options with { RunWork = false });
        var agent = await server.AgentAsync();
        var engine = server.Deployment.Engine;
        using var gate = new ManualResetEventSlim();
        var held = new Hold(gate);
        var first = engine.RunAsync(held);
        await held.Entered;
        var queued = Enumerable.Range(0, Limits.QueuedCommands).Select(_ => engine.RunAsync(new Hold(gate))).ToList();
        (await agent.PostAsync("/v1/jobs", s_openJob)).Expect(503, "overloaded");
        gate.Set();
        Assert.Null((await first).Refusal);
        await Task.WhenAll(queued);
        (await agent.PostAsync("/v1/agents/rotate-key")).Expect(200);
    }

    private static async Task<(TestAgent Buyer, string Job)> OpenJobAsync(TestServer server,
        string? idempotencyKey = null)
    {
        var buyer = await server.AgentAsync("buyer");
        return (buyer, (await buyer.PostAsync("/v1/jobs", s_openJob, idempotencyKey)).Expect(201).String("data.id")!);
    }

    /// <summary>What an operator will do to an agent, as a command of its own.</summary>
    private sealed class Suspend(Guid agent) : Command
    {
        public override void Need(LoadPlan plan) => plan.AgentsToChange.Add(agent);

        public override Ruling Decide(Snapshot rows, DecisionContext context) => new(
            new Decision().Put(rows.Agents.Find(agent)! with { Status = AgentStatus.Suspended }), Reply.None);
    }

    /// <summary>Keeps the engine's lane busy until the gate opens.</summary>
    private sealed class Hold(ManualResetEventSlim gate) : Command
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            _entered.TrySetResult();
            gate.Wait(TestContext.Current.CancellationToken);
            return Reply.None;
        }
    }
}
