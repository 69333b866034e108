using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Resources;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Payments;

/// <summary>What a bank would say to one attempt.</summary>
internal enum Verdict
{
    Approve,
    Decline,
    Authenticate,
}

/// <summary>
/// How an attempt is made: is the person there, and has the person just proved to be there?
/// </summary>
internal readonly record struct Attempt(bool OffSession, bool Authenticated)
{
    public Verdict Charge(JsonObject method) => PaymentMethods.Rule(method) switch
    {
        CardRule.Decline or CardRule.DeclineWhenCharged => Verdict.Decline,
        CardRule.AuthenticateUnlessSetUp when OffSession && method.Flag("_set_up") => Verdict.Approve,
        CardRule.AuthenticateUnlessSetUp or CardRule.AuthenticateAlways
            => Authenticated ? Verdict.Approve : Verdict.Authenticate,
        CardRule.AuthenticateThenDecline
            => Authenticated || (OffSession && method.Flag("_set_up"))
                ? Verdict.Decline
                : Verdict.Authenticate,
        CardRule.Approve or CardRule.AvailableAtOnce or CardRule.RefundFails or CardRule.RefundWaits
            => Verdict.Approve,
    };

    public Verdict SetUp(JsonObject method) => PaymentMethods.Rule(method) switch
    {
        CardRule.Decline => Verdict.Decline,
        CardRule.AuthenticateUnlessSetUp or CardRule.AuthenticateAlways or CardRule.AuthenticateThenDecline
            => Authenticated ? Verdict.Approve : Verdict.Authenticate,
        CardRule.Approve or CardRule.AvailableAtOnce or CardRule.RefundFails or CardRule.RefundWaits
            or CardRule.DeclineWhenCharged => Verdict.Approve,
    };

    /// <summary>
    /// Where the person goes to authenticate: by redirect, or inside Stripe.js if no return is named.
    /// </summary>
    public static JsonObject NextAction(Links links, JsonObject intent)
    {
        var page = links.Authenticate(intent.Id(), intent.Str("client_secret")!);
        if (intent.Str("_return_url") is not { } back)
            return new JsonObject
            {
                ["type"] = "use_stripe_sdk",
                ["use_stripe_sdk"] = new JsonObject
                {
                    ["type"] = "three_d_secure_redirect",
                    ["stripe_js"] = page,
                },
            };
        return new JsonObject
        {
            ["type"] = "redirect_to_url",
            ["redirect_to_url"] = new JsonObject { ["return_url"] = back, ["url"] = page },
        };
    }

    public static JsonObject FailedError(JsonObject intent, JsonObject? method)
    {
        var isSetup = intent.Str("object") == "setup_intent";
        var error = new JsonObject
        {
            ["code"] = isSetup
                ? "setup_intent_authentication_failure"
                : "payment_intent_authentication_failure",
            ["message"] = "We are unable to authenticate your payment method. "
                + "Please choose a different payment method and try again.",
            ["type"] = isSetup ? "invalid_request_error" : "card_error",
        };
        if (method is not null)
            error["payment_method"] = method.Public();
        return error;
    }
}
