using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Payments;

/// <summary>How Stripe words each decline.</summary>
internal sealed record Decline(string Code, string DeclineCode, string Message)
{
    public static readonly Decline Authentication = new(
        "authentication_required", "authentication_required",
        "Your card was declined. This transaction requires authentication.");

    public static Decline For(string declineCode) => declineCode switch
    {
        "insufficient_funds" => new("card_declined", declineCode, "Your card has insufficient funds."),
        "expired_card" => new("expired_card", declineCode, "Your card has expired."),
        "incorrect_cvc" => new("incorrect_cvc", declineCode, "Your card's security code is incorrect."),
        "processing_error" => new("processing_error", declineCode,
            "An error occurred while processing your card. Try again in a little bit."),
        "test_mode_live_card" => new("card_declined", declineCode,
            "Your card was declined. Your request was in test mode, but used a non test card. "
            + "For a list of valid test cards, visit: https://stripe.com/docs/testing."),
        _ => new("card_declined", declineCode, "Your card was declined."),
    };

    public JsonObject ToError(JsonObject? method, string? charge = null)
    {
        var error = new JsonObject
        {
            ["code"] = Code,
            ["decline_code"] = DeclineCode,
            ["doc_url"] = $"https://stripe.com/docs/error-codes/{Code.Replace('_', '-')}",
            ["message"] = Message,
            ["type"] = "card_error",
        };
        if (charge is not null)
            error["charge"] = charge;
        if (Code == "incorrect_cvc")
            error["param"] = "cvc";
        if (method is not null)
            error["payment_method"] = method.Public();
        return error;
    }

    /// <summary>A 402 whose changes stay, with the intent as the decline left it.</summary>
    public static Outcome Answer(JsonObject error, string? name = null, JsonObject? intent = null)
    {
        var copy = (JsonObject)error.DeepClone();
        if (name is not null)
            copy[name] = intent!.Public();
        return new Outcome(402, new JsonObject { ["error"] = copy });
    }
}
