using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Webhooks;

/// <summary>Events from a job's life to a real listener: signed, in order, retried, and never in each other's way.</summary>
public sealed class DeliveryTests
{
    /// <summary>The documented waits after each failed attempt; the jitter moves each by a tenth at most.</summary>
    private static readonly TimeSpan[] s_waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    [Theory, ClassData<Databases>]
    public async Task A_job_s_events_arrive_signed_in_order_and_numbered(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var toBuyer = await WebhookListener.StartAsync();
        await using var toWorker = await WebhookListener.StartAsync();
        var (buyer, worker) = await PartiesAsync(server, toBuyer, toWorker);
        string job = await buyer.HireAsync(worker, 1.00m);
        await worker.WorkAsync(job, Deliverables.Unsure);
        (await buyer.PostAsync($"/v1/jobs/{job}/request-revision", new { reason = "Mention the costs." })).Expect(200);
        await worker.SubmitAsync(job, Deliverables.Pass);

        Assert.Equal(["job.accepted", "job.submitted", "job.validated", "job.submitted", "job.validated", "job.completed"],
            toBuyer.TypesOf(job));
        Assert.Equal(["job.created", "job.validated", "job.revision_requested", "job.validated", "job.completed", "payment.received"],
            toWorker.TypesOf(job));
        var all = toBuyer.All.Concat(toWorker.All).Where(one => one.JobId == job).ToList();
        Assert.All(all, one => Assert.True(one.IsSigned, one.Raw));
        Assert.All(all, one => Assert.StartsWith("evt_", one.Id));
        // Numbered per job from 1, each number one event whoever gets it; every recipient sees them rising.
        var numbers = all.Select(one => one.Sequence).Distinct().Order().ToList();
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
        foreach (var listener in new[] { toBuyer, toWorker })
        {
            var seen = listener.All.Where(one => one.JobId == job).Select(one => one.Sequence).ToList();
            Assert.Equal(seen.Order(), seen);
        }
        Shape.Matches("""
            { "title": "Summarise this document", "description": "A summary of the quarterly...", "amount": 1.00, "currency": "eur" }
            """, toWorker.All.Single(one => one.Type == "job.created").Data);
        Assert.Contains("Mention the costs.", toWorker.All.Single(one => one.Type == "job.revision_requested").Raw);
        Shape.Matches("""{ "amount": 1.00, "fee": 0.10, "net": 0.90 }""",
            toWorker.All.Single(one => one.Type == "payment.received").Data);
    }

