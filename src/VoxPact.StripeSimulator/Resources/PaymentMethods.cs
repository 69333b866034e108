using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

internal static class PaymentMethods
{
    public static readonly Operation[] Operations =
    [
        Operation.Post(
            "/v1/payment_methods", Create,
            "type card billing_details metadata customer payment_method allow_redisplay radar_options")
            with { Publishable = true },
        Operation.List("/v1/payment_methods", List, "customer customer_account type allow_redisplay"),
        Operation.Get(
            "/v1/payment_methods/{id}", call => call.Session.GetNamed("payment_method", call.Named())),
        Operation.Post(
            "/v1/payment_methods/{id}", Update,
            "billing_details card metadata allow_redisplay us_bank_account"),
        Operation.Post("/v1/payment_methods/{id}/attach", Attach, "customer customer_account"),
        Operation.Post("/v1/payment_methods/{id}/detach", Detach, ""),
    ];

    /// <summary>
    /// The payment method a request means: an id, one of Stripe's test ids such as <c>pm_card_visa</c>
    /// (which makes a new one, as at Stripe), or card data; null when the request names none.
    /// </summary>
    public static JsonObject? FromRequest(Session session, Params form)
    {
        if (form.Hash("payment_method_data") is { } data)
            return Make(session, data);
        return form.Text("payment_method") is { } id ? Resolve(session, id, "payment_method") : null;
    }

    public static JsonObject Resolve(Session session, string id, string param)
    {
        if (TestCard.Behind(id) is { } card)
            return Add(session, CardData.Test(card, session.Now), null);
        var method = session.Find(id) is { } found && found.Str("object") == "payment_method"
            ? found
            : throw Fault.NoSuch("PaymentMethod", id, param);
        return method.Flag("_detached")
            ? throw Fault.Invalid(
                "The provided PaymentMethod was previously detached from a Customer and may not be "
                + "used again.",
                param)
            : method;
    }

    /// <summary>Reads <c>type</c>, <c>card</c> and <c>billing_details</c> below a node of the form.</summary>
    public static JsonObject Make(Session session, Params data)
    {
        var type = data.Required("type");
        if (type != "card")
            throw Fault.Invalid(
                $"The simulator knows payment methods of type card only, not {type}.", data.Full("type"));
        var card = data.Hash("card") ?? throw Fault.Missing(data.Full("card"));
        return Add(session, CardData.Read(card, session.Now), data);
    }

    /// <summary>
    /// Gives the method to a customer; answers with the decline if its card declines at once.
    /// </summary>
    public static Outcome? Attach(Session session, JsonObject method, string customer)
    {
        if (method.Str("customer") == customer)
            return null;
        if (method.Str("customer") is not null)
            throw Fault.Invalid(
                "The payment method you provided has already been attached to a customer.",
                "payment_method", "payment_method_unexpected_state");
        if (Rule(method) == CardRule.Decline)
            return Declines(method);
        method["customer"] = customer;
        session.Adopt(method, customer);
        session.Emit("payment_method.attached", method);
        return null;
    }

    public static void Detach(Session session, JsonObject method)
    {
        var previous = new JsonObject { ["customer"] = method.Str("customer") };
        method["customer"] = null;
        method["_detached"] = true;
        session.Adopt(method, null);
        session.Emit("payment_method.detached", method, previous);
    }

    /// <summary>A saved card can be used for its own customer only.</summary>
    public static void CheckOwner(JsonObject method, string? customer)
    {
        if (method.Str("customer") is not { } owner || owner == customer)
            return;
        throw Fault.Invalid(
            customer is null
                ? "The provided PaymentMethod cannot be used without the Customer it is attached to. "
                    + "Please include the Customer in the `customer` parameter."
                : $"The customer does not have a payment method with the ID {method.Id()}. "
                    + "The payment method must be attached to the customer.",
            "payment_method");
    }

    public static CardRule Rule(JsonObject method) => Enum.Parse<CardRule>(method.Str("_rule")!);

    public static Outcome Declines(JsonObject method)
        => Decline.Answer(Decline.For(method.Str("_decline")!).ToError(method));

    private static JsonObject Add(Session session, CardData card, Params? data) => session.Add(new JsonObject
    {
        ["id"] = Ids.New("pm_"),
        ["object"] = "payment_method",
        ["allow_redisplay"] = data?.Choice("allow_redisplay", "always", "limited", "unspecified")
            ?? "unspecified",
        ["billing_details"] = Billing(data),
        ["card"] = card.ToJson(session),
        ["created"] = session.Now,
        ["customer"] = null,
        ["livemode"] = false,
        ["metadata"] = data is null ? new JsonObject() : Fields.Metadata(data),
        ["type"] = "card",
        ["_rule"] = card.Card.Rule.ToString(),
        ["_decline"] = card.Card.Decline,
        ["_dispute"] = card.Card.Dispute,
        ["_set_up"] = false,
    });

    private static JsonObject Billing(Params? data)
    {
        var billing = new JsonObject
        {
            ["address"] = null,
            ["email"] = null,
            ["name"] = null,
            ["phone"] = null,
            ["tax_id"] = null,
        };
        if (data?.Hash("billing_details") is not { } given)
            return billing;
        Fields.Texts(billing, given, "email", "name", "phone", "tax_id");
        if (given.Has("address"))
            billing["address"] = Fields.Hash(given, "address");
        return billing;
    }

    private static Outcome Create(Call call) => call.Params.Text("payment_method") is { } id
        ? Resolve(call.Session, id, "payment_method")
        : Make(call.Session, call.Params);

    private static Outcome Update(Call call)
    {
        var method = call.Session.GetNamed("payment_method", call.Named());
        if (method.Str("customer") is null)
            throw Fault.Invalid("You must attach this PaymentMethod to a customer before you can update it.");
        method["metadata"] = Fields.Metadata(call.Params, (JsonObject)method["metadata"]!);
        if (call.Params.Has("billing_details"))
            method["billing_details"] = Billing(call.Params);
        if (call.Params.Hash("card") is { } card)
            foreach (var name in (string[])["exp_month", "exp_year"])
                if (card.Integer(name) is { } number)
                    method["card"]![name] = number;
        call.Session.Save(method);
        call.Session.Emit("payment_method.updated", method);
        return method;
    }

    private static Outcome List(Call call) => new Listing("payment_method", "/v1/payment_methods")
        .Under(call.Params.Text("customer"))
        .Where("type", call.Params.Text("type"))
        .Page(call.Session, call.Params);

    private static Outcome Attach(Call call)
    {
        call.Params.Required("customer");
        var customer = Fields.Customer(call.Session, call.Params)!;
        var method = Resolve(call.Session, call.Named(), "payment_method");
        return Attach(call.Session, method, customer) ?? method;
    }

    private static Outcome Detach(Call call)
    {
        var method = call.Session.GetNamed("payment_method", call.Named());
        if (method.Str("customer") is null)
            throw Fault.Invalid(
                "The payment method you provided is not attached to a customer so detachment is impossible.",
                "payment_method", "payment_method_unexpected_state");
        Detach(call.Session, method);
        return method;
    }
}
