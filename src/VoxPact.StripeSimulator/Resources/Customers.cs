using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

internal static class Customers
{
    private const string Written =
        "address balance business_name cash_balance description email individual_name invoice_prefix "
        + "invoice_settings metadata name next_invoice_sequence phone preferred_locales shipping source tax "
        + "tax_exempt validate ";

    public static readonly Operation[] Operations =
    [
        Operation.Post("/v1/customers", Create, Written + "payment_method tax_id_data test_clock"),
        Operation.List("/v1/customers", List, "email test_clock"),
        Operation.Get("/v1/customers/{id}", call => call.Session.GetNamed("customer", call.Named())),
        Operation.Post("/v1/customers/{id}", Update, Written + "default_source"),
        Operation.Delete("/v1/customers/{id}", Delete),
        Operation.List("/v1/customers/{id}/payment_methods", PaymentMethodsOf, "allow_redisplay type"),
        Operation.Get("/v1/customers/{id}/payment_methods/{method}", PaymentMethodOf),
    ];

    public static JsonObject New(Session session, string? email, string? name)
    {
        var customer = new JsonObject
        {
            ["id"] = Ids.New("cus_", 14),
            ["object"] = "customer",
            ["address"] = null,
            ["balance"] = 0,
            ["created"] = session.Now,
            ["currency"] = null,
            ["default_source"] = null,
            ["delinquent"] = false,
            ["description"] = null,
            ["email"] = email,
            ["invoice_prefix"] = Ids.New("", 8).ToUpperInvariant(),
            ["invoice_settings"] = new JsonObject
            {
                ["custom_fields"] = null,
                ["default_payment_method"] = null,
                ["footer"] = null,
                ["rendering_options"] = null,
            },
            ["livemode"] = false,
            ["metadata"] = new JsonObject(),
            ["name"] = name,
            ["next_invoice_sequence"] = 1,
            ["phone"] = null,
            ["preferred_locales"] = new JsonArray(),
            ["shipping"] = null,
            ["tax_exempt"] = "none",
            ["test_clock"] = null,
        };
        return session.Add(customer);
    }

    private static Outcome Create(Call call)
    {
        var customer = New(call.Session, null, null);
        Write(call, customer);
        if (call.Params.Text("payment_method") is { } method)
        {
            var attached = PaymentMethods.Resolve(call.Session, method, "payment_method");
            if (PaymentMethods.Attach(call.Session, attached, customer.Id()) is { } declined)
                return declined;
        }
        call.Session.Emit("customer.created", customer);
        return customer;
    }

    private static Outcome Update(Call call)
    {
        var customer = Existing(call);
        Write(call, customer);
        call.Session.Save(customer);
        call.Session.Emit("customer.updated", customer);
        return customer;
    }

    private static Outcome Delete(Call call)
    {
        var customer = Existing(call);
        foreach (var id in MethodIds(call.Session, customer.Id()))
            PaymentMethods.Detach(call.Session, call.Session.Find(id)!);
        call.Session.Emit("customer.deleted", customer);
        foreach (var (name, _) in customer.ToList())
            if (name is not ("id" or "object"))
                customer.Remove(name);
        customer["deleted"] = true;
        // A deleted customer can still be retrieved by its id, but is listed no more.
        call.Session.Db.Retype(customer.Id(), "deleted_customer");
        call.Session.Save(customer);
        return customer;
    }

    private static Outcome List(Call call) => new Listing("customer", "/v1/customers")
        .Where("email", call.Params.Text("email"))
        .Page(call.Session, call.Params);

    private static Outcome PaymentMethodsOf(Call call)
        => new Listing("payment_method", $"/v1/customers/{Existing(call).Id()}/payment_methods")
            .Under(call.Named())
            .Where("type", call.Params.Text("type"))
            .Page(call.Session, call.Params);

    private static Outcome PaymentMethodOf(Call call)
    {
        var customer = Existing(call);
        var method = call.Session.GetNamed("payment_method", call.Named("method"));
        return method.Str("customer") == customer.Id()
            ? method
            : throw Fault.NoSuch("PaymentMethod", method.Id(), "id", 404);
    }

    private static JsonObject Existing(Call call)
    {
        var customer = call.Session.GetNamed("customer", call.Named());
        return customer.Flag("deleted") ? throw Fault.NoSuch("customer", call.Named(), "id", 404) : customer;
    }

    private static void Write(Call call, JsonObject customer)
    {
        var form = call.Params;
        Fields.Texts(
            customer, form, "description", "email", "name", "phone", "business_name", "individual_name");
        customer["metadata"] = Fields.Metadata(form, (JsonObject)customer["metadata"]!);
        if (form.Has("balance"))
            customer["balance"] = form.Integer("balance") ?? 0;
        if (form.Choice("tax_exempt", "none", "exempt", "reverse") is { } exempt)
            customer["tax_exempt"] = exempt;
        foreach (var name in (string[])["address", "shipping"])
            if (form.Has(name))
                customer[name] = Fields.Hash(form, name);
        if (form.Has("preferred_locales"))
            customer["preferred_locales"] = new JsonArray(
                [.. form.Texts("preferred_locales").Select(locale => (JsonNode)locale)]);
        if (form.Hash("invoice_settings") is { } invoices && invoices.Has("default_payment_method"))
            customer["invoice_settings"]!["default_payment_method"] = DefaultMethod(call, customer, invoices);
    }

    private static string? DefaultMethod(Call call, JsonObject customer, Params invoices)
    {
        if (invoices.Text("default_payment_method") is not { } id)
            return null;
        const string Param = "invoice_settings[default_payment_method]";
        var method = call.Session.Get("payment_method", id, Param);
        return method.Str("customer") == customer.Id()
            ? id
            : throw Fault.Invalid(
                "The customer does not have a payment method with the ID "
                + $"{id}. The payment method must be attached to the customer.", Param, "resource_missing");
    }

    private static List<string> MethodIds(Session session, string customer)
        => session.Db.IdsUnder(customer, "payment_method");
}
