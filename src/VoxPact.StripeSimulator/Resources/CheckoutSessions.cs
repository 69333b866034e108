using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

internal static class CheckoutSessions
{
    private const long OpenSeconds = 24 * 3600;
    private const long ShortestSeconds = 30 * 60;

    /// <summary>In setup mode Stripe wants to know by one of these which cards can be saved.</summary>
    private static readonly string[] SetupKinds =
        ["currency", "payment_method_types", "allowed_payment_method_types"];

    public static readonly Operation[] Operations =
    [
        Operation.Post(
            "/v1/checkout/sessions", Create,
            "adaptive_pricing after_expiration allow_promotion_codes allowed_payment_method_types "
            + "automatic_tax billing_address_collection branding_settings cancel_url client_reference_id "
            + "consent_collection currency custom_fields custom_text customer customer_account "
            + "customer_creation customer_email customer_update discounts excluded_payment_method_types "
            + "expires_at integration_identifier invoice_creation line_items locale metadata mode "
            + "name_collection optional_items origin_context payment_intent_data payment_method_collection "
            + "payment_method_configuration payment_method_data payment_method_options payment_method_types "
            + "permissions phone_number_collection redirect_on_completion return_url "
            + "saved_payment_method_options setup_intent_data shipping_address_collection shipping_options "
            + "submit_type subscription_data success_url tax_id_collection ui_mode wallet_options"),
        Operation.List(
            "/v1/checkout/sessions", List,
            "customer customer_account customer_details payment_intent payment_link status subscription"),
        Operation.Get(
            "/v1/checkout/sessions/{id}", call => call.Session.GetNamed("checkout.session", call.Named())),
        Operation.Post("/v1/checkout/sessions/{id}", Update, "collected_information metadata"),
        Operation.Post("/v1/checkout/sessions/{id}/expire", Expire, ""),
        Operation.List("/v1/checkout/sessions/{id}/line_items", LineItems),
    ];

    /// <summary>The simulator's time has passed the session's end.</summary>
    public static void Ripen(Session session, string id)
    {
        if (session.Find(id) is { } checkout && checkout.Str("status") == "open")
            Close(session, checkout);
    }

    /// <summary>
    /// The person has done everything: the session is complete and leads to its success page.
    /// </summary>
    public static void Complete(
        Session session, JsonObject checkout, JsonObject intent, string? email, string? name)
    {
        checkout["status"] = "complete";
        checkout["url"] = null;
        checkout["payment_status"] = checkout.Str("mode") == "setup" ? "no_payment_required" : "paid";
        checkout["customer"] = intent.Str("customer");
        checkout["customer_details"] = new JsonObject
        {
            ["address"] = null,
            ["email"] = email,
            ["name"] = name,
            ["phone"] = null,
            ["tax_exempt"] = "none",
            ["tax_ids"] = new JsonArray(),
        };
        session.Save(checkout);
        session.Emit("checkout.session.completed", checkout);
    }

    private static Outcome Create(Call call)
    {
        var (session, form) = (call.Session, call.Params);
        form.Required("mode");
        var mode = form.Choice("mode", "setup", "payment", "subscription")!;
        if (mode == "subscription")
            throw Fault.Invalid("The simulator knows the modes setup and payment.", "mode");
        if (form.Text("ui_mode") is { } ui and not ("hosted" or "hosted_page"))
            throw Fault.Invalid(
                $"The simulator hosts its pages only; ui_mode {ui} is unknown to it.", "ui_mode");
        form.Required("success_url");
        var customer = Fields.Customer(session, form);
        if (customer is not null && form.Text("customer_email") is not null)
            throw Fault.Invalid(
                "You may only specify one of these parameters: customer, customer_email.", "customer_email");
        var checkout = session.Add(New(call, mode, customer), customer);
        if (mode == "setup")
            PrepareSetup(call, checkout, customer);
        else
            PreparePayment(form, checkout);
        session.At(checkout.Num("expires_at"), "checkout", checkout.Id());
        return checkout;
    }

    private static void PrepareSetup(Call call, JsonObject checkout, string? customer)
    {
        var (session, form) = (call.Session, call.Params);
        if (form.Has("line_items") || form.Has("payment_intent_data"))
            throw Fault.Invalid(
                "You can not pass `line_items` or `payment_intent_data` in `setup` mode.", "mode");
        if (!SetupKinds.Any(form.Has))
            throw Fault.Invalid(
                "You must provide `currency` in `setup` mode when the payment method types are not named.",
                "currency", "parameter_missing");
        var intent = SetupIntents.New(session, customer, "off_session");
        if (form.Hash("setup_intent_data") is { } data)
        {
            Fields.Texts(intent, data, "description");
            intent["metadata"] = Fields.Metadata(data);
        }
        intent["_checkout"] = checkout.Id();
        checkout["setup_intent"] = intent.Id();
        session.Emit("setup_intent.created", intent);
    }

