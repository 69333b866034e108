using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

internal static class SetupIntents
{
    private const string Written =
        "allowed_payment_method_types attach_to_self customer customer_account description "
        + "excluded_payment_method_types flow_directions metadata payment_method "
        + "payment_method_configuration payment_method_data payment_method_options payment_method_types ";

    public static readonly Operation[] Operations =
    [
        Operation.Post(
            "/v1/setup_intents", Create,
            Written + "automatic_payment_methods confirm confirmation_token mandate_data on_behalf_of "
            + "return_url single_use usage use_stripe_sdk"),
        Operation.List("/v1/setup_intents", List, "attach_to_self customer customer_account payment_method"),
        Operation.Get("/v1/setup_intents/{id}", Retrieve, "client_secret") with { Publishable = true },
        Operation.Post("/v1/setup_intents/{id}", Update, Written),
        Operation.Post(
            "/v1/setup_intents/{id}/confirm", Confirm,
            "allowed_payment_method_types client_secret confirmation_token mandate_data payment_method "
            + "payment_method_data payment_method_options return_url use_stripe_sdk")
            with { Publishable = true },
        Operation.Post("/v1/setup_intents/{id}/cancel", Cancel, "cancellation_reason"),
    ];

    public static JsonObject New(Session session, string? customer, string usage)
    {
        var id = Ids.New("seti_");
        return session.Add(
            new JsonObject
            {
                ["id"] = id,
                ["object"] = "setup_intent",
                ["application"] = null,
                ["automatic_payment_methods"] = null,
                ["cancellation_reason"] = null,
                ["client_secret"] = Ids.New(id + "_secret_", 25),
                ["created"] = session.Now,
                ["customer"] = customer,
                ["description"] = null,
                ["flow_directions"] = null,
                ["last_setup_error"] = null,
                ["latest_attempt"] = null,
                ["livemode"] = false,
                ["mandate"] = null,
                ["metadata"] = new JsonObject(),
                ["next_action"] = null,
                ["on_behalf_of"] = null,
                ["payment_method"] = null,
                ["payment_method_options"] = new JsonObject
                {
                    ["card"] = new JsonObject
                    {
                        ["mandate_options"] = null,
                        ["network"] = null,
                        ["request_three_d_secure"] = "automatic",
                    },
                },
                ["payment_method_types"] = new JsonArray("card"),
                ["single_use_mandate"] = null,
                ["status"] = "requires_payment_method",
                ["usage"] = usage,
            },
            customer);
    }

    /// <summary>
    /// Tries the card once; the answer is the intent, or a 402 that leaves it ready for another card.
    /// </summary>
    public static Outcome Try(
        Session session, Links links, JsonObject intent, JsonObject method, bool authenticated)
    {
        intent["payment_method"] = method.Id();
        session.Save(intent);
        var attempt = new Attempt(OffSession: false, authenticated);
        switch (attempt.SetUp(method))
        {
            case Verdict.Authenticate:
                intent["status"] = "requires_action";
                intent["next_action"] = Attempt.NextAction(links, intent);
                session.Emit("setup_intent.requires_action", intent);
                return intent;
            case Verdict.Decline:
                return Fail(session, intent, Decline.For(method.Str("_decline")!).ToError(method));
            case Verdict.Approve:
            default:
                return Succeed(session, intent, method);
        }
    }

    /// <summary>Back to wanting a card, with what went wrong.</summary>
    private static Outcome Fail(Session session, JsonObject intent, JsonObject error)
    {
        intent["status"] = "requires_payment_method";
        intent["payment_method"] = null;
        intent["next_action"] = null;
        intent["last_setup_error"] = error;
        session.Save(intent);
        session.Emit("setup_intent.setup_failed", intent);
        return Decline.Answer(error, "setup_intent", intent);
    }

    /// <summary>Back to wanting a card, after the person did not authenticate.</summary>
    public static void FailAuthentication(Session session, JsonObject intent)
    {
        var method = intent.Str("payment_method") is { } id ? session.Find(id) : null;
        Fail(session, intent, Attempt.FailedError(intent, method));
    }

