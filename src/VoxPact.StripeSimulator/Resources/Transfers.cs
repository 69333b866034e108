using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

internal static class Transfers
{
    public static readonly Operation[] Operations =
    [
        Operation.Post(
            "/v1/transfers", Create,
            "amount currency description destination metadata source_transaction source_type transfer_group"),
        Operation.List("/v1/transfers", List, "destination transfer_group"),
        Operation.Get("/v1/transfers/{id}", call => call.Session.GetNamed("transfer", call.Named())),
        Operation.Post("/v1/transfers/{id}", Update, "description metadata"),
        Operation.Post(
            "/v1/transfers/{id}/reversals", Reverse, "amount description metadata refund_application_fee"),
        Operation.List("/v1/transfers/{id}/reversals", Reversals),
        Operation.Get("/v1/transfers/{id}/reversals/{reversal}", Reversal),
    ];

    private static Outcome Create(Call call)
    {
        var (session, form) = (call.Session, call.Params);
        var currency = Fields.Currency(form);
        var amount = Fields.Amount(form);
        var destination = form.Required("destination");
        var account = session.Find(destination);
        if (account?.Str("object") != "account" || !Accounts.IsOurs(account))
            throw Fault.NoSuch("destination", destination, "destination");
        if (account["capabilities"]!["transfers"]?.GetValue<string>() != "active")
            throw Fault.Refused(
                "insufficient_capabilities_for_transfer",
                "Your destination account needs to have at least one of the following capabilities enabled: "
                + "transfers, crypto_transfers, legacy_payments", "destination");
        var charge = form.Text("source_transaction") is { } source
            ? Source(session, source, amount, currency)
            : null;
        if (charge is null && Balances.Available(session, Balances.Platform, currency) < amount)
            throw Fault.Refused(
                "balance_insufficient",
                "You have insufficient available funds in your Stripe account. Try adding funds directly "
                + "to your "
                + "available balance by creating Charges using the 4000000000000077 test card. "
                + "See: https://stripe.com/docs/testing#available-balance");
        return Send(call, amount, currency, destination, charge);
    }

    private static JsonObject Send(
        Call call, long amount, string currency, string destination, JsonObject? charge)
    {
        var (session, form) = (call.Session, call.Params);
        var transfer = session.Add(New(session, amount, currency, destination), destination);
        Fields.Texts(transfer, form, "description", "transfer_group");
        transfer["metadata"] = Fields.Metadata(form);
        transfer["source_transaction"] = charge?.Id();
        if (charge is not null)
        {
            charge["_transferred"] = charge.Num("_transferred") + amount;
            session.Save(charge);
            transfer["transfer_group"] ??=
                charge.Str("transfer_group") ?? $"group_{charge.Str("payment_intent")}";
        }
        var delay = charge is null
            ? 0
            : session.Find(charge.Str("balance_transaction")!)!.Num("available_on") - session.Now;
        var movement = Balances.Move(
            session, "transfer", currency, -amount, 0, transfer.Id(), delay, transfer.Str("description"));
        transfer["balance_transaction"] = movement.Id();
        Balances.Change(session, destination, currency, amount, 0);
        session.Emit("transfer.created", transfer);
        return transfer;
    }

    private static JsonObject New(Session session, long amount, string currency, string destination)
    {
        var id = Ids.New("tr_");
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "transfer",
            ["amount"] = amount,
            ["amount_reversed"] = 0,
            ["balance_transaction"] = null,
            ["created"] = session.Now,
            ["currency"] = currency,
            ["description"] = null,
            ["destination"] = destination,
            ["destination_payment"] = Ids.New("py_"),
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["reversals"] = Json.EmptyList($"/v1/transfers/{id}/reversals"),
            ["reversed"] = false,
            ["source_transaction"] = null,
            ["source_type"] = "card",
            ["transfer_group"] = null,
        };
    }

    private static JsonObject Source(Session session, string id, long amount, string currency)
    {
        var charge = session.Get("charge", id, "source_transaction");
        if (!charge.Flag("paid") || charge.Str("currency") != currency)
            throw Fault.Invalid($"Charge {id} cannot be the source of this transfer.", "source_transaction");
        return charge.Num("amount") - charge.Num("_transferred") >= amount
            ? charge
            : throw Fault.Refused(
                "balance_insufficient",
                "Transfers using this transaction as a source must not exceed its amount.",
                "amount");
    }

    private static Outcome Update(Call call)
    {
        var transfer = call.Session.GetNamed("transfer", call.Named());
        Fields.Texts(transfer, call.Params, "description");
        transfer["metadata"] = Fields.Metadata(call.Params, (JsonObject)transfer["metadata"]!);
        call.Session.Save(transfer);
        call.Session.Emit("transfer.updated", transfer);
        return transfer;
    }

    private static Outcome List(Call call) => new Listing("transfer", "/v1/transfers")
        .Under(call.Params.Text("destination"))
        .Where("transfer_group", call.Params.Text("transfer_group"))
        .Page(call.Session, call.Params);

    private static Outcome Reverse(Call call)
    {
        var (session, form) = (call.Session, call.Params);
        var transfer = session.GetNamed("transfer", call.Named());
        var currency = transfer.Str("currency")!;
        var destination = transfer.Str("destination")!;
        var left = transfer.Num("amount") - transfer.Num("amount_reversed");
        var amount = form.Has("amount") ? Fields.Amount(form) : left;
        Accounts.Existing(session, destination);
        if (amount > left || left == 0)
            throw Fault.Refused(
                "transfer_reversal_exceeds_amount",
                $"Reversal amount ({amount}) is greater than the unreversed amount of the transfer ({left}).",
                "amount");
        if (Balances.Available(session, destination, currency) < amount)
            throw Fault.Refused(
                "balance_insufficient",
                "The destination account does not have enough funds for this reversal.");
        var reversal = session.Add(
            new JsonObject
            {
                ["id"] = Ids.New("trr_"),
                ["object"] = "transfer_reversal",
                ["amount"] = amount,
                ["balance_transaction"] = null,
                ["created"] = session.Now,
                ["currency"] = currency,
                ["destination_payment_refund"] = null,
                ["metadata"] = Fields.Metadata(form),
                ["source_refund"] = null,
                ["transfer"] = transfer.Id(),
            },
            transfer.Id());
        var movement = Balances.Move(session, "transfer_refund", currency, amount, 0, reversal.Id(), 0);
        reversal["balance_transaction"] = movement.Id();
        Balances.Change(session, destination, currency, -amount, 0);
        transfer["amount_reversed"] = transfer.Num("amount_reversed") + amount;
        transfer["reversed"] = left == amount;
        transfer["reversals"]!["data"]!.AsArray().Insert(0, reversal.Public());
        session.Save(transfer);
        session.Emit("transfer.reversed", transfer);
        return reversal;
    }

    private static Outcome Reversals(Call call)
    {
        var transfer = call.Session.GetNamed("transfer", call.Named());
        return new Listing("transfer_reversal", $"/v1/transfers/{transfer.Id()}/reversals")
            .Under(transfer.Id())
            .Page(call.Session, call.Params);
    }

    private static Outcome Reversal(Call call)
    {
        var reversal = call.Session.GetNamed("transfer_reversal", call.Named("reversal"));
        return reversal.Str("transfer") == call.Named()
            ? reversal
            : throw Fault.NoSuch("transfer_reversal", reversal.Id(), "id", 404);
    }
}
