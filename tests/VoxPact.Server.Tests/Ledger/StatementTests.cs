using System.Text.Json;
using VoxPact.Client;
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
