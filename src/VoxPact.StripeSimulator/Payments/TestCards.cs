namespace VoxPact.StripeSimulator.Payments;

/// <summary>What a test card makes happen.</summary>
internal enum CardRule
{
    Approve,

    /// <summary>Declines at once: when charged, set up or attached.</summary>
    Decline,

    /// <summary>Can be saved, and declines when it is charged.</summary>
    DeclineWhenCharged,

    /// <summary>Asks for authentication unless it was set up for off-session use before.</summary>
    AuthenticateUnlessSetUp,

    /// <summary>Asks for authentication every time.</summary>
    AuthenticateAlways,

    /// <summary>Asks for authentication, and every charge declines even so.</summary>
    AuthenticateThenDecline,

    /// <summary>Approved, and the money skips the pending balance.</summary>
    AvailableAtOnce,

    /// <summary>Approved, and a refund fails some time after it was made.</summary>
    RefundFails,

    /// <summary>Approved, and a refund is pending for some time before it succeeds.</summary>
    RefundWaits,
}

internal sealed record TestCard(string Number, string? Alias, CardRule Rule, string? Decline = null)
{
    public string Country { get; init; } = "US";

    public string Funding { get; init; } = "credit";

    /// <summary>The reason for which every charge is disputed at once; null for none.</summary>
    public string? Dispute { get; init; }

    /// <summary>
    /// The cards Stripe publishes for testing; any other number is refused as a real one would be.
    /// </summary>
    public static readonly TestCard[] All =
    [
        new("4242424242424242", "visa", CardRule.Approve),
        new("4012888888881881", null, CardRule.Approve),
        new("4111111111111111", null, CardRule.Approve),
        new("4000056655665556", "visa_debit", CardRule.Approve) { Funding = "debit" },
        new("5555555555554444", "mastercard", CardRule.Approve),
        new("2223003122003222", null, CardRule.Approve),
        new("5200828282828210", "mastercard_debit", CardRule.Approve) { Funding = "debit" },
        new("5105105105105100", "mastercard_prepaid", CardRule.Approve) { Funding = "prepaid" },
        new("378282246310005", "amex", CardRule.Approve),
        new("371449635398431", null, CardRule.Approve),
        new("6011111111111117", "discover", CardRule.Approve),
        new("3056930009020004", "diners", CardRule.Approve),
        new("3566002020360505", "jcb", CardRule.Approve),
        new("6200000000000005", "unionpay", CardRule.Approve) { Country = "CN" },
        new("4000002760000016", "de", CardRule.Approve) { Country = "DE" },
        new("4000002500000003", "fr", CardRule.Approve) { Country = "FR" },
        new("4000000400000008", "at", CardRule.Approve) { Country = "AT" },
        new("4000008260000000", "gb", CardRule.Approve) { Country = "GB" },
        new("4000000000000077", "bypassPending", CardRule.AvailableAtOnce),
        new("4000000000000002", "visa_chargeDeclined", CardRule.Decline, "generic_decline"),
        new("4000000000009995", "visa_chargeDeclinedInsufficientFunds", CardRule.Decline,
            "insufficient_funds"),
        new("4000000000009987", "visa_chargeDeclinedLostCard", CardRule.Decline, "lost_card"),
        new("4000000000009979", "visa_chargeDeclinedStolenCard", CardRule.Decline, "stolen_card"),
        new("4000000000000069", "chargeDeclinedExpiredCard", CardRule.Decline, "expired_card"),
        new("4000000000000127", "chargeDeclinedIncorrectCvc", CardRule.Decline, "incorrect_cvc"),
        new("4000000000000119", "chargeDeclinedProcessingError", CardRule.Decline, "processing_error"),
        new("4000000000006975", "visa_chargeDeclinedVelocityLimitExceeded", CardRule.Decline,
            "card_velocity_exceeded"),
        new("4100000000000019", "radarBlock", CardRule.DeclineWhenCharged, "fraudulent"),
        new("4000000000000341", "chargeCustomerFail", CardRule.DeclineWhenCharged, "generic_decline"),
        new("4000002500003155", "authenticationRequiredOnSetup", CardRule.AuthenticateUnlessSetUp)
            { Country = "FR" },
        new("4000002760003184", "authenticationRequired", CardRule.AuthenticateAlways) { Country = "DE" },
        new("4000000000003220", "threeDSecure2Required", CardRule.AuthenticateAlways),
        new("4000008400001629", "threeDSecureRequiredChargeDeclined", CardRule.AuthenticateThenDecline,
            "generic_decline"),
        new("4000008260003178", "authenticationRequiredChargeDeclinedInsufficientFunds",
            CardRule.AuthenticateThenDecline, "insufficient_funds") { Country = "GB" },
        new("4000000000005126", "refundFail", CardRule.RefundFails),
        new("4000000000007726", "pendingRefund", CardRule.RefundWaits),
        new("4000000000000259", "createDispute", CardRule.Approve) { Dispute = "fraudulent" },
        new("4000000000002685", "createDisputeProductNotReceived", CardRule.Approve)
            { Dispute = "product_not_received" },
        new("4000000000001976", "createDisputeInquiry", CardRule.Approve) { Dispute = "inquiry" },
    ];

    private static readonly Dictionary<string, TestCard> ByNumber = All.ToDictionary(card => card.Number);

    private static readonly Dictionary<string, TestCard> ByAlias = All
        .Where(card => card.Alias is not null)
        .SelectMany(card => Aliases(card.Alias!).Select(alias => (alias, card)))
        .ToDictionary(pair => pair.alias, pair => pair.card);

    public string Brand => Number switch
    {
        ['4', ..] => "visa",
        ['5' or '2', ..] => "mastercard",
        ['3', '4' or '7', ..] => "amex",
        ['6', '0', ..] => "discover",
        ['3', '0', ..] => "diners",
        ['3', '5', ..] => "jcb",
        _ => "unionpay",
    };

    public string Last4 => Number[^4..];

    public static TestCard? WithNumber(string number) => ByNumber.GetValueOrDefault(number);

    /// <summary>The card behind an id such as <c>pm_card_visa</c> or <c>tok_visa</c>.</summary>
    public static TestCard? Behind(string id)
    {
        foreach (var prefix in (string[])["pm_card_", "tok_"])
            if (id.StartsWith(prefix, StringComparison.Ordinal))
                return ByAlias.GetValueOrDefault(id[prefix.Length..]);
        return null;
    }

    public static bool PassesLuhn(string number)
    {
        var sum = 0;
        for (var i = 0; i < number.Length; i++)
        {
            var digit = number[^(i + 1)] - '0';
            if (i % 2 == 1)
                digit = digit > 4 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    private static IEnumerable<string> Aliases(string alias)
    {
        yield return alias;
        // Stripe kept the older ids without the brand when it added the newer ones.
        if (alias.StartsWith("visa_charge", StringComparison.Ordinal))
            yield return alias["visa_".Length..];
        else if (alias.StartsWith("charge", StringComparison.Ordinal) && alias != "chargeCustomerFail")
            yield return "visa_" + alias;
    }
}
