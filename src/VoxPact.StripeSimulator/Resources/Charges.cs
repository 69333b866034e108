using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

/// <summary>Charges, which payment intents make, and the balance they feed.</summary>
internal static class Charges
{
    public static readonly Operation[] Operations =
    [
        Operation.List("/v1/charges", List, "customer payment_intent transfer_group"),
        Operation.Get("/v1/charges/{id}", call => call.Session.GetNamed("charge", call.Named())),
        Operation.Post(
            "/v1/charges/{id}", Update,
            "customer description exchange_rate fraud_details metadata receipt_email shipping "
            + "transfer_group"),
        Operation.Get("/v1/balance", Balance) with { ForAccounts = true },
        Operation.List("/v1/balance_transactions", Movements, "currency payout source type"),
        Operation.Get(
            "/v1/balance_transactions/{id}",
            call => call.Session.GetNamed("balance_transaction", call.Named())),
    ];

    private static Outcome List(Call call) => new Listing("charge", "/v1/charges")
        .Under(call.Params.Text("payment_intent"))
        .Where("customer", call.Params.Text("customer"))
        .Where("transfer_group", call.Params.Text("transfer_group"))
        .Page(call.Session, call.Params);

    private static Outcome Update(Call call)
    {
        var charge = call.Session.GetNamed("charge", call.Named());
        Fields.Texts(charge, call.Params, "description", "receipt_email", "transfer_group");
        charge["metadata"] = Fields.Metadata(call.Params, (JsonObject)charge["metadata"]!);
        call.Session.Save(charge);
        call.Session.Emit("charge.updated", charge);
        return charge;
    }

    private static Outcome Balance(Call call)
    {
        if (call.Account is { } account)
            Accounts.Existing(call.Session, account);
        return Balances.Read(call.Session, call.Account ?? Balances.Platform);
    }

    private static Outcome Movements(Call call)
        => new Listing("balance_transaction", "/v1/balance_transactions")
        .Under(call.Params.Text("source"))
        .Where("currency", call.Params.Text("currency"))
        .Where("type", call.Params.Text("type"))
        .Where("payout", call.Params.Text("payout"))
        .Page(call.Session, call.Params);
}
