using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Payments;

/// <summary>How Stripe words each decline.</summary>
internal sealed record Decline(string Code, string DeclineCode, string Message)
{
    public static readonly Decline Authentication = new(
        "authentication_required", "authentication_required",
        "Your card was declined. This transaction requires authentication.");

    /// <summary>
    /// Every decline code that Stripe documents, but <c>test_mode_live_card</c>, which only a number can cause.
    /// </summary>
    public static readonly IReadOnlySet<string> Codes = new HashSet<string>(
        ("approve_with_id authentication_not_handled authentication_required call_issuer card_not_supported "
            + "card_velocity_exceeded currency_not_supported do_not_honor do_not_try_again duplicate_transaction "
            + "expired_card fraudulent generic_decline incorrect_cvc incorrect_number incorrect_pin incorrect_zip "
            + "insufficient_funds invalid_account invalid_amount invalid_cvc invalid_expiry_month "
            + "invalid_expiry_year invalid_number invalid_pin issuer_not_available lost_card merchant_blacklist "
            + "new_account_information_available no_action_taken not_permitted offline_pin_required "
            + "online_or_offline_pin_required pickup_card pin_try_exceeded processing_error reenter_transaction "
            + "restricted_card revocation_of_all_authorizations revocation_of_authorization security_violation "
            + "service_not_allowed stolen_card stop_payment_order testmode_decline transaction_not_allowed "
            + "try_again_later withdrawal_count_limit_exceeded").Split(' '));

    public static Decline For(string declineCode) => declineCode switch
    {
        "authentication_required" => Authentication,
        "insufficient_funds" => new("card_declined", declineCode, "Your card has insufficient funds."),
        "expired_card" => new("expired_card", declineCode, "Your card has expired."),
        "incorrect_cvc" => new("incorrect_cvc", declineCode, "Your card's security code is incorrect."),
        "incorrect_number" => new("incorrect_number", declineCode, "Your card number is incorrect."),
        "incorrect_zip" => new(
            "incorrect_zip", declineCode, "The zip code you supplied failed validation."),
        "invalid_cvc" => new(declineCode, declineCode, "Your card's security code is invalid."),
        "invalid_expiry_month" => new(declineCode, declineCode, "Your card's expiration month is invalid."),
        "invalid_expiry_year" => new(declineCode, declineCode, "Your card's expiration year is invalid."),
        "invalid_number" => new(
            declineCode, declineCode, "The card number is not a valid credit card number."),
        "processing_error" => new("processing_error", declineCode,
            "An error occurred while processing your card. Try again in a little bit."),
        "card_not_supported" => new(
            "card_declined", declineCode, "Your card does not support this type of purchase."),
        "card_velocity_exceeded" => new("card_declined", declineCode,
            "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."),
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
