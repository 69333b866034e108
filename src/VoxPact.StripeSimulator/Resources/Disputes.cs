using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

/// <summary>
/// What a cardholder's bank takes back, opened by Stripe's test cards or by <c>/_control/disputes</c>. Evidence whose
/// <c>uncategorized_text</c> is <c>winning_evidence</c> or <c>losing_evidence</c> decides it, as in Stripe's test mode.
/// </summary>
internal static class Disputes
{
    public const string Inquiry = "inquiry";
    private const long AnswerSeconds = 9 * 24 * 3600;

    public static readonly string[] Reasons =
    [
        "bank_cannot_process", "check_returned", "credit_not_processed", "customer_initiated", "debit_not_authorized",
        "duplicate", "fraudulent", "general", "incorrect_account_details", "insufficient_funds",
        "noncompliant", "product_not_received", "product_unacceptable", "subscription_canceled", "unrecognized",
    ];

    public static readonly Operation[] Operations =
    [
        Operation.List("/v1/disputes", List, "charge payment_intent"),
        Operation.Get("/v1/disputes/{id}", call => call.Session.GetNamed("dispute", call.Named())),
        Operation.Post("/v1/disputes/{id}", Update, "evidence metadata submit"),
        Operation.Post("/v1/disputes/{id}/close", Accept, ""),
    ];

    /// <summary>Takes the money back at once, unless it is only an inquiry, which takes nothing yet.</summary>
    public static JsonObject Open(Session session, JsonObject charge, long amount, string reason, bool isInquiry)
    {
        if (!charge.Flag("paid"))
            throw Fault.Invalid($"Charge {charge.Id()} was not paid, so nobody can dispute it.", "charge");
        if (charge.Str("dispute") is not null)
            throw Fault.Invalid($"Charge {charge.Id()} is disputed already.", "charge");
        var left = charge.Num("amount") - charge.Num("amount_refunded");
        if (amount < 1 || amount > left)
            throw Fault.Invalid($"A dispute of charge {charge.Id()} can take 1 to {left}.", "amount");
        var dispute = session.Add(New(session, charge, amount, reason, isInquiry), charge.Id());
        charge["dispute"] = dispute.Id();
        charge["disputed"] = true;
        session.Save(charge);
        if (!isInquiry)
            Take(session, dispute, -amount, session.Fees.DisputeMinor, "Chargeback withdrawal");
        session.Emit("charge.dispute.created", dispute);
        if (!isInquiry)
            session.Emit("charge.dispute.funds_withdrawn", dispute);
        session.At(dispute["evidence_details"]!.AsObject().Num("due_by"), "dispute", dispute.Id());
        return dispute;
    }

    /// <summary>What a plan of misbehaviour has in store for a charge, if there is anything left to take.</summary>
    public static void Strike(Session session, string chargeId)
    {
        var charge = session.Find(chargeId)!;
        var left = charge.Num("amount") - charge.Num("amount_refunded");
        if (left > 0 && charge.Str("dispute") is null)
            Open(session, charge, left, "fraudulent", isInquiry: false);
    }

    /// <summary>The bank has decided; nothing is decided twice.</summary>
    public static JsonObject Close(Session session, JsonObject dispute, bool won)
    {
        var status = dispute.Str("status")!;
        if (IsClosed(status))
            throw Fault.Refused("dispute_already_closed", $"Dispute {dispute.Id()} is closed: {status}.");
        var isInquiry = status.StartsWith("warning_", StringComparison.Ordinal);
        dispute["status"] = isInquiry ? "warning_closed" : won ? "won" : "lost";
        dispute["is_charge_refundable"] = isInquiry;
        dispute["evidence_details"]!["past_due"] = false;
        session.Save(dispute);
        if (won && !isInquiry)
            Take(session, dispute, dispute.Num("amount"), 0, "Chargeback reversal");
        session.Emit("charge.dispute.closed", dispute);
        if (won && !isInquiry)
            session.Emit("charge.dispute.funds_reinstated", dispute);
        return dispute;
    }

    /// <summary>Nobody answered in time, and what nobody defends is lost.</summary>
    public static void Ripen(Session session, string id)
    {
        if (session.Find(id) is { } dispute
            && dispute.Str("status") is "needs_response" or "warning_needs_response")
            Close(session, dispute, won: false);
    }

