using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

internal static class PaymentIntents
{
    private const string Written =
        "allowed_payment_method_types amount amount_details application_fee_amount capture_method currency "
        + "customer customer_account description excluded_payment_method_types hooks metadata "
        + "payment_details payment_method payment_method_configuration payment_method_data "
        + "payment_method_options payment_method_types receipt_email setup_future_usage shipping "
        + "statement_descriptor statement_descriptor_suffix transfer_data transfer_group ";

    public static readonly Operation[] Operations =
    [
        Operation.Post(
            "/v1/payment_intents", Create,
            Written + "automatic_payment_methods confirm confirmation_method confirmation_token "
            + "error_on_requires_action mandate mandate_data off_session on_behalf_of radar_options "
            + "return_url use_stripe_sdk"),
        Operation.List("/v1/payment_intents", List, "customer customer_account"),
        Operation.Get("/v1/payment_intents/{id}", Retrieve, "client_secret") with { Publishable = true },
        Operation.Post("/v1/payment_intents/{id}", Update, Written),
        Operation.Post(
            "/v1/payment_intents/{id}/confirm", Confirm,
            "allowed_payment_method_types amount_details amount_to_confirm capture_method client_secret "
            + "confirmation_token error_on_requires_action excluded_payment_method_types hooks mandate "
            + "mandate_data off_session payment_details payment_method payment_method_data "
            + "payment_method_options payment_method_types radar_options receipt_email return_url "
            + "setup_future_usage shipping use_stripe_sdk")
            with { Publishable = true },
        Operation.Post("/v1/payment_intents/{id}/cancel", Cancel, "cancellation_reason"),
    ];

    public static JsonObject New(Session session, long amount, string currency, string? customer)
    {
        CheckMinimum(amount, currency);
        var id = Ids.New("pi_");
        return session.Add(
            new JsonObject
            {
                ["id"] = id,
                ["object"] = "payment_intent",
                ["amount"] = amount,
                ["amount_capturable"] = 0,
                ["amount_details"] = new JsonObject { ["tip"] = new JsonObject() },
                ["amount_received"] = 0,
                ["application"] = null,
                ["application_fee_amount"] = null,
                ["automatic_payment_methods"] = null,
                ["canceled_at"] = null,
                ["cancellation_reason"] = null,
                ["capture_method"] = "automatic",
                ["client_secret"] = Ids.New(id + "_secret_", 25),
                ["confirmation_method"] = "automatic",
                ["created"] = session.Now,
                ["currency"] = currency,
                ["customer"] = customer,
                ["description"] = null,
                ["last_payment_error"] = null,
                ["latest_charge"] = null,
                ["livemode"] = false,
                ["metadata"] = new JsonObject(),
                ["next_action"] = null,
                ["on_behalf_of"] = null,
                ["payment_method"] = null,
                ["payment_method_options"] = new JsonObject(),
                ["payment_method_types"] = new JsonArray("card"),
                ["processing"] = null,
                ["receipt_email"] = null,
                ["review"] = null,
                ["setup_future_usage"] = null,
                ["shipping"] = null,
                ["source"] = null,
                ["statement_descriptor"] = null,
                ["statement_descriptor_suffix"] = null,
                ["status"] = "requires_payment_method",
                ["transfer_data"] = null,
                ["transfer_group"] = null,
            },
            customer);
    }

    private static Outcome Create(Call call)
    {
        var form = call.Params;
        var amount = Fields.Amount(form);
        var currency = Fields.Currency(form);
        var confirm = form.Boolean("confirm") == true;
        foreach (var name in (string[])["off_session", "return_url", "error_on_requires_action"])
            if (!confirm && form.Has(name))
                throw Fault.Invalid($"You may only provide {name} when confirm is true.", name);
        var intent = New(call.Session, amount, currency, Fields.Customer(call.Session, form));
        Write(call, intent);
        call.Session.Emit("payment_intent.created", intent);
        return confirm ? Proceed(call, intent) : intent;
    }

    private static Outcome Update(Call call)
    {
        var (session, form) = (call.Session, call.Params);
        var intent = session.GetNamed("payment_intent", call.Named());
        var status = intent.Str("status");
        var isOpen = status!.StartsWith("requires_", StringComparison.Ordinal);
        var changesMoney = form.Has("amount") || form.Has("currency") || form.Has("payment_method");
        if (!isOpen && changesMoney)
            throw Unexpected(intent, "updated");
        if (form.Has("amount"))
            intent["amount"] = Fields.Amount(form);
        if (form.Has("currency"))
            intent["currency"] = Fields.Currency(form);
        CheckMinimum(intent.Num("amount"), intent.Str("currency")!);
        if (Fields.Customer(session, form) is { } customer)
        {
            intent["customer"] = customer;
            session.Adopt(intent, customer);
        }
        Write(call, intent);
        session.Save(intent);
        return intent;
    }

