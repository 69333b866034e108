using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Misbehaviour;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

internal static class Refunds
{
    private const long SettlesAfterSeconds = 3600;

    public static readonly Operation[] Operations =
    [
        Operation.Post(
            "/v1/refunds", Create,
            "amount charge currency customer instructions_email metadata origin payment_intent reason "
            + "refund_application_fee reverse_transfer"),
        Operation.List("/v1/refunds", List, "charge payment_intent"),
        Operation.Get("/v1/refunds/{id}", call => call.Session.GetNamed("refund", call.Named())),
        Operation.Post("/v1/refunds/{id}", Update, "metadata"),
    ];

    private static Outcome Create(Call call)
    {
        var (session, form) = (call.Session, call.Params);
        var charge = ChargeOf(session, form);
        var left = charge.Num("amount") - charge.Num("amount_refunded");
        var amount = form.Has("amount") ? Fields.Amount(form) : left;
        var reason = form.Choice("reason", "duplicate", "fraudulent", "requested_by_customer");
        if (!charge.Flag("paid"))
            throw Fault.Refused("charge_not_refundable", $"Charge {charge.Id()} was not paid.", "charge");
        Disputes.CheckRefundable(session, charge);
        if (left == 0)
            throw Fault.Refused(
                "charge_already_refunded", $"Charge {charge.Id()} has already been refunded.");
        if (amount > left)
            throw Fault.Refused(
                "refund_amount_exceeds_charge",
                $"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", "amount");
        var refund = session.Add(New(session, charge, amount, reason, Fields.Metadata(form)), charge.Id());
        var movement = Balances.Move(
            session, "refund", charge.Str("currency")!, -amount, 0, refund.Id(), 0, "REFUND FOR CHARGE");
        refund["balance_transaction"] = movement.Id();
        charge["amount_refunded"] = charge.Num("amount_refunded") + amount;
        charge["refunded"] = left == amount;
        session.Save(charge);
        if (charge.Str("_rule") == nameof(CardRule.RefundWaits))
            refund["status"] = "pending";
        session.Emit("charge.refunded", charge);
        session.Emit("refund.created", refund);
        if (charge.Str("_rule") is nameof(CardRule.RefundFails) or nameof(CardRule.RefundWaits)
            || session.Dice.Rolls(PlannedFault.RefundFails))
            session.At(session.Now + SettlesAfterSeconds, "refund", refund.Id());
        return refund;
    }

    public static void Ripen(Session session, string id)
    {
        if (session.Find(id) is not { } refund)
            return;
        if (refund.Str("status") == "pending")
        {
            refund["status"] = "succeeded";
            session.Save(refund);
            Tell(session, refund);
        }
        else if (refund.Str("status") == "succeeded")
            Fail(session, refund, "lost_or_stolen_card");
    }

    /// <summary>The bank sent the money back: the refund fails and the platform has it again.</summary>
    public static JsonObject Fail(Session session, JsonObject refund, string reason)
    {
        if (refund.Str("status") == "failed")
            throw Fault.Invalid($"Refund {refund.Id()} has failed already.");
        var id = refund.Id();
        var amount = refund.Num("amount");
        var movement = Balances.Move(
            session, "refund_failure", refund.Str("currency")!, amount, 0, id, 0, "REFUND FAILURE");
        refund["status"] = "failed";
        refund["failure_reason"] = reason;
        refund["failure_balance_transaction"] = movement.Id();
        session.Save(refund);
        var charge = session.Find(refund.Str("charge")!)!;
        charge["amount_refunded"] = charge.Num("amount_refunded") - amount;
        charge["refunded"] = false;
        session.Save(charge);
        Tell(session, refund);
        session.Emit("refund.failed", refund);
        return refund;
    }

    /// <summary>Stripe tells the same change under its old and its new name.</summary>
    private static void Tell(Session session, JsonObject refund)
    {
        session.Emit("charge.refund.updated", refund);
        session.Emit("refund.updated", refund);
    }

    private static JsonObject ChargeOf(Session session, Params form)
    {
        if (form.Text("charge") is { } id)
            return session.Get("charge", id, "charge");
        if (form.Text("payment_intent") is not { } intentId)
            throw Fault.Invalid(
                "One of the following params should be provided for this request: payment_intent or charge.");
        var intent = session.Get("payment_intent", intentId, "payment_intent");
        return intent.Str("latest_charge") is { } latest && intent.Str("status") == "succeeded"
            ? session.Find(latest)!
            : throw Fault.Invalid(
                $"This PaymentIntent ({intentId}) does not have a successful charge to refund.",
                "payment_intent");
    }

    private static JsonObject New(
        Session session, JsonObject charge, long amount, string? reason, JsonObject metadata) => new()
        {
            ["id"] = Ids.New("re_"),
            ["object"] = "refund",
            ["amount"] = amount,
            ["balance_transaction"] = null,
            ["charge"] = charge.Id(),
            ["created"] = session.Now,
            ["currency"] = charge.Str("currency"),
            ["destination_details"] = new JsonObject
            {
                ["card"] = new JsonObject
                {
                    ["reference_status"] = "pending",
                    ["reference_type"] = "acquirer_reference_number",
                    ["type"] = "refund",
                },
                ["type"] = "card",
            },
            ["metadata"] = metadata,
            ["payment_intent"] = charge.Str("payment_intent"),
            ["reason"] = reason,
            ["receipt_number"] = null,
            ["source_transfer_reversal"] = null,
            ["status"] = "succeeded",
            ["transfer_reversal"] = null,
        };

    private static Outcome Update(Call call)
    {
        var refund = call.Session.GetNamed("refund", call.Named());
        refund["metadata"] = Fields.Metadata(call.Params, (JsonObject)refund["metadata"]!);
        call.Session.Save(refund);
        Tell(call.Session, refund);
        return refund;
    }

    private static Outcome List(Call call) => new Listing("refund", "/v1/refunds")
        .Under(call.Params.Text("charge"))
        .Where("payment_intent", call.Params.Text("payment_intent"))
        .Page(call.Session, call.Params);
}
