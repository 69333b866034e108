using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

/// <summary>
/// From a connected account's balance to its bank, only when somebody asks: the simulator pays nothing out by itself.
/// Stripe's test IBANs that end in 1 to 5 fail on arrival, and the money is back in the account.
/// </summary>
internal static class Payouts
{
    private const long ArrivalSeconds = 2 * 24 * 3600;

    public static readonly Operation[] Operations =
    [
        Operation.Post(
            "/v1/payouts", Create, "amount currency description destination metadata method source_type "
            + "statement_descriptor") with { ForAccounts = true },
        Operation.List("/v1/payouts", List, "arrival_date destination status") with { ForAccounts = true },
        Operation.Get("/v1/payouts/{id}", Retrieve) with { ForAccounts = true },
    ];

    public static JsonObject Send(Session session, string accountId, long amount, string currency)
    {
        var account = Accounts.Existing(session, accountId);
        if (account["external_accounts"]!["data"] is not JsonArray { Count: > 0 } banks)
            throw Fault.Refused("no_account", "The account has no bank account to pay out to.");
        if (!account.Flag("payouts_enabled"))
            throw Fault.Refused("payouts_not_allowed", "Payouts are not enabled for this account.");
        if (Balances.Available(session, accountId, currency) < amount)
            throw Fault.Refused("balance_insufficient", "You have insufficient funds in your Stripe account.");
        var id = Ids.New("po_");
        var payout = session.Add(
            new JsonObject
            {
                ["id"] = id,
                ["object"] = "payout",
                ["amount"] = amount,
                ["arrival_date"] = session.Now + ArrivalSeconds,
                ["automatic"] = false,
                ["balance_transaction"] = null,
                ["created"] = session.Now,
                ["currency"] = currency,
                ["description"] = null,
                ["destination"] = banks[0]!.AsObject().Id(),
                ["failure_balance_transaction"] = null,
                ["failure_code"] = null,
                ["failure_message"] = null,
                ["livemode"] = false,
                ["metadata"] = new JsonObject(),
                ["method"] = "standard",
                ["reconciliation_status"] = "not_applicable",
                ["source_type"] = "card",
                ["status"] = "in_transit",
                ["type"] = "bank_account",
                ["_account"] = accountId,
                ["_failure"] = account.Str("_bank_failure"),
            },
            accountId);
        Balances.Change(session, accountId, currency, -amount, 0);
        session.Emit("payout.created", payout, null, accountId);
        session.At(session.Now + ArrivalSeconds, "payout", id);
        return payout;
    }

    /// <summary>The day of arrival: the bank took it, or sent it back.</summary>
    public static void Ripen(Session session, string id)
    {
        if (session.Find(id) is { } payout && payout.Str("status") == "in_transit")
            Arrive(session, payout, payout.Str("_failure"));
    }

    public static JsonObject Arrive(Session session, JsonObject payout, string? failure)
    {
        var account = payout.Str("_account")!;
        payout["status"] = failure is null ? "paid" : "failed";
        payout["failure_code"] = failure;
        payout["failure_message"] = failure is null ? null : $"The bank returned the payout: {failure}.";
        session.Save(payout);
        if (failure is null)
        {
            session.Emit("payout.paid", payout, null, account);
            return payout;
        }
        Balances.Change(session, account, payout.Str("currency")!, payout.Num("amount"), 0);
        session.Emit("payout.failed", payout, null, account);
        if (session.Find(account) is { } owner && owner["external_accounts"]!["data"] is JsonArray { Count: > 0 } banks)
        {
            banks[0]!["status"] = "errored";
            session.Save(owner);
            session.Emit("account.updated", owner, null, account);
        }
        return payout;
    }

    /// <summary>How Stripe's test bank accounts fail; null for one that takes the money.</summary>
    public static string? FailureOf(string bankNumber) => bankNumber switch
    {
        _ when bankNumber.EndsWith("370400440532013001", StringComparison.Ordinal) => "no_account",
        _ when bankNumber.EndsWith("370400440532013002", StringComparison.Ordinal) => "account_closed",
        _ when bankNumber.EndsWith("370400440532013003", StringComparison.Ordinal) => "insufficient_funds",
        _ when bankNumber.EndsWith("370400440532013004", StringComparison.Ordinal) => "debit_not_authorized",
        _ when bankNumber.EndsWith("370400440532013005", StringComparison.Ordinal) => "invalid_currency",
        _ => null,
    };

    private static Outcome Create(Call call)
    {
        var account = call.Account
            ?? throw Fault.Invalid("The simulator pays out connected accounts only: send Stripe-Account.");
        var payout = Send(call.Session, account, Fields.Amount(call.Params), Fields.Currency(call.Params));
        Fields.Texts(payout, call.Params, "description");
        payout["metadata"] = Fields.Metadata(call.Params);
        return payout;
    }

    private static Outcome Retrieve(Call call)
    {
        var payout = call.Session.GetNamed("payout", call.Named());
        return payout.Str("_account") == call.Account
            ? payout
            : throw Fault.NoSuch("payout", payout.Id(), "id", 404);
    }

    private static Outcome List(Call call) => new Listing("payout", "/v1/payouts")
        .Under(call.Account ?? "platform")
        .Where("status", call.Params.Text("status"))
        .Where("destination", call.Params.Text("destination"))
        .Page(call.Session, call.Params);
}