    private static void Write(Call call, JsonObject intent)
    {
        var form = call.Params;
        if (form.Choice("capture_method", "automatic", "automatic_async", "manual") == "manual")
            throw Fault.Invalid("The simulator does not know manual capture.", "capture_method");
        foreach (var name in (string[])["transfer_data", "application_fee_amount"])
            if (form.Has(name))
                throw Fault.Invalid("The simulator knows separate charges and transfers only.", name);
        Fields.Texts(
            intent, form, "description", "receipt_email", "statement_descriptor",
            "statement_descriptor_suffix", "transfer_group");
        if (form.Has("setup_future_usage"))
            intent["setup_future_usage"] = form.Choice("setup_future_usage", "off_session", "on_session");
        intent["metadata"] = Fields.Metadata(form, (JsonObject)intent["metadata"]!);
        if (form.Hash("automatic_payment_methods") is { } automatic)
            intent["automatic_payment_methods"] = new JsonObject
            {
                ["allow_redirects"] = automatic.Choice("allow_redirects", "always", "never") ?? "always",
                ["enabled"] = automatic.Boolean("enabled") ?? true,
            };
        if (PaymentMethods.FromRequest(call.Session, form) is not { } method)
            return;
        PaymentMethods.CheckOwner(method, intent.Str("customer"));
        intent["payment_method"] = method.Id();
        intent["status"] = "requires_confirmation";
    }

    private static Outcome Retrieve(Call call)
    {
        var intent = call.Session.GetNamed("payment_intent", call.Named());
        call.CheckClientSecret(intent);
        return intent;
    }

    private static Outcome Confirm(Call call)
    {
        var (session, form) = (call.Session, call.Params);
        var intent = session.GetNamed("payment_intent", call.Named());
        call.CheckClientSecret(intent);
        if (intent.Str("status") is "succeeded" or "canceled" or "processing")
            throw Unexpected(intent, "confirmed");
        if (call.IsPublishable && form.Has("off_session"))
            throw Fault.Invalid("off_session cannot be used with a publishable key.", "off_session");
        if (form.Has("setup_future_usage"))
            intent["setup_future_usage"] = form.Choice("setup_future_usage", "off_session", "on_session");
        Fields.Texts(intent, form, "receipt_email");
        if (PaymentMethods.FromRequest(session, form) is { } method)
            intent["payment_method"] = method.Id();
        session.Save(intent);
        return Proceed(call, intent);
    }

    private static Outcome Proceed(Call call, JsonObject intent)
    {
        var form = call.Params;
        if (intent.Str("payment_method") is not { } id)
            throw Fault.Invalid(
                "You cannot confirm this PaymentIntent because it's missing a payment method. You can either "
                + "update the PaymentIntent with a payment method and then confirm it again, or confirm it "
                + "again "
                + "directly with a payment method.",
                null, "payment_intent_unexpected_state");
        if (form.Has("return_url"))
            intent["_return_url"] = form.Address("return_url");
        var method = PaymentMethods.Resolve(call.Session, id, "payment_method");
        PaymentMethods.CheckOwner(method, intent.Str("customer"));
        // Stripe also takes "one_off" and "recurring" here; each of them means that nobody is present.
        var offSession = form.Text("off_session") is not (null or "false");
        var refuseActions = form.Boolean("error_on_requires_action") == true;
        return Charging.Try(
            call.Session, call.Links, intent, method, new Attempt(offSession, Authenticated: false),
            refuseActions);
    }

    private static Outcome Cancel(Call call)
    {
        var intent = call.Session.GetNamed("payment_intent", call.Named());
        if (intent.Str("status") is "succeeded" or "canceled" or "processing")
            throw Unexpected(intent, "canceled");
        intent["status"] = "canceled";
        intent["canceled_at"] = call.Now;
        intent["next_action"] = null;
        intent["cancellation_reason"] = call.Params.Choice(
            "cancellation_reason", "duplicate", "fraudulent", "requested_by_customer", "abandoned");
        call.Session.Save(intent);
        call.Session.Emit("payment_intent.canceled", intent);
        return intent;
    }

    private static Outcome List(Call call) => new Listing("payment_intent", "/v1/payment_intents")
        .Under(call.Params.Text("customer"))
        .Page(call.Session, call.Params);

    private static void CheckMinimum(long amount, string currency)
    {
        if (amount < 50)
            throw Fault.Invalid(
                $"Amount must be at least 0.50 {currency}. See: "
                + "https://stripe.com/docs/currencies#minimum-and-maximum-charge-amounts",
                "amount", "amount_too_small");
    }

    private static Fault Unexpected(JsonObject intent, string verb)
    {
        var fault = Fault.Refused(
            "payment_intent_unexpected_state",
            $"This PaymentIntent's status is {intent.Str("status")}, so it cannot be {verb}.");
        fault.Attach("payment_intent", intent.Public());
        return fault;
    }
}