    [Theory, ClassData<Databases>]
    public async Task A_failing_endpoint_is_retried_on_the_documented_schedule_and_then_given_up(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var listener = await WebhookListener.StartAsync();
        listener.Respond = _ => Task.FromResult(500);
        await server.AgentAsync("agent", listener.Url);
        await server.SettleAsync();
        int attempts = 1;
        Assert.Equal(attempts, listener.Attempts);
        foreach (var wait in s_waits)
        {
            await server.AdvanceAsync(TimeSpan.FromSeconds(Math.Floor(wait.TotalSeconds * 0.85)));
            Assert.Equal(attempts, listener.Attempts);
            await server.AdvanceAsync(TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds * 0.30)));
            Assert.Equal(++attempts, listener.Attempts);
        }
        await server.AdvanceAsync(24 * 30);
        Assert.Equal(10, listener.Attempts);
    }

    [Theory, ClassData<Databases>]
    public async Task What_waits_behind_a_failed_event_of_its_job_arrives_after_it(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var toBuyer = await WebhookListener.StartAsync();
        await using var toWorker = await WebhookListener.StartAsync();
        var (buyer, worker) = await PartiesAsync(server, toBuyer, toWorker);
        bool isDown = true;
        toBuyer.Respond = _ => Task.FromResult(isDown ? 503 : 200);
        string job = await buyer.HireAsync(worker);
        await worker.WorkAsync(job, Deliverables.Pass);
        Assert.Empty(toBuyer.TypesOf(job));
        // The worker's own events did not wait for the buyer's endpoint.
        Assert.Equal(["job.created", "job.validated", "job.completed", "payment.received"], toWorker.TypesOf(job));
        isDown = false;
        await server.AdvanceAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(["job.accepted", "job.submitted", "job.validated", "job.completed"], toBuyer.TypesOf(job));
    }

    [Theory, ClassData<Databases>]
    public async Task An_answer_of_410_switches_the_endpoint_off(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var toBuyer = await WebhookListener.StartAsync();
        await using var toWorker = await WebhookListener.StartAsync();
        var (buyer, worker) = await PartiesAsync(server, toBuyer, toWorker);
        toWorker.Respond = _ => Task.FromResult(410);
        int before = toWorker.Attempts;
        string job = await buyer.HireAsync(worker);
        await server.SettleAsync();
        Assert.Equal(before + 1, toWorker.Attempts);
        Shape.Matches("""{ "data": { "webhook_url": null } }""", (await worker.GetAsync("/v1/agents/me")).Json);
        toWorker.Respond = _ => Task.FromResult(204);
        await worker.WorkAsync(job, Deliverables.Pass);
        await server.AdvanceAsync(24);
        Assert.Equal(before + 1, toWorker.Attempts);
        await buyer.ExpectAsync(job, "completed");
        Assert.Contains("job.completed", toBuyer.TypesOf(job));
    }

    [Theory, ClassData<Databases>]
    public async Task A_hanging_endpoint_slows_nobody_else(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var toBuyer = await WebhookListener.StartAsync();
        await using var toWorker = await WebhookListener.StartAsync();
        var (buyer, worker) = await PartiesAsync(server, toBuyer, toWorker);
        var hung = new TaskCompletionSource();
        int before = toBuyer.Attempts;
        toBuyer.Respond = async _ =>
        {
            await hung.Task;
            return 200;
        };
        for (int i = 0; i < 10; i++)
        {
            string job = await buyer.HireAsync(worker);
            await toWorker.NextAsync("job.created");
            (await worker.PostAsync($"/v1/jobs/{job}/accept")).Expect(200);
            (await worker.PostAsync($"/v1/jobs/{job}/submit", new { deliverable = Deliverables.Pass })).Expect(200);
            await toWorker.NextAsync("payment.received");
        }
        // At most five at once go to one endpoint, and each job's next event waits for the one before.
        Assert.InRange(toBuyer.Attempts - before, 1, 5);
        hung.SetResult();
    }

    [Theory, ClassData<Databases>]
    public async Task Activation_and_bids_are_told_to_those_they_concern(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await using var toBuyer = await WebhookListener.StartAsync();
        await using var toWorker = await WebhookListener.StartAsync();
        await using var toLoser = await WebhookListener.StartAsync();
        var (buyer, worker) = await PartiesAsync(server, toBuyer, toWorker);
        var loser = await server.AgentAsync("loser", toLoser.Url);
        toLoser.Secret = loser.WebhookSecret;
        await server.SettleAsync();
        string job = await buyer.PostJobAsync(new { title = "T", description = "D", amount = 1.00m });
        (await loser.PostAsync($"/v1/jobs/{job}/bid", new { amount = 0.90m })).Expect(201);
        string bid = (await worker.PostAsync($"/v1/jobs/{job}/bid", new { amount = 0.80m })).Expect(201).String("data.id")!;
        (await buyer.PostAsync($"/v1/jobs/{job}/bids/{bid}/accept")).Expect(200);
        await server.SettleAsync();
        Assert.Equal(["agent.activated", "bid.rejected"], toLoser.All.Select(one => one.Type));
        Assert.Equal(["bid.accepted"], toWorker.TypesOf(job));
        Assert.Equal(["bid.received", "bid.received"], toBuyer.TypesOf(job));
    }

    private static async Task<(TestAgent Buyer, TestAgent Worker)> PartiesAsync(
        TestServer server, WebhookListener toBuyer, WebhookListener toWorker)
    {
        var (buyer, worker) = (await server.AgentAsync("buyer", toBuyer.Url), await server.AgentAsync("worker", toWorker.Url));
        (toBuyer.Secret, toWorker.Secret) = (buyer.WebhookSecret, worker.WebhookSecret);
        await buyer.FundAsync(10.00m);
        await server.SettleAsync();
        return (buyer, worker);
    }
}
