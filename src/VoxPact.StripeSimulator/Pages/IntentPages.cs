using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Resources;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Pages;

/// <summary>A card form for a setup intent, and the bank's question whether it is really you.</summary>
internal static class IntentPages
{
    public static Page ShowSetup(Visit visit)
    {
        var intent = Owned(visit);
        return intent.Str("object") == "setup_intent" && intent.Str("status") is { } status
            && status.StartsWith("requires_", StringComparison.Ordinal)
                ? Form(visit.Error, visit.ErrorStatus ?? 402)
                : Page.Message("All done here", $"This card setup is {intent.Str("status")}.");
    }

    public static Page Setup(Visit visit)
    {
        var intent = Owned(visit);
        if (intent.Str("object") != "setup_intent" || intent.Str("status") is "succeeded" or "canceled")
            return Page.Message("All done here", $"This card setup is {intent.Str("status")}.", 409);
        var method = CardForm.Read(visit.Session, visit.Form);
        var outcome = SetupIntents.Try(visit.Session, visit.Links, intent, method, authenticated: false);
        if (outcome.Status != 200)
            return Form((string)outcome.Body["error"]!["message"]!, outcome.Status);
        return intent.Str("status") == "requires_action"
            ? Page.GoTo(visit.Links.Authenticate(intent.Id(), intent.Str("client_secret")!))
            : Leave(visit.Session, intent);
    }

    public static Page ShowAuthentication(Visit visit)
    {
        var intent = Owned(visit);
        if (intent.Str("status") != "requires_action")
            return Page.Message("Nothing to confirm", $"This payment is {intent.Str("status")}.");
        return Page.Show("Your bank asks", Markup.Of($"""
            <h1>Your bank asks: is this you?</h1>
            <p>A real bank would send you a code now. Here you just choose how it goes.</p>
            <form method="post">
            <button name="outcome" value="complete">Complete authentication</button>
            <button name="outcome" value="fail" class="plain">Fail authentication</button>
            </form>
            """));
    }

    public static Page Authenticate(Visit visit)
    {
        var (session, intent) = (visit.Session, Owned(visit));
        if (intent.Str("status") != "requires_action")
            return Page.Message("Nothing to confirm", $"This payment is {intent.Str("status")}.", 409);
        var isSetup = intent.Str("object") == "setup_intent";
        if (visit.Form.Choice("outcome", "complete", "fail") == "fail")
        {
            if (isSetup)
                SetupIntents.FailAuthentication(session, intent);
            else
                Charging.FailAuthentication(session, intent);
            return Leave(session, intent);
        }
        var method = session.Find(intent.Str("payment_method")!)!;
        if (isSetup)
            SetupIntents.Try(session, visit.Links, intent, method, authenticated: true);
        else
            Charging.Try(
                session, visit.Links, intent, method, new Attempt(OffSession: false, Authenticated: true),
                refuseActions: false);
        return Leave(session, intent);
    }

    /// <summary>
    /// Back to whoever sent the person here: Checkout, the return address, or a plain word.
    /// </summary>
    private static Page Leave(Session session, JsonObject intent)
    {
        var succeeded = intent.Str("status") == "succeeded";
        if (intent.Str("_checkout") is { } id && session.Find(id) is { } checkout)
        {
            if (succeeded && checkout.Str("status") == "open")
                return CheckoutPage.Finish(session, checkout, intent);
            // Built by Checkout when the session was made, so it carries the public address.
            return checkout.Str("url") is { } url
                ? Page.GoTo(url)
                : Page.Message("All done here", "This checkout is closed.");
        }
        if (intent.Str("_return_url") is { } back)
            return Page.GoTo(WithResult(back, intent, succeeded));
        return succeeded
            ? Page.Message("Thank you", "The card was accepted. You can close this page.")
            : Page.Message(
                "That did not work", "The card was not accepted. Go back and try another card.", 402);
    }

    private static string WithResult(string address, JsonObject intent, bool succeeded)
    {
        var name = intent.Str("object");
        var hash = address.IndexOf('#', StringComparison.Ordinal);
        var (plain, fragment) = hash < 0 ? (address, "") : (address[..hash], address[hash..]);
        var separator = plain.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return $"{plain}{separator}{name}={intent.Id()}"
            + $"&{name}_client_secret={Uri.EscapeDataString(intent.Str("client_secret")!)}"
            + $"&redirect_status={(succeeded ? "succeeded" : "failed")}{fragment}";
    }

    private static Page Form(string? error, int status) => Page.Show(
        "Save a card",
        Markup.Of($"""
            <h1>Save a card</h1>
            <p>The card is saved for later payments. Nothing is charged now.</p>
            {Layout.Error(error)}{CardForm.Render("Save card")}
            """),
        error is null ? 200 : status);

    /// <summary>The intent, for whoever knows its client secret.</summary>
    private static JsonObject Owned(Visit visit)
    {
        var intent = visit.Session.Find(visit.Named());
        var wanted = intent?.Str("object") is "setup_intent" or "payment_intent"
            ? intent.Str("client_secret")
            : null;
        return wanted is not null && wanted == visit.Form.Text("client_secret")
            ? intent!
            : throw Fault.NoSuch("page", visit.Named(), "id", 404);
    }
}
