using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Ledger;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Ledger;

/// <summary>
/// One market with every movement in it, tampered with in one way after the other, each undone again.
/// </summary>
public sealed class CheckTests
{
    private static readonly string s_release =
        $"slot = {(int)Slot.Close} and movement = {(int)MovementKind.Release}";

    /// <summary>What somebody does, how it is undone, and what must find it.</summary>
    private static readonly (string What, string Do, string Undo, string[] FoundBy)[] s_tamperings =
    [
        ("an altered amount", "update entries set amount_minor = amount_minor + 1 where leg = 1",
            "update entries set amount_minor = amount_minor - 1 where leg = 1", ["I1", "I2", "chain"]),
        ("another receiver", $"update entries set credit_kind = 2 where {s_release} and leg = 0",
            $"update entries set credit_kind = 4 where {s_release} and leg = 0", ["I1", "I6", "chain"]),
        ("a kind that no enum has", $"update entries set credit_kind = 65540 where {s_release} and leg = 0",
            $"update entries set credit_kind = 4 where {s_release} and leg = 0", ["I1", "I6", "chain"]),
        ("another time", $"update entries set at_us = at_us + 1 where slot = {(int)Slot.Hold}",
            $"update entries set at_us = at_us - 1 where slot = {(int)Slot.Hold}", ["chain"]),
        ("a changed balance", "update owners set earnings_minor = earnings_minor + 500",
            "update owners set earnings_minor = earnings_minor - 500", ["I6"]),
        ("a changed escrow", "update jobs set escrow_minor = escrow_minor + 5 where state = 3",
            "update jobs set escrow_minor = escrow_minor - 5 where state = 3", ["I2"]),
        ("another fee", "update jobs set fee_bps = fee_bps + 1000 where state = 8",
            "update jobs set fee_bps = fee_bps - 1000 where state = 8", ["I1"]),
        ("a job that is over again", "update jobs set state = 3 where state = 8",
            "update jobs set state = 8 where closed = 1", ["I1", "I2", "I3"]),
        ("a flipped letter of a fact", "update facts set data = replace(data, '\"state\"', '\"stale\"')",
            "update facts set data = replace(data, '\"stale\"', '\"state\"')", ["chain"]),
        ("a fact of another type", "update facts set type = type + 1000 where sequence = 1",
            "update facts set type = type - 1000 where sequence = 1", ["chain"]),
        ("a commit at another time", "update batches set at_us = at_us + 1",
            "update batches set at_us = at_us - 1", ["chain"]),
        ("a removed commit", "update batches set id = -id where id = (select max(batch) from entries)",
            "update batches set id = -id where id < 0", ["chain"]),
        ("a settled charge that says it is not", "update operations set state = 0 where kind = 1",
            "update operations set state = 1 where kind = 1", ["I1"]),
        ("a transfer settled with another", "update operations set provider_id = 'x' || provider_id where kind = 2",
            "update operations set provider_id = substr(provider_id, 2) where kind = 2", ["I4"]),
        ("a transfer that was declined, it says", "update operations set state = 2 where kind = 2",
            "update operations set state = 1 where kind = 2", ["I1", "I4"]),
        ("an event given up for nothing",
            "insert into dead_deliveries select buyer_agent, id, 1, 0, 9, '' from jobs where state = 8",
            "delete from dead_deliveries", ["I8"]),
        ("an answered acceptance that was never", "update jobs set accepted_us = accepted_us + 5000 where state = 3",
            "update jobs set accepted_us = accepted_us - 5000 where state = 3", ["I9"]),
        ("an answer that is none", "update idempotency set status = status + 1000",
            "update idempotency set status = status - 1000", ["I11"]),
        ("an answer that says the contrary", "update idempotency set status = status + 200 where is_sealed = 0",
            "update idempotency set status = status - 200 where is_sealed = 0", ["I11"]),
        ("a charge that never reached the balance",
            $"update entries set debit_kind = 6 where movement = {(int)MovementKind.TopUp}",
            $"update entries set debit_kind = 1 where movement = {(int)MovementKind.TopUp}", ["I1", "I7", "chain"]),
    ];

