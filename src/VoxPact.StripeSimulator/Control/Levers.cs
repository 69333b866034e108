using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Resources;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Control;

/// <summary>
/// What banks, cardholders and account owners do behind the platform's back: each changes objects, moves money and
/// tells its events as Stripe would.
/// </summary>
internal static class Levers
{
    public static readonly (string Path, Func<Session, string, Params, JsonObject> Run)[] All =
    [
        ("/_control/disputes", OpenDispute),
        ("/_control/disputes/{id}/close", CloseDispute),
        ("/_control/refunds/{id}/fail", FailRefund),
        ("/_control/payment_methods/{id}", ChangeCard),
        ("/_control/stripe_fees", TakeFee),
        ("/_control/accounts/{id}", ChangeAccount),
        ("/_control/accounts/{id}/deauthorize", Deauthorize),
        ("/_control/accounts/{id}/payouts", SendPayout),
        ("/_control/payouts/{id}", EndPayout),
    ];

    private static JsonObject OpenDispute(Session session, string id, Params form)
    {
        var charge = form.Text("payment_intent") is { } intentId
            ? ChargeOf(session, intentId)
            : session.Get("charge", form.Required("charge"), "charge");
        var reason = form.Choice("reason", [.. Disputes.Reasons, Disputes.Inquiry]) ?? "fraudulent";
        var amount = form.Integer("amount") ?? charge.Num("amount") - charge.Num("amount_refunded");
        var isInquiry = reason == Disputes.Inquiry;
        return Disputes.Open(session, charge, amount, isInquiry ? "general" : reason, isInquiry);
    }

    private static JsonObject ChargeOf(Session session, string intentId)
    {
        var intent = session.Get("payment_intent", intentId, "payment_intent");
        return intent.Str("latest_charge") is { } charge
            ? session.Find(charge)!
            : throw Fault.Invalid($"PaymentIntent {intentId} has no charge.", "payment_intent");
    }

    private static JsonObject CloseDispute(Session session, string id, Params form)
    {
        form.Required("status");
        var won = form.Choice("status", "won", "lost") == "won";
        return Disputes.Close(session, session.GetNamed("dispute", id), won);
    }

    private static JsonObject FailRefund(Session session, string id, Params form) => Refunds.Fail(
        session, session.GetNamed("refund", id),
        form.Choice(
            "failure_reason", "charge_for_pending_refund_disputed", "declined", "expired_or_canceled_card",
            "insufficient_funds", "lost_or_stolen_card", "merchant_request", "unknown") ?? "lost_or_stolen_card");

    /// <summary>A saved card begins to decline, recovers, or comes to the end of its time.</summary>
    private static JsonObject ChangeCard(Session session, string id, Params form)
    {
        var method = session.GetNamed("payment_method", id);
        if (form.Has("decline"))
        {
            var code = form.Text("decline");
            if (code is not null && !Decline.Codes.Contains(code))
                throw Fault.Invalid($"Stripe documents no decline code {code}.", "decline");
            method["_decline"] = code;
            method["_rule"] = (code is null ? CardRule.Approve : CardRule.DeclineWhenCharged).ToString();
        }
        foreach (var name in (string[])["exp_month", "exp_year"])
            if (form.Integer(name) is { } number)
                method["card"]![name] = number;
        session.Save(method);
        if (form.Has("exp_month") || form.Has("exp_year"))
            session.Emit("payment_method.automatically_updated", method);
        return method;
    }

    /// <summary>Stripe takes something for the account itself or, below zero, gives it back.</summary>
    private static JsonObject TakeFee(Session session, string id, Params form)
    {
        form.Required("amount");
        var amount = form.Integer("amount")!.Value;
        if (amount is 0 or > 99_999_999 or < -99_999_999)
            throw Fault.Invalid("The amount must not be zero, and below a million.", "amount");
        return Balances.Move(
            session, "stripe_fee", Fields.Currency(form), -amount, 0, null, 0,
            form.Text("description") ?? "Connect (monthly active accounts)");
    }

    /// <summary>Stripe enables or disables what an account can do, and says why.</summary>
    private static JsonObject ChangeAccount(Session session, string id, Params form)
    {
        var account = Account(session, id);
        var previous = new JsonObject { ["payouts_enabled"] = account.Flag("payouts_enabled") };
        if (form.Boolean("payouts_enabled") is { } payouts)
        {
            account["payouts_enabled"] = payouts;
            account["requirements"]!["disabled_reason"] = payouts
                ? null
                : form.Text("disabled_reason") ?? "requirements.past_due";
        }
        if (form.Choice("transfers", "active", "inactive") is { } transfers)
            account["capabilities"]!["transfers"] = transfers;
        session.Save(account);
        session.Emit("account.updated", account, previous, account.Id());
        return account;
    }

    private static JsonObject Deauthorize(Session session, string id, Params form)
        => Accounts.Deauthorize(session, Account(session, id));

    private static JsonObject SendPayout(Session session, string id, Params form)
    {
        var account = Account(session, id);
        var currency = form.Text("currency") ?? account.Str("default_currency")!;
        var amount = form.Integer("amount") ?? Balances.Available(session, id, currency);
        if (amount < 1)
            throw Fault.Invalid("There is nothing to pay out.", "amount");
        var payout = Payouts.Send(session, id, amount, currency);
        if (form.Has("failure"))
            payout["_failure"] = form.Text("failure");
        return payout;
    }

    /// <summary>The bank answers now instead of in two days.</summary>
    private static JsonObject EndPayout(Session session, string id, Params form)
    {
        var payout = session.GetNamed("payout", id);
        if (payout.Str("status") != "in_transit")
            throw Fault.Invalid($"Payout {id} is {payout.Str("status")} already.");
        form.Required("status");
        var failed = form.Choice("status", "paid", "failed") == "failed";
        return Payouts.Arrive(session, payout, failed ? form.Text("failure") ?? "could_not_process" : null);
    }

    private static JsonObject Account(Session session, string id) => Accounts.Existing(session, id);
}
