using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Resources;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Pages;

/// <summary>The hosted Checkout page: <c>/checkout/c/pay/{cs_id}</c>.</summary>
internal static class CheckoutPage
{
    public static Page Show(Visit visit) => Render(visit, visit.Get("checkout.session"), visit.Error);

    public static Page Pay(Visit visit)
    {
        var checkout = visit.Get("checkout.session");
        if (checkout.Str("status") != "open")
            return Render(visit, checkout, null);
        var method = CardForm.Read(visit.Session, visit.Form);
        var outcome = checkout.Str("mode") == "setup"
            ? TrySetup(visit, checkout, method)
            : TryPayment(visit, checkout, method);
        if (outcome.Status != 200)
            return Render(visit, checkout, (string)outcome.Body["error"]!["message"]!, outcome.Status);
        var intent = outcome.Body;
        if (intent.Str("status") == "requires_action")
            return Page.GoTo(visit.Links.Authenticate(intent.Id(), intent.Str("client_secret")!));
        return Finish(visit.Session, checkout, intent);
    }

    /// <summary>Completes the session that an intent belongs to and leads back to the shop.</summary>
    public static Page Finish(Session session, JsonObject checkout, JsonObject intent)
    {
        var method = session.Find(intent.Str("payment_method")!)!;
        var billing = method["billing_details"]!.AsObject();
        CheckoutSessions.Complete(
            session, checkout, intent,
            email: billing.Str("email") ?? checkout.Str("customer_email"), name: billing.Str("name"));
        return Page.GoTo(checkout.Str("success_url")!
            .Replace("{CHECKOUT_SESSION_ID}", checkout.Id(), StringComparison.Ordinal));
    }

    private static Outcome TrySetup(Visit visit, JsonObject checkout, JsonObject method)
    {
        var intent = visit.Session.Find(checkout.Str("setup_intent")!)!;
        return SetupIntents.Try(visit.Session, visit.Links, intent, method, authenticated: false);
    }

    private static Outcome TryPayment(Visit visit, JsonObject checkout, JsonObject method)
    {
        var session = visit.Session;
        var intent = checkout.Str("payment_intent") is { } id
            ? session.Find(id)!
            : NewIntent(session, checkout, method);
        return Charging.Try(
            session, visit.Links, intent, method, new Attempt(OffSession: false, Authenticated: false),
            refuseActions: false);
    }

    private static JsonObject NewIntent(Session session, JsonObject checkout, JsonObject method)
    {
        var data = checkout["_intent"]!.AsObject();
        var customer = checkout.Str("customer");
        if (customer is null && (checkout.Str("customer_creation") == "always"
            || data.Str("setup_future_usage") is not null))
        {
            var billing = method["billing_details"]!.AsObject();
            var created = Customers.New(
                session, billing.Str("email") ?? checkout.Str("customer_email"), billing.Str("name"));
            session.Emit("customer.created", created);
            customer = created.Id();
        }
        var intent = PaymentIntents.New(
            session, checkout.Num("amount_total"), checkout.Str("currency")!, customer);
        foreach (var (name, value) in data)
            intent[name] = value?.DeepClone();
        intent["_checkout"] = checkout.Id();
        session.Emit("payment_intent.created", intent);
        checkout["payment_intent"] = intent.Id();
        session.Save(checkout);
        return intent;
    }

    private static Page Render(Visit visit, JsonObject checkout, string? error, int status = 402)
    {
        switch (checkout.Str("status"))
        {
            case "complete":
                return Page.Message("All done here", "This checkout has already been completed.");
            case "expired":
                return Page.Message("Link expired", "This checkout has expired.", 410);
        }
        var isSetup = checkout.Str("mode") == "setup";
        var title = isSetup ? "Save a card" : "Pay";
        var what = isSetup
            ? Markup.Of($"<p>The card is saved for later payments. Nothing is charged now.</p>")
            : Markup.Of($"<p>Total: <strong>{Total(checkout)}</strong></p>{Items(checkout)}");
        var cancel = checkout.Str("cancel_url") is { } url
            ? Markup.Of($"""<p><a href="{url}" rel="noreferrer">Cancel and go back</a></p>""")
            : Markup.Empty;
        return Page.Show(
            title,
            Markup.Of($"<h1>{title}</h1>{what}{Layout.Error(error)}{CardForm.Render(title)}{cancel}"),
            error is null ? 200 : visit.ErrorStatus ?? status);
    }

    private static string Total(JsonObject checkout)
        => Layout.Money(checkout.Num("amount_total"), checkout.Str("currency")!);

    private static Markup Items(JsonObject checkout) => Markup.Of($"""
        <ul>{Markup.Join(checkout["_items"]!.AsArray().Select(item => Markup.Of(
            $"<li>{item!["quantity"]} × {item["description"]}</li>")))}</ul>
        """);
}