    [Theory, ClassData<Databases>]
    public async Task Each_kind_of_tampering_is_found_and_named(string database)
    {
        await using var server = await TestServer.StartAsync(
            database, options => options with { AllowedShortfallMinor = 0 });
        await WalkAsync(server);
        await ExpectAsync(server, "nothing");
        foreach (var (what, change, undo, foundBy) in s_tamperings)
        {
            Assert.True(await Tampering.RunAsync(server, change) > 0, $"{what} changed nothing");
            await ExpectAsync(server, what, foundBy);
            await Tampering.RunAsync(server, undo);
        }
        await ExpectAsync(server, "everything undone");

        Assert.True(await Tampering.RunAsync(server,
            $"delete from entries where {s_release} and leg = 1") > 0);
        var report = await ReportAsync(server);
        Assert.Contains(Found(report, "I1").First, finding =>
            finding.Contains("There should be release:job_"));
        Assert.NotEmpty(Found(report, "I2").First);
        Assert.Contains(Found(report, "chain").First, finding =>
            finding.Contains("is not as it was written"));
    }

    [Theory, ClassData<Databases>]
    public async Task The_verb_prints_a_table_and_its_exit_code_says_how_it_went(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await WalkAsync(server);
        var (code, text) = await VerbAsync(server.Options, offline: false);
        Assert.True(code == 0, text);
        Assert.Contains("Everything holds.", text);
        Assert.Contains(" 2 charges and transfers at the provider.", text);
        foreach (var (_, id, _) in CheckFindings.Invariants) Assert.Matches($"(?m)^{id} .* holds$", text);
        // The data folder alone tells where its simulator runs.
        (code, text) = await VerbAsync(
            server.Options with { Urls = new ServerOptions().Urls, PublicUrl = null }, offline: false);
        Assert.True(code == 0, text);

        await server.StopAsync();
        (code, text) = await VerbAsync(server.Options, offline: false);
        Assert.True(code == 3, text);
        Assert.Matches("(?m)^I5 .* NOT CHECKED\n         The payment provider could not be asked at http", text);
        (code, text) = await VerbAsync(server.Options);
        Assert.True(code == 0, text);
        Assert.Contains("because --offline was given", text);
        Assert.Matches("(?m)^Read 3 jobs, 2 operations, 2 owners, [1-9]", text);

        await Tampering.RunAsync(server, "update owners set available_minor = available_minor + 1");
        (code, text) = await VerbAsync(server.Options);
        Assert.Equal(1, code);
        Assert.Matches("(?m)^I6 .* 2 found$", text);
        Assert.Matches("owner:own_[0-9a-z]{26}:available: It says", text);
    }

    [Theory, ClassData<Databases>]
    public async Task What_the_provider_executed_beside_the_ledger_is_found(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await WalkAsync(server);
        var sent = (await server.StripeAsync("/v1/transfers")).GetProperty("data")[0];
        string op = sent.GetProperty("metadata").GetProperty("op").GetString()!;
        string again = await TransferAsync(server, sent, op, 9);
        var report = await ReportAsync(server);
        Assert.Equal(["broken", "holds"], [Found(report, "I4").Status, Found(report, "I5").Status]);
        Assert.Contains(Found(report, "I4").First, finding =>
            finding.StartsWith(op) && finding.Contains($"but {again} was executed for it"));

        Assert.StartsWith("The check found 2 against I4", await Tampering.TextAsync(
            server, "select value from platform where key = 'payouts_paused'"));

        string nobodys = await TransferAsync(server, sent, null, 2);
        string strangers = await TransferAsync(server, sent, "transfer:op_" + new string('0', 26), 2);
        report = await ReportAsync(server);
        Assert.Contains(Found(report, "I5").First, finding =>
            finding == $"{nobodys}: 2 eur was executed without naming an operation.");
        Assert.Contains(Found(report, "I5").First, finding =>
            finding.StartsWith(strangers) && finding.EndsWith("which is not there."));
        Assert.Equal(2, Found(report, "I5").Findings);

        string other = $"'{Domain.Id.New(NowUs(server))}'";
        if (database == Databases.Sqlite) other = $"x{other.Replace("-", "")}";
        await Tampering.RunAsync(server, $"update operations set id = {other} where kind = 2");
        Assert.Contains(Found(await ReportAsync(server), "I4").First, finding =>
            finding.Contains("which the provider does not show as executed"));
    }

    /// <summary>As a program with a fresh key for each attempt would send it.</summary>
    private static async Task<string> TransferAsync(TestServer server, JsonElement like, string? op, int amount)
    {
        var form = new Dictionary<string, string>
        {
            ["amount"] = $"{amount}",
            ["currency"] = "eur",
            ["destination"] = like.GetProperty("destination").GetString()!,
        };
        if (op is not null) form["metadata[op]"] = op;
        using var content = new FormUrlEncodedContent(form);
        var answer = await server.SendAsync(
            HttpMethod.Post, $"{server.StripeUrl}/v1/transfers", server.Deployment.Options.StripeSecretKey, content);
        return answer.Expect(200).String("id")!;
    }

