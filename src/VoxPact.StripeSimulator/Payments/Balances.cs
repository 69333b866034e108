using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Payments;

/// <summary>
/// Money in the simulated Stripe account: running sums, and one balance transaction per movement.
/// </summary>
internal static class Balances
{
    public const string Platform = "";

    /// <summary>
    /// Records a movement on the platform's balance. Amounts are in minor units, negative when money leaves;
    /// <paramref name="delaySeconds"/> above zero puts it into the pending balance first.
    /// </summary>
    public static JsonObject Move(
        Session session, string type, string currency, long amount, long fee, string? source,
        long delaySeconds, string? description = null)
    {
        var isPending = delaySeconds > 0;
        var available = session.Now + delaySeconds;
        var movement = session.Add(
            new JsonObject
            {
                ["id"] = Ids.New("txn_"),
                ["object"] = "balance_transaction",
                ["amount"] = amount,
                ["available_on"] = available,
                ["balance_type"] = "payments",
                ["created"] = session.Now,
                ["currency"] = currency,
                ["description"] = description,
                ["exchange_rate"] = null,
                ["fee"] = fee,
                ["fee_details"] = FeeDetails(fee, currency),
                ["net"] = amount - fee,
                ["reporting_category"] = type switch
                {
                    "transfer_refund" => "transfer_reversal",
                    "stripe_fee" => "fee",
                    _ => type,
                },
                ["source"] = source,
                ["status"] = isPending ? "pending" : "available",
                ["type"] = type,
            },
            source);
        Change(session, Platform, currency, isPending ? 0 : amount - fee, isPending ? amount - fee : 0);
        if (isPending)
            session.At(available, "balance", movement.Id());
        return movement;
    }

    /// <summary>
    /// The simulator's time has reached a pending movement: it counts as available from now on.
    /// </summary>
    public static void Ripen(Session session, string id)
    {
        if (session.Find(id) is not { } movement || movement.Str("status") != "pending")
            return;
        movement["status"] = "available";
        session.Save(movement);
        var net = movement.Num("net");
        Change(session, Platform, movement.Str("currency")!, net, -net);
    }

    public static void Change(Session session, string account, string currency, long available, long pending)
        => session.Db.ChangeBalance(account, currency, available, pending);

    public static long Available(Session session, string account, string currency)
        => session.Db.AvailableBalance(account, currency);

    public static JsonObject Read(Session session, string account)
    {
        var rows = session.Db.BalancesOf(account);
        if (rows.Count == 0)
            rows.Add(("eur", 0, 0));
        return new JsonObject
        {
            ["object"] = "balance",
            ["available"] = Sums(rows.Select(row => (row.Currency, row.Available))),
            ["connect_reserved"] = Sums(rows.Select(row => (row.Currency, 0L))),
            ["livemode"] = false,
            ["pending"] = Sums(rows.Select(row => (row.Currency, row.Pending))),
        };
    }

    private static JsonArray Sums(IEnumerable<(string Currency, long Amount)> sums) => new(
    [
        .. sums.Select(sum => (JsonNode)new JsonObject
        {
            ["amount"] = sum.Amount,
            ["currency"] = sum.Currency,
            ["source_types"] = new JsonObject { ["card"] = sum.Amount },
        }),
    ]);

    private static JsonArray FeeDetails(long fee, string currency) => fee == 0
        ? []
        : new JsonArray(new JsonObject
        {
            ["amount"] = fee,
            ["application"] = null,
            ["currency"] = currency,
            ["description"] = "Stripe processing fees",
            ["type"] = "stripe_fee",
        });
}