    /// <summary>Refuses a refund of what the bank has taken back already.</summary>
    public static void CheckRefundable(Session session, JsonObject charge)
    {
        if (charge.Str("dispute") is { } id && session.Find(id) is { } dispute && !dispute.Flag("is_charge_refundable"))
            throw Fault.Refused(
                "charge_disputed", $"Charge {charge.Id()} has been charged back; cannot issue a refund.");
    }

    private static bool IsClosed(string status) => status is "won" or "lost" or "warning_closed";

    /// <summary>One more movement of the platform's balance, told in the dispute.</summary>
    private static void Take(Session session, JsonObject dispute, long amount, long fee, string description)
    {
        var movement = Balances.Move(
            session, "adjustment", dispute.Str("currency")!, amount, fee, dispute.Id(), 0,
            $"{description} for {dispute.Str("charge")}");
        movement["reporting_category"] = amount < 0 ? "dispute" : "dispute_reversal";
        dispute["balance_transactions"]!.AsArray().Add(movement.Public());
        dispute["balance_transaction"] ??= movement.Id();
        session.Save(dispute);
    }

    private static JsonObject New(Session session, JsonObject charge, long amount, string reason, bool isInquiry)
        => new()
        {
            ["id"] = Ids.New("du_"),
            ["object"] = "dispute",
            ["amount"] = amount,
            ["balance_transaction"] = null,
            ["balance_transactions"] = new JsonArray(),
            ["charge"] = charge.Id(),
            ["created"] = session.Now,
            ["currency"] = charge.Str("currency"),
            ["enhanced_eligibility_types"] = new JsonArray(),
            ["evidence"] = new JsonObject { ["uncategorized_text"] = null },
            ["evidence_details"] = new JsonObject
            {
                ["due_by"] = session.Now + AnswerSeconds,
                ["has_evidence"] = false,
                ["past_due"] = false,
                ["submission_count"] = 0,
            },
            ["is_charge_refundable"] = isInquiry,
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["payment_intent"] = charge.Str("payment_intent"),
            ["payment_method_details"] = new JsonObject
            {
                ["card"] = new JsonObject
                {
                    ["brand"] = charge["payment_method_details"]!["card"]!["brand"]!.DeepClone(),
                    ["case_type"] = isInquiry ? "inquiry" : "chargeback",
                    ["network_reason_code"] = null,
                },
                ["type"] = "card",
            },
            ["reason"] = reason,
            ["status"] = isInquiry ? "warning_needs_response" : "needs_response",
        };

    private static Outcome Update(Call call)
    {
        var (session, form) = (call.Session, call.Params);
        var dispute = session.GetNamed("dispute", call.Named());
        dispute["metadata"] = Fields.Metadata(form, (JsonObject)dispute["metadata"]!);
        session.Save(dispute);
        if (form.Hash("evidence") is not { } evidence)
            return dispute;
        if (IsClosed(dispute.Str("status")!))
            throw Fault.Invalid($"Dispute {dispute.Id()} is closed, so it takes no evidence.", "evidence");
        foreach (var (name, node) in evidence.Children)
            dispute["evidence"]![name] = node.Value;
        var details = dispute["evidence_details"]!.AsObject();
        details["has_evidence"] = true;
        if (form.Boolean("submit") != true)
        {
            session.Emit("charge.dispute.updated", dispute);
            return dispute;
        }
        details["submission_count"] = details.Num("submission_count") + 1;
        dispute["status"] = dispute.Str("status")!.StartsWith("warning_", StringComparison.Ordinal)
            ? "warning_under_review"
            : "under_review";
        session.Emit("charge.dispute.updated", dispute);
        return evidence.Text("uncategorized_text", 20_000) switch
        {
            "winning_evidence" => Close(session, dispute, won: true),
            "losing_evidence" => Close(session, dispute, won: false),
            _ => dispute,
        };
    }

    private static Outcome Accept(Call call)
        => Close(call.Session, call.Session.GetNamed("dispute", call.Named()), won: false);

    private static Outcome List(Call call) => new Listing("dispute", "/v1/disputes")
        .Under(call.Params.Text("charge"))
        .Where("payment_intent", call.Params.Text("payment_intent"))
        .Page(call.Session, call.Params);
}