    private static void PreparePayment(Params form, JsonObject checkout)
    {
        if (form.Has("setup_intent_data"))
            throw Fault.Invalid(
                "You can not pass `setup_intent_data` in `payment` mode.", "setup_intent_data");
        var (items, currency, total) = CheckoutItems.Read(form);
        if (total < 50)
            throw Fault.Invalid(
                $"The Checkout Session's total amount due must add up to at least 0.50 {currency}.",
                null, "amount_too_small");
        checkout["currency"] = currency;
        checkout["amount_subtotal"] = total;
        checkout["amount_total"] = total;
        checkout["total_details"] = new JsonObject
        {
            ["amount_discount"] = 0,
            ["amount_shipping"] = 0,
            ["amount_tax"] = 0,
        };
        checkout["_items"] = items;
        checkout["_intent"] = CheckoutItems.IntentData(form);
        checkout["customer_creation"] = form.Choice(
            "customer_creation", "always", "if_required") ?? "if_required";
    }

    private static JsonObject New(Call call, string mode, string? customer)
    {
        var form = call.Params;
        var expires = form.Integer("expires_at") ?? call.Now + OpenSeconds;
        if (expires < call.Now + ShortestSeconds - 60 || expires > call.Now + OpenSeconds + 60)
            throw Fault.Invalid(
                "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.", "expires_at");
        var id = Ids.New("cs_test_", 56);
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "checkout.session",
            ["allow_promotion_codes"] = null,
            ["amount_subtotal"] = null,
            ["amount_total"] = null,
            ["automatic_tax"] = new JsonObject { ["enabled"] = false, ["status"] = null },
            ["billing_address_collection"] = null,
            ["cancel_url"] = form.Address("cancel_url"),
            ["client_reference_id"] = form.Text("client_reference_id", 200),
            ["client_secret"] = null,
            ["consent"] = null,
            ["created"] = call.Now,
            ["currency"] = form.Text("currency"),
            ["custom_fields"] = new JsonArray(),
            ["customer"] = customer,
            ["customer_creation"] = null,
            ["customer_details"] = null,
            ["customer_email"] = form.Text("customer_email"),
            ["expires_at"] = expires,
            ["invoice"] = null,
            ["livemode"] = false,
            ["locale"] = form.Text("locale"),
            ["metadata"] = Fields.Metadata(form),
            ["mode"] = mode,
            ["payment_intent"] = null,
            ["payment_link"] = null,
            ["payment_method_collection"] = "always",
            ["payment_method_options"] = new JsonObject(),
            ["payment_method_types"] = new JsonArray("card"),
            ["payment_status"] = mode == "setup" ? "no_payment_required" : "unpaid",
            ["setup_intent"] = null,
            ["shipping_options"] = new JsonArray(),
            ["status"] = "open",
            ["subscription"] = null,
            ["success_url"] = form.Address("success_url"),
            ["total_details"] = null,
            ["ui_mode"] = "hosted_page",
            ["url"] = call.Links.Checkout(id),
        };
    }

    private static Outcome Update(Call call)
    {
        var checkout = call.Session.GetNamed("checkout.session", call.Named());
        checkout["metadata"] = Fields.Metadata(call.Params, (JsonObject)checkout["metadata"]!);
        call.Session.Save(checkout);
        return checkout;
    }

    private static Outcome Expire(Call call)
    {
        var checkout = call.Session.GetNamed("checkout.session", call.Named());
        if (checkout.Str("status") != "open")
            throw Fault.Refused(
                "checkout_session_not_open",
                "Only Checkout Sessions with a status in [\"open\"] can be expired. "
                + $"This Checkout Session has a status of {checkout.Str("status")}.");
        Close(call.Session, checkout);
        return checkout;
    }

    private static void Close(Session session, JsonObject checkout)
    {
        checkout["status"] = "expired";
        checkout["url"] = null;
        session.Save(checkout);
        session.Emit("checkout.session.expired", checkout);
    }

    private static Outcome LineItems(Call call)
    {
        var checkout = call.Session.GetNamed("checkout.session", call.Named());
        var list = Json.EmptyList($"/v1/checkout/sessions/{checkout.Id()}/line_items");
        list["data"] = checkout["_items"]?.DeepClone() ?? new JsonArray();
        return list;
    }

    private static Outcome List(Call call) => new Listing("checkout.session", "/v1/checkout/sessions")
        .Under(call.Params.Text("customer"))
        .Where("payment_intent", call.Params.Text("payment_intent"))
        .Where("status", call.Params.Choice("status", "open", "complete", "expired"))
        .Page(call.Session, call.Params);
}