    private static JsonObject Succeed(Session session, JsonObject intent, JsonObject method)
    {
        if (intent.Str("customer") is { } customer)
            PaymentMethods.Attach(session, method, customer);
        method["_set_up"] = method.Flag("_set_up") || intent.Str("usage") == "off_session";
        session.Save(method);
        intent["status"] = "succeeded";
        intent["next_action"] = null;
        intent["last_setup_error"] = null;
        session.Emit("setup_intent.succeeded", intent);
        return intent;
    }

    private static Outcome Create(Call call)
    {
        var form = call.Params;
        var usage = form.Choice("usage", "off_session", "on_session") ?? "off_session";
        var intent = New(call.Session, Fields.Customer(call.Session, form), usage);
        var confirm = form.Boolean("confirm") == true;
        if (form.Has("return_url") && !confirm)
            throw Fault.Invalid("You may only provide return_url when confirm is true.", "return_url");
        intent["_return_url"] = form.Address("return_url");
        Write(call, intent);
        call.Session.Emit("setup_intent.created", intent);
        return confirm ? Proceed(call, intent) : intent;
    }

    private static Outcome Update(Call call)
    {
        var intent = call.Session.GetNamed("setup_intent", call.Named());
        if (intent.Str("status") is "succeeded" or "canceled")
            throw Unexpected(intent);
        if (Fields.Customer(call.Session, call.Params) is { } customer)
        {
            intent["customer"] = customer;
            call.Session.Adopt(intent, customer);
        }
        Write(call, intent);
        call.Session.Save(intent);
        return intent;
    }

    private static void Write(Call call, JsonObject intent)
    {
        var form = call.Params;
        Fields.Texts(intent, form, "description");
        intent["metadata"] = Fields.Metadata(form, (JsonObject)intent["metadata"]!);
        if (PaymentMethods.FromRequest(call.Session, form) is not { } method)
            return;
        intent["payment_method"] = method.Id();
        intent["status"] = "requires_confirmation";
    }

    private static Outcome Retrieve(Call call)
    {
        var intent = call.Session.GetNamed("setup_intent", call.Named());
        call.CheckClientSecret(intent);
        return intent;
    }

    private static Outcome Confirm(Call call)
    {
        var intent = call.Session.GetNamed("setup_intent", call.Named());
        call.CheckClientSecret(intent);
        if (intent.Str("status") is "succeeded" or "canceled")
            throw Unexpected(intent);
        if (call.Params.Has("return_url"))
            intent["_return_url"] = call.Params.Address("return_url");
        if (PaymentMethods.FromRequest(call.Session, call.Params) is { } method)
            intent["payment_method"] = method.Id();
        return Proceed(call, intent);
    }

    private static Outcome Proceed(Call call, JsonObject intent)
    {
        if (intent.Str("payment_method") is not { } id)
            throw Fault.Invalid(
                "You cannot confirm this SetupIntent because it's missing a payment method. "
                + "Update the SetupIntent with a payment method and then confirm it again.",
                null, "setup_intent_unexpected_state");
        var method = PaymentMethods.Resolve(call.Session, id, "payment_method");
        PaymentMethods.CheckOwner(method, intent.Str("customer"));
        return Try(call.Session, call.Links, intent, method, authenticated: false);
    }

    private static Outcome Cancel(Call call)
    {
        var intent = call.Session.GetNamed("setup_intent", call.Named());
        if (intent.Str("status") is "succeeded" or "canceled")
            throw Unexpected(intent);
        intent["status"] = "canceled";
        intent["next_action"] = null;
        intent["cancellation_reason"] = call.Params.Choice(
            "cancellation_reason", "abandoned", "requested_by_customer", "duplicate");
        call.Session.Save(intent);
        call.Session.Emit("setup_intent.canceled", intent);
        return intent;
    }

    private static Outcome List(Call call) => new Listing("setup_intent", "/v1/setup_intents")
        .Under(call.Params.Text("customer"))
        .Where("payment_method", call.Params.Text("payment_method"))
        .Page(call.Session, call.Params);

    private static Fault Unexpected(JsonObject intent) => Fault.Refused(
        "setup_intent_unexpected_state",
        $"This SetupIntent's status is {intent.Str("status")}, so this can no longer be done with it.");
}
