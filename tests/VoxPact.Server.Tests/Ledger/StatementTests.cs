using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Ledger;

/// <summary>The ledger as its owners see it.</summary>
public sealed class StatementTests
{
    [Theory, ClassData<Databases>]
    public async Task Every_line_tells_what_it_left_and_the_newest_is_the_balance(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var buyer = await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce);
        var worker = await server.AgentAsync("worker");
        await worker.OnboardAsync();
        string paid = await buyer.HireAsync(worker);
        await worker.WorkAsync(paid);
        string declined = await buyer.HireAsync(worker, 0.20m);
        (await worker.PostAsync($"/v1/jobs/{declined}/decline")).Expect(200);
        string held = await buyer.HireAsync(worker, 0.15m);
        await server.SettleAsync();

        var lines = await AllAsync(buyer);
        Assert.Equal(
            ["hold", "refund", "hold", "release", "release", "hold", "top_up"], lines.Select(line => line.Kind));
        Assert.Equal(
            [(0.25m, 0.15m), (0.40m, 0m), (0.20m, 0.20m), (0.40m, 0m), (0.40m, 0.01m), (0.40m, 0.10m), (0.50m, 0m)],
            lines.Select(line => (line.Balance.Available, line.Balance.Escrow)));
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], lines.Select(line => line.Number));
        Assert.Equal($"hold:{held}", lines[0].Id);
        Assert.Equal(held, lines[0].JobId);
        Assert.StartsWith("op_", lines[^1].OperationId);
        await ExpectBalanceAsync(buyer, lines[0].Balance);

        lines = await AllAsync(worker);
        Assert.Equal(["pay_out_sent", "pay_out", "release"], lines.Select(line => line.Kind));
        Assert.Equal([(0m, 0m), (0m, 0.09m), (0.09m, 0m)],
            lines.Select(line => (line.Balance.Earnings, line.Balance.InTransit)));
        await ExpectBalanceAsync(worker, lines[0].Balance);
        Assert.Empty(await AllAsync(await server.AgentAsync("stranger")));
        var sibling = await server.AgentAsync("sibling", sameOwnerAs: buyer.Key);
        Assert.Equal(7, (await AllAsync(sibling)).Count);
    }

    [Theory, ClassData<Databases>]
    public async Task Pages_and_filters_leave_out_lines_and_change_none(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (buyer, worker) = (await server.AgentAsync("buyer"), await server.AgentAsync("worker"));
        await buyer.FundAsync(2m);
        string first = await buyer.HireAsync(worker), second = await buyer.HireAsync(worker);
        await worker.WorkAsync(first);
        await worker.WorkAsync(second);
        var all = await AllAsync(buyer);
        Assert.Equal(all, await AllAsync(buyer, "limit=2"));
        Assert.Equal(all, await AllAsync(buyer, "limit=1"));
        Assert.Equal(all.Where(line => line.JobId == first), await AllAsync(buyer, $"limit=1&job={first}"));
        Assert.Equal(all.Where(line => line.Kind is "release" or "top_up"),
            await AllAsync(buyer, "limit=2&kind=top_up,release"));
        Assert.Equal(all.Where(line => line.Kind is "release" && line.JobId == second),
            await AllAsync(buyer, $"kind=release&job={second}"));

        // A line that comes between two pages moves none of those that follow.
        var page = await PageAsync(buyer, "/v1/transactions?limit=3");
        await buyer.HireAsync(worker);
        var rest = await PageAsync(buyer, $"/v1/transactions?limit=100&cursor={page.NextCursor}");
        Assert.Equal(all, [.. page.Data, .. rest.Data]);

        (await buyer.GetAsync("/v1/transactions?kind=gift")).Expect(400, "validation_failed");
        (await buyer.GetAsync("/v1/transactions?job=1")).Expect(400, "validation_failed");
        (await buyer.GetAsync($"/v1/transactions?limit=3&kind=hold&cursor={page.NextCursor}"))
            .Expect(400, "validation_failed");
        (await worker.GetAsync($"/v1/transactions?limit=3&cursor={page.NextCursor}")).Expect(400, "validation_failed");
    }

    [Theory, ClassData<Databases>]
    public async Task Statements_of_older_databases_are_written_from_their_entries(string database)
    {
        await using var server = await TestServer.StartAsync(
            database, options => options with { NewPayerHoldHours = 10 });
        var buyer = await server.AgentAsync("buyer", card: TestCards.AvailableAtOnce);
        var worker = await server.AgentAsync("worker");
        await worker.OnboardAsync();
        string paid = await buyer.HireAsync(worker, 2.00m);
        await worker.WorkAsync(paid);
        await buyer.FundAsync(3.00m);
        (await buyer.PostAsync($"/v1/jobs/{paid}/bonus", new { amount = 0.50m })).Expect(201);
        // Somebody may hire an agent of their own owner: both sides of an entry are theirs then.
        var own = await server.AgentAsync("own", sameOwnerAs: buyer.Key);
        await own.WorkAsync(await buyer.HireAsync(own, 1.00m));
        await server.ChargeBackAsync();
        string held = await worker.HireAsync(buyer, 0.30m);
        await server.AdvanceAsync(11);
        Assert.NotEmpty(held);
        TestAgent[] agents = [buyer, worker];
        var written = await Task.WhenAll(agents.Select(agent => AllAsync(agent)));
        await Tampering.RunAsync(server, "update owners set statement_lines = statement_lines + 1");
        Assert.Contains("statement of account", await FoundAsync(server));
        await Tampering.RunAsync(server, "update owners set escrow_minor = escrow_minor + 1");
        Assert.Contains("says that its jobs hold", await FoundAsync(server));

        await Tampering.RunAsync(server, "delete from account_lines");
        foreach (string statement in Migration().Where(one => !one.Contains(" table ")))
            await Tampering.RunAsync(server, statement);
        var again = await Task.WhenAll(agents.Select(agent => AllAsync(agent)));
        for (int at = 0; at < agents.Length; at++)
        {
            // What one commit wrote has no order in the entries; what is left after it is the same.
            Assert.Equal(written[at].Select(line => line.Id).Order(), again[at].Select(line => line.Id).Order());
            Assert.Equal(written[at][0].Balance, again[at][0].Balance);
            await ExpectBalanceAsync(agents[at], again[at][0].Balance);
        }
        await server.BooksAsync();
    }

    [Theory, ClassData<Databases>]
    public async Task A_page_and_the_balance_cost_the_same_however_long_the_history_is(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (brief, busy) = (await server.AgentAsync("brief"), await server.AgentAsync("busy"));
        foreach (var (agent, lines) in new[] { (brief, 100), (busy, 100_000) })
        {
            await agent.FundAsync(1.00m);
            await FillAsync(server, agent, lines);
            Assert.Equal(lines, (await PageAsync(agent, "/v1/transactions?limit=1")).Data[0].Number);
        }
        foreach (string path in new[] { "/v1/transactions?limit=50", "/v1/balance" })
        {
            var (few, many) = (await MedianAsync(brief, path), await MedianAsync(busy, path));
            TestContext.Current.SendDiagnosticMessage("{0} on {1}: {2} with 100 lines, {3} with 100,000",
                path, database, few, many);
            Assert.True(many < 4 * few + TimeSpan.FromMilliseconds(10), $"{path} took {many}, and {few} at first.");
        }
        // Far back is no further than near.
        var middle = await PageAsync(busy, "/v1/transactions?limit=100");
        Assert.Equal(99_901, middle.Data[^1].Number);
        Assert.NotNull(middle.NextCursor);
    }

    private static async Task<TimeSpan> MedianAsync(TestAgent agent, string path)
    {
        var took = new List<TimeSpan>();
        for (int at = 0; at < 31; at++)
        {
            long since = TimeProvider.System.GetTimestamp();
            (await agent.GetAsync(path)).Expect(200);
            took.Add(TimeProvider.System.GetElapsedTime(since));
        }
        return took.Order().ElementAt(took.Count / 2);
    }

    /// <summary>A long history, written as nothing but its rows: so many lines in all.</summary>
    private static async Task FillAsync(TestServer server, TestAgent agent, int lines)
    {
        bool isSqlite = server.Options.Database is null;
        string owner = (await agent.GetAsync("/v1/agents/me")).Expect(200).String("data.owner_id")!;
        Assert.True(Id.TryParse(Id.Owner, owner, out var id));
        string hex = Convert.ToHexStringLower(id.ToByteArray(bigEndian: true));
        string ownerSql = isSqlite ? $"x'{hex}'" : $"'{id}'::uuid";
        string subject = isSqlite
            ? $"unhex('{hex[..16]}' || printf('%016x', i))"
            : $"('{hex[..16]}' || lpad(to_hex(i), 16, '0'))::uuid";
        string zero = isSqlite ? "zeroblob(16)" : "'00000000-0000-0000-0000-000000000000'::uuid";
        string numbers = $"with recursive n(i) as (select 4 union all select i + 1 from n where i < {lines}) select ";
        await Tampering.RunAsync(server, "insert into entries (subject, slot, leg, movement, debit_kind, debit_holder, "
            + "credit_kind, credit_holder, amount_minor, at_us, batch) "
            + $"{numbers}{subject}, 4, 0, 1, 1, {zero}, 2, {ownerSql}, 1, 1, 1 from n");
        await Tampering.RunAsync(server, "insert into account_lines (owner_id, number, subject, slot, leg, movement, "
            + "available_minor, escrow_minor, earnings_minor, in_transit_minor, held_minor, receivable_minor) "
            + $"{numbers}{ownerSql}, i, {subject}, 4, 0, 1, 100 + i, 0, 0, 0, 0, 0 from n");
        await Tampering.RunAsync(server,
            $"update owners set statement_lines = {lines}, available_minor = 100 + {lines} where id = {ownerSql}");
        if (!isSqlite) await Tampering.RunAsync(server, "analyze");
    }

    /// <summary>The statements of the migration that made statements, without their comments.</summary>
    private static IEnumerable<string> Migration()
    {
        var assembly = typeof(Deployment).Assembly;
        string name = assembly.GetManifestResourceNames().Single(one => one.EndsWith("0012-account-lines.sql"));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return string.Join('\n', reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith("--")))
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static async Task<string> FoundAsync(TestServer server) =>
        (await server.GetAsync("/v1/operator/check", server.OperatorKey)).Expect(200).Text;

    private static async Task ExpectBalanceAsync(TestAgent agent, AccountSums sums)
    {
        var balance = (await agent.GetAsync("/v1/balance")).Expect(200).Data
            .Deserialize(VoxPactJson.Default.BalanceResource)!;
        Assert.Equal((sums.Available, sums.Escrow, sums.Earnings, sums.InTransit, sums.Held, sums.Receivable),
            (balance.Available, balance.Escrow, balance.Earnings, balance.InTransit, balance.Held, balance.Receivable));
    }

    private static async Task<List<Transaction>> AllAsync(TestAgent agent, string query = "limit=100")
    {
        var all = new List<Transaction>();
        string path = $"/v1/transactions?{query}", next = path;
        while (true)
        {
            var page = await PageAsync(agent, next);
            all.AddRange(page.Data);
            if (page.NextCursor is null) return all;
            next = $"{path}&cursor={page.NextCursor}";
        }
    }

    private static async Task<Page<Transaction>> PageAsync(TestAgent agent, string path) =>
        (await agent.GetAsync(path)).Expect(200).Json.Deserialize(VoxPactJson.Default.PageTransaction)!;
}