    [Fact]
    public async Task Settings_that_lead_nowhere_are_said_in_words()
    {
        string empty = Directory.CreateTempSubdirectory("voxpact-test-").FullName;
        var options = new ServerOptions { Data = empty };
        var bad = await Assert.ThrowsAsync<BadSettings>(() => VerbAsync(options));
        Assert.Contains("no pepper", bad.Message);
        options = options with { Pepper = Convert.ToBase64String(new byte[32]) };
        bad = await Assert.ThrowsAsync<BadSettings>(() => VerbAsync(options));
        Assert.Contains("no database", bad.Message);
        Assert.Empty(Directory.GetFileSystemEntries(empty));
        bad = await Assert.ThrowsAsync<BadSettings>(
            () => VerbAsync(options with { Database = "Host=127.0.0.1;Port=1;Database=none;Timeout=2" }));
        Assert.Contains("cannot be read", bad.Message);
        Assert.Equal(2, await Verbs.RunAsync(["check", "--data", empty]));
        Directory.Delete(empty);
    }

    [Theory, ClassData<Databases>]
    public async Task What_nobody_runs_is_overdue_after_two_minutes(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        await WalkAsync(server);
        await server.StopAsync();
        Assert.Equal(0, (await VerbAsync(server.Options)).Code);
        const long threeMinutes = 180_000_000;
        await Tampering.RunAsync(server,
            $"update work set due_us = {NowUs(server) - threeMinutes}, lease_until_us = 0");
        var (code, text) = await VerbAsync(server.Options);
        Assert.Equal(1, code);
        Assert.Matches("RunJobTimer: [0-9]+ due and not run", text);
        await Tampering.RunAsync(server,
            $"update work set lease_until_us = {server.Deployment.Clock.RealNowUs}");
        Assert.Equal(0, (await VerbAsync(server.Options)).Code);
        await Tampering.RunAsync(server,
            $"update jobs set due_us = {NowUs(server) - threeMinutes} where state = 3");
        Assert.Matches("job_[0-9a-z]{26}: It is active and was due at",
            (await VerbAsync(server.Options)).Text);
    }

    private static long NowUs(TestServer server) => server.Deployment.Clock.NowUs;

    /// <summary>
    /// One job paid and transferred, one refunded, one under way; charges and a transfer at Stripe.
    /// </summary>
    private static async Task WalkAsync(TestServer server)
    {
        var buyer = await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce);
        var worker = await server.AgentAsync("worker");
        await worker.OnboardAsync();
        await worker.WorkAsync(await buyer.HireAsync(worker));
        string declined = await buyer.HireAsync(worker);
        (await worker.PostAsync($"/v1/jobs/{declined}/decline")).Expect(200);
        string active = await buyer.HireAsync(worker);
        (await worker.PostAsync($"/v1/jobs/{active}/accept", null, "accepting")).Expect(200);
        await server.SettleAsync();
    }

    private static async Task ExpectAsync(TestServer server, string what, params string[] foundBy)
    {
        var report = await ReportAsync(server);
        var found = report.Invariants.Where(invariant => invariant.Status != "holds").Select(invariant => invariant.Id);
        Assert.Equal((what, string.Join(' ', foundBy)), (what, string.Join(' ', found)));
        Assert.Equal(foundBy.Length == 0, report.Passed);
        Assert.All(report.Invariants, invariant => Assert.Equal(invariant.Status == "holds",
            invariant.First.Count == 0));
    }

    private static CheckedInvariant Found(CheckReport report, string id) =>
        report.Invariants.Single(invariant => invariant.Id == id);

    private static async Task<CheckReport> ReportAsync(TestServer server) =>
        (await server.GetAsync("/v1/operator/check?scope=full", server.OperatorKey)).Expect(200).Data
        .Deserialize(VoxPactJson.Default.CheckReport)!;

    private static async Task<(int Code, string Text)> VerbAsync(ServerOptions options, bool offline = true, bool full = true)
    {
        var text = new StringWriter();
        int code = await CheckVerb.RunAsync(options, new(offline, full), text, TestContext.Current.CancellationToken);
        return (code, text.ToString().ReplaceLineEndings("\n"));
    }
}
