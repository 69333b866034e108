using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VoxPact.Server.Tests.Harness;
using Xunit;

namespace VoxPact.Server.Tests.Payments;

/// <summary>
/// Stripe's events are hints: six of them, in any order and each twice, end in the same state. An ordinary run tries some
/// of the 720 orders; <c>VOXPACT_COMMANDS</c> asks for more of them. A failure prints the order.
/// </summary>
public sealed class StripeOrderTests
{
    private const string Secret = "whsec_sandbox";

    private static int Orders =>
        int.TryParse(Environment.GetEnvironmentVariable("VOXPACT_COMMANDS"), out int asked) ? Math.Min(asked, 720) : 12;

    [Theory, ClassData<Databases>]
    public async Task Every_order_and_repetition_of_six_events_ends_the_same(string database)
    {
        await using var server = await TestServer.StartAsync(database);
        // From now on nothing arrives by itself: the test is the wire.
        await server.PullAsync("webhook", new { url = "http://127.0.0.1:9/nowhere" });
        int[][] orders = [.. Permutations([0, 1, 2, 3, 4, 5])];
        for (int at = 0; at < Orders; at++)
        {
            // Spread over all of them, so that each event comes first, last and between.
            int[] order = orders[at * orders.Length / Orders];
            var buyer = await server.AgentAsync("buyer");
            var events = await HappenAsync(server, buyer);
            Assert.Equal(order.Length, events.Count);
            foreach (int one in order)
            {
                await DeliverAsync(server, events[one]);
                await DeliverAsync(server, events[order[0]]);
                await server.SettleAsync();
            }
            string said = string.Join(' ', order.Select(one => JsonElement.Parse(events[one]).GetProperty("type")));
            Assert.True((await buyer.MoneyAsync()).Balance == 7.00m, $"{(await buyer.MoneyAsync()).Balance} after {said}");
            await server.BooksAsync();
        }
    }

    /// <summary>
    /// A charge of 4.00 is refunded and the refund comes back; one of 3.00 is charged back and the dispute is won. What
    /// Stripe tells of it: six events that matter.
    /// </summary>
    private static async Task<List<string>> HappenAsync(TestServer server, TestAgent buyer)
    {
        await ChargeAsync(server, buyer, 4.00m);
        (await buyer.PostAsync("/v1/balance/withdraw", new { amount = 4.00m })).Expect(202);
        await server.SettleAsync();
        var refund = await server.NewestAsync("/v1/refunds");
        await ChargeAsync(server, buyer, 3.00m);
        string charge = (await server.NewestAsync("/v1/payment_intents")).GetProperty("id").GetString()!;
        string dispute = (await server.PullAsync("disputes", new { payment_intent = charge })).GetProperty("id").GetString()!;
        string back = refund.GetProperty("id").GetString()!;
        await server.PullAsync($"refunds/{back}/fail", new { failure_reason = "expired_or_canceled_card" });
        await server.PullAsync($"disputes/{dispute}/close", new { status = "won" });
        string[] objects = [dispute, back, charge];
        string[] types =
        [
            "charge.dispute.created", "charge.dispute.closed", "charge.dispute.funds_reinstated",
            "refund.failed", "refund.created", "payment_intent.succeeded",
        ];
        var told = (await server.StripeAsync("/v1/events?limit=50")).GetProperty("data").EnumerateArray();
        return [.. told.Where(one => types.Contains(one.GetProperty("type").GetString())
            && objects.Contains(one.GetProperty("data").GetProperty("object").GetProperty("id").GetString()))
            .Select(one => one.GetRawText())];
    }

    private static async Task ChargeAsync(TestServer server, TestAgent buyer, decimal amount)
    {
        (await buyer.PostAsync("/v1/balance/top-up", new { amount })).Expect(202);
        await server.SettleAsync();
    }

    private static async Task DeliverAsync(TestServer server, string body)
    {
        string time = server.Deployment.Time.GetUtcNow().ToUnixTimeSeconds().ToString();
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{time}.{body}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/stripe")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Stripe-Signature", $"t={time},v1={Convert.ToHexStringLower(mac)}");
        (await server.Http.SendAsync(request, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode().Dispose();
    }

    private static IEnumerable<int[]> Permutations(int[] of) => of.Length == 1
        ? [of]
        : of.SelectMany((first, at) => Permutations([.. of[..at], .. of[(at + 1)..]]).Select(rest => (int[])[first, .. rest]));
}
