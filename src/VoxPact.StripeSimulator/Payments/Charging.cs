using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Misbehaviour;
using VoxPact.StripeSimulator.Resources;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Payments;

/// <summary>One attempt to take a payment intent's amount from a card.</summary>
internal static class Charging
{
    public static Outcome Try(
        Session session, Links links, JsonObject intent, JsonObject method, Attempt attempt,
        bool refuseActions)
    {
        intent["payment_method"] = method.Id();
        session.Save(intent);
        if (CardData.IsExpired(method, session.Now))
            return Fail(session, intent, method, Decline.For("expired_card"));
        if (session.ForcedDecline is { } forced)
            return Fail(session, intent, method, Decline.For(forced));
        switch (attempt.Charge(method))
        {
            case Verdict.Authenticate when attempt.OffSession:
                return Fail(session, intent, method, Decline.Authentication);
            case Verdict.Authenticate when refuseActions:
                return RefuseAction(session, intent, method);
            case Verdict.Authenticate:
                intent["status"] = "requires_action";
                intent["next_action"] = Attempt.NextAction(links, intent);
                session.Emit("payment_intent.requires_action", intent);
                return intent;
            case Verdict.Decline:
                return Fail(session, intent, method, Decline.For(method.Str("_decline")!));
            case Verdict.Approve:
            default:
                return Succeed(session, intent, method);
        }
    }

    /// <summary>Back to wanting a card, after the person did not authenticate.</summary>
    public static Outcome FailAuthentication(Session session, JsonObject intent)
    {
        var method = intent.Str("payment_method") is { } id ? session.Find(id) : null;
        return Reopen(session, intent, Attempt.FailedError(intent, method));
    }

    private static JsonObject Succeed(Session session, JsonObject intent, JsonObject method)
    {
        var amount = intent.Num("amount");
        var charge = NewCharge(session, intent, method);
        var delay = PaymentMethods.Rule(method) == CardRule.AvailableAtOnce
            ? 0
            : (long)session.Options.BalanceDelay.TotalSeconds;
        var movement = Balances.Move(
            session, "charge", intent.Str("currency")!, amount, session.Fees.OfCharge(amount), charge.Id(),
            delay, intent.Str("description"));
        charge["balance_transaction"] = movement.Id();
        charge["amount_captured"] = amount;
        charge["captured"] = true;
        charge["paid"] = true;
        charge["status"] = "succeeded";
        charge["outcome"] = Result("authorized", "approved_by_network", null, "Payment complete.");
        intent["status"] = "succeeded";
        intent["amount_received"] = amount;
        intent["latest_charge"] = charge.Id();
        intent["next_action"] = null;
        intent["last_payment_error"] = null;
        if (intent.Str("setup_future_usage") is not null)
            Keep(session, intent, method);
        session.Emit("charge.succeeded", charge);
        session.Emit("payment_intent.succeeded", intent);
        if (method.Str("_dispute") is { } reason)
            Disputes.Open(
                session, charge, amount, reason == Disputes.Inquiry ? "general" : reason,
                isInquiry: reason == Disputes.Inquiry);
        else if (session.Dice.Rolls(PlannedFault.Dispute))
            session.At(session.Now + session.Dice.Plan.DisputeSeconds, "chargeback", charge.Id());
        return intent;
    }

    private static void Keep(Session session, JsonObject intent, JsonObject method)
    {
        if (intent.Str("customer") is { } customer)
            PaymentMethods.Attach(session, method, customer);
        method["_set_up"] = method.Flag("_set_up") || intent.Str("setup_future_usage") == "off_session";
        session.Save(method);
    }

    private static Outcome Fail(Session session, JsonObject intent, JsonObject method, Decline decline)
    {
        var charge = NewCharge(session, intent, method);
        charge["failure_code"] = decline.Code;
        charge["failure_message"] = decline.Message;
        charge["status"] = "failed";
        charge["outcome"] = Result(
            "issuer_declined", "declined_by_network", decline.DeclineCode, decline.Message);
        intent["latest_charge"] = charge.Id();
        session.Emit("charge.failed", charge);
        return Reopen(session, intent, decline.ToError(method, charge.Id()));
    }

    private static Outcome Reopen(Session session, JsonObject intent, JsonObject error)
    {
        intent["status"] = "requires_payment_method";
        intent["payment_method"] = null;
        intent["next_action"] = null;
        intent["last_payment_error"] = error;
        session.Save(intent);
        session.Emit("payment_intent.payment_failed", intent);
        return Decline.Answer(error, "payment_intent", intent);
    }

    private static Outcome RefuseAction(Session session, JsonObject intent, JsonObject method)
    {
        var error = Decline.Authentication.ToError(method);
        error["message"] = "This payment required an authentication action to complete, but "
            + "`error_on_requires_action` was set. When you're ready, you can upgrade your integration to "
            + "handle actions at https://stripe.com/docs/payments/payment-intents/upgrade-to-handle-actions.";
        return Reopen(session, intent, error);
    }

    private static JsonObject NewCharge(Session session, JsonObject intent, JsonObject method)
    {
        var id = Ids.New("ch_");
        return session.Add(
            new JsonObject
            {
                ["id"] = id,
                ["object"] = "charge",
                ["amount"] = intent.Num("amount"),
                ["amount_captured"] = 0,
                ["amount_refunded"] = 0,
                ["application"] = null,
                ["application_fee"] = null,
                ["application_fee_amount"] = null,
                ["balance_transaction"] = null,
                ["billing_details"] = method["billing_details"]!.DeepClone(),
                ["calculated_statement_descriptor"] = "SIMULATOR",
                ["captured"] = false,
                ["created"] = session.Now,
                ["currency"] = intent.Str("currency"),
                ["customer"] = intent.Str("customer"),
                ["description"] = intent.Str("description"),
                ["destination"] = null,
                ["dispute"] = null,
                ["disputed"] = false,
                ["failure_balance_transaction"] = null,
                ["failure_code"] = null,
                ["failure_message"] = null,
                ["fraud_details"] = new JsonObject(),
                ["livemode"] = false,
                ["metadata"] = intent["metadata"]!.DeepClone(),
                ["on_behalf_of"] = null,
                ["paid"] = false,
                ["payment_intent"] = intent.Id(),
                ["payment_method"] = method.Id(),
                ["payment_method_details"] = Details(method),
                ["receipt_email"] = intent.Str("receipt_email"),
                ["receipt_number"] = null,
                ["receipt_url"] = null,
                ["refunded"] = false,
                ["review"] = null,
                ["shipping"] = null,
                ["source_transfer"] = null,
                ["statement_descriptor"] = null,
                ["statement_descriptor_suffix"] = null,
                ["status"] = "pending",
                ["transfer_data"] = null,
                ["transfer_group"] = intent.Str("transfer_group"),
                ["_rule"] = method.Str("_rule"),
            },
            intent.Id());
    }

    private static JsonObject Details(JsonObject method)
    {
        var card = (JsonObject)method["card"]!.DeepClone();
        card["three_d_secure"] = null;
        card["mandate"] = null;
        card["installments"] = null;
        card["network"] = method["card"]!["brand"]!.DeepClone();
        card.Remove("networks");
        card.Remove("three_d_secure_usage");
        card.Remove("display_brand");
        card.Remove("generated_from");
        return new JsonObject { ["card"] = card, ["type"] = "card" };
    }

    private static JsonObject Result(string type, string network, string? reason, string message) => new()
    {
        ["network_status"] = network,
        ["reason"] = reason,
        ["risk_level"] = "normal",
        ["risk_score"] = 20,
        ["seller_message"] = message,
        ["type"] = type,
    };
}
