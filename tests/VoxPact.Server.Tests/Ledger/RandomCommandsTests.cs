using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using VoxPact.Client;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Ledger;

/// <summary>
/// Anybody tries anything, several at a time, over HTTP: whatever they are answered, the ledger's laws hold
/// at every moment. <c>VOXPACT_COMMANDS</c> asks for a longer battery, <c>VOXPACT_SEED</c> for the choices of
/// an earlier one.
/// </summary>
public sealed class RandomCommandsTests
{
    private const int Callers = 8;
    private const int ChecksPerCaller = 3;

    /// <summary>Old jobs are over, and trying them again would only be refused.</summary>
    private const int JobsAtOnce = 30;
    private static readonly string[] s_works =
        [Deliverables.Good, Deliverables.Pass, Deliverables.Fail, Deliverables.Unsure, Deliverables.Suspect];

    private readonly ConcurrentQueue<string> _jobs = new();
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private TestServer _server = null!;
    private TestAgent[] _agents = [];

    private static int Commands => Asked("VOXPACT_COMMANDS") ?? 600;

    private static int? Asked(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int asked) ? asked : null;

    [Theory, ClassData<Databases>]
    public async Task Parallel_callers_who_try_anything_break_no_law_of_the_ledger(string database)
    {
        int seed = Asked("VOXPACT_SEED") ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        string rerun = $"VOXPACT_SEED={seed} on {database}";
        await using var server = await TestServer.StartAsync(
            database, options => options with { FundingPatienceSeconds = 1, NewPayerHoldHours = 30 });
        _server = server;
        _agents = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(AgentAsync))];
        // Stripe misbehaves too, on one kind of call; what that is follows from the seed.
        await server.PullAsync("faults", new
        {
            seed,
            lost = 60,
            reset = 40,
            busy = 40,
            error = 20,
            error_executed = 40,
            refund_fails = 100,
            event_drop = 100,
            event_duplicate = 100,
            path = new[] { "/v1/payment_intents", "/v1/transfers", "/v1/refunds" }[seed % 3],
        });
        await Task.WhenAll(Enumerable.Range(0, Callers)
            .Select(at => CallAsync(new Random(seed + at), rerun)));

        // Then it is quiet, and whatever is still unknown is found out.
        await server.PullAsync("faults", new { });
        await server.HearAsync();
        for (int step = 0; step < 8; step++) await server.AdvanceAsync(0.5);
        var report = await CheckAsync("full");
        Assert.True(report.Passed, $"{rerun}: {Show(report)}");
        Assert.DoesNotContain(_statuses.Keys, status => status >= 500);
        int accepted = _statuses.Where(status => status.Key < 300).Sum(status => status.Value);
        Assert.True(accepted > Commands / 5,
            $"{rerun}: only {accepted} of {Commands} were allowed, which proves little.");
        Assert.True(report.Counts.Entries > Commands / 10, rerun);
    }

    /// <summary>Of four agents two can be paid out, one's card is declined at every charge.</summary>
    private async Task<TestAgent> AgentAsync(int at)
    {
        var agent = await _server.AgentAsync("anybody", card: at == 3 ? TestCards.DeclinesCharges
            : TestCards.AvailableAtOnce);
        if (at < 2) await agent.OnboardAsync();
        // Some money to begin with: not every post must hang on a charge that may go wrong.
        if (at < 3) await agent.FundAsync(2.00m);
        return agent;
    }

    private async Task CallAsync(Random random, string rerun)
    {
        int each = Commands / Callers;
        for (int at = 0; at < each; at++)
        {
            var answer = await TryAsync(random);
            _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
            Assert.True(answer.Status < 500, $"{rerun}: {answer.Status} {answer.Text}");
            if (random.Next(each) >= ChecksPerCaller) continue;
            // While the others go on: what is half done must not be seen.
            var report = await CheckAsync();
            var broken = report.Invariants.Where(invariant => invariant is { Status: "broken", Id: not "I10" });
            Assert.True(!broken.Any(), $"{rerun}: {Show(report)}");
        }
    }

    private async Task<Answer> TryAsync(Random random)
    {
        var agent = _agents[random.Next(_agents.Length)];
        int what = random.Next(26);
        string[] jobs = [.. _jobs];
        if (what < 4 || jobs.Length == 0) return await PostAsync(random, agent);
        if (what >= 20) return await MoveMoneyAsync(random, agent, Pick(random, jobs), what);
        string path = $"/v1/jobs/{Pick(random, jobs)}";
        switch (what)
        {
            case 4 or 5: return await agent.PostAsync($"{path}/accept");
            case 6: return await agent.PostAsync($"{path}/decline");
            case 7 or 8 or 9:
                return await agent.PostAsync($"{path}/submit",
                new { deliverable = Pick(random, s_works) });
            case 10: return await agent.PostAsync($"{path}/approve");
            case 11:
                return await agent.PostAsync($"{path}/request-revision",
                new { reason = "Once more, please." });
            case 12: return await agent.PostAsync($"{path}/cancel");
            case 13:
                return await agent.PostAsync($"{path}/dispute",
                new { reason = "This is not what was agreed." });
            case 14: return await agent.PostAsync($"{path}/concede");
            case 15 or 16: return await agent.PostAsync($"{path}/bid", new { amount = Amount(random) });
            case 17: return await AcceptBidAsync(random, agent, path);
            case 18:
                return await _server.PostAsync($"/v1/operator{path[3..]}/resolve", _server.OperatorKey,
                new { outcome = Pick(random, ["release", "refund"]), reason = "Heard both sides." });
            default:
                return await _server.PostAsync("/v1/sandbox/clock", null,
                new { advance_seconds = random.Next(8) > 0 ? 0 : random.Next(60 * 3_600) });
        }
    }

    private async Task<Answer> MoveMoneyAsync(Random random, TestAgent agent, string job, int what)
    {
        switch (what)
        {
            case 20: return await agent.PostAsync("/v1/balance/top-up", new { amount = 0.5m + Amount(random) });
            case 21: return await agent.PostAsync("/v1/balance/withdraw", new { amount = Amount(random) });
            case 22 or 23: return await agent.PostAsync($"/v1/jobs/{job}/bonus", new { amount = Amount(random) });
            case 24 when random.Next(3) == 0:
                return await LeverAsync("disputes", "/v1/payment_intents", random,
                    charge => new { payment_intent = charge });
            case 25:
                return await LeverAsync("disputes/{0}/close", "/v1/disputes", random,
                    _ => new { status = Pick(random, ["won", "lost"]) });
            default:
                return await _server.PostAsync($"/v1/operator/jobs/{job}/resolve", _server.OperatorKey,
                    new { outcome = "split", amount = Amount(random), reason = "Half of it." });
        }
    }

    /// <summary>A bank does something; whether the simulator lets it is its own matter.</summary>
    private async Task<Answer> LeverAsync(string lever, string list, Random random, Func<string, object> body)
    {
        if (await _server.TryStripeAsync(list) is { } page && page.GetProperty("data") is var known
            && known.GetArrayLength() > 0)
        {
            string one = known[random.Next(known.GetArrayLength())].GetProperty("id").GetString()!;
            await _server.TryPullAsync(string.Format(lever, one), body(one));
        }
        return await _server.GetAsync("/health");
    }

    private async Task<Answer> PostAsync(Random random, TestAgent agent)
    {
        var worker = _agents[random.Next(_agents.Length)];
        var answer = await agent.PostAsync("/v1/jobs", new
        {
            worker_agent_id = random.Next(3) == 0 ? null : worker.Id,
            title = "Summarise this document",
            description = "A summary of the quarterly report in two sentences.",
            amount = Amount(random),
            release = Pick(random, ["validation", "approval"]),
            deadline_hours = random.Next(2) == 0 ? (int?)null : random.Next(1, 100),
            max_revisions = random.Next(3),
        }, random.Next(2) == 0 ? null : $"key-{random.Next(Commands / 4)}");
        if (answer.Status is 201 or 202) _jobs.Enqueue(answer.String("data.id")!);
        if (_jobs.Count > JobsAtOnce) _jobs.TryDequeue(out _);
        return answer;
    }

    private static async Task<Answer> AcceptBidAsync(Random random, TestAgent agent, string path)
    {
        var bids = await agent.GetAsync($"{path}/bids");
        if (bids.Status != 200 || bids.Data.GetArrayLength() == 0) return bids;
        string bid = bids.Data[random.Next(bids.Data.GetArrayLength())].GetProperty("id").GetString()!;
        return await agent.PostAsync($"{path}/bids/{bid}/accept");
    }

    /// <summary>By turns of everything and of what is new: both must be right while others write.</summary>
    private async Task<CheckReport> CheckAsync(string scope = "new") =>
        (await _server.GetAsync($"/v1/operator/check?scope={scope}", _server.OperatorKey)).Expect(200).Data
        .Deserialize(VoxPactJson.Default.CheckReport)!;

    private static string Show(CheckReport report) => string.Join('\n',
        report.Invariants.SelectMany(invariant => invariant.First.Select(finding =>
            $"{invariant.Id} {finding}")));

    private static decimal Amount(Random random) => random.Next(1, 300) / 100m;
    private static string Pick(Random random, string[] choices) => choices[random.Next(choices.Length)];
}
