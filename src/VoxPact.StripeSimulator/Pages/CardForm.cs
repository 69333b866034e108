using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Resources;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Pages;

/// <summary>The card fields that Checkout and the card page share.</summary>
internal static class CardForm
{
    public static Markup Render(string button, string? name = null) => Markup.Of($"""
        <form method="post" autocomplete="off">
        <label for="number">Card number</label>
        <input id="number" name="number" inputmode="numeric" required maxlength="23"
          placeholder="4242 4242 4242 4242" aria-describedby="cards">
        <div class="row">
        <div><label for="expiry">Expiry (MM / YY)</label>
        <input id="expiry" name="expiry" required maxlength="9" placeholder="12 / 34"></div>
        <div><label for="cvc">CVC</label>
        <input id="cvc" name="cvc" inputmode="numeric" maxlength="4" placeholder="123"></div>
        </div>
        <label for="name">Name on card</label>
        <input id="name" name="name" maxlength="200" value="{name}">
        <button type="submit">{button}</button>
        <p class="hint" id="cards">4242 4242 4242 4242 works, 4000 0000 0000 0002 is declined,
        4000 0025 0000 3155 asks for authentication. Never enter a real card.</p>
        </form>
        """);

    /// <summary>Turns the posted fields into a payment method, with Stripe's own checks and words.</summary>
    public static JsonObject Read(Session session, Params form)
    {
        var data = new Params("");
        data.Open("type").Set("card");
        var card = data.Open("card");
        card.Open("number").Set(form.Required("number"));
        var (month, year) = Expiry(form.Required("expiry"));
        card.Open("exp_month").Set(month);
        card.Open("exp_year").Set(year);
        if (form.Text("cvc") is { } cvc)
            card.Open("cvc").Set(cvc);
        var billing = data.Open("billing_details");
        foreach (var field in (string[])["name", "email"])
            if (form.Text(field, 200) is { } text)
                billing.Open(field).Set(text);
        return PaymentMethods.Make(session, data);
    }

    private static (string Month, string Year) Expiry(string text)
    {
        var digits = text.Replace(" ", "", StringComparison.Ordinal);
        var slash = digits.IndexOfAny(['/', '-']);
        if (slash > 0)
            return (digits[..slash], digits[(slash + 1)..]);
        return digits.Length == 4
            ? (digits[..2], digits[2..])
            : throw Fault.Card("invalid_expiry_month", "Write the expiry as MM / YY.", "expiry");
    }
}
