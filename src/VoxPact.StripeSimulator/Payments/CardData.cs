using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Payments;

/// <summary>A card as somebody typed it, checked the way Stripe checks it before it asks a bank.</summary>
internal sealed record CardData(TestCard Card, int ExpMonth, int ExpYear, bool HasCvc)
{
    public static CardData Test(TestCard card, long now)
        => new(card, 12, DateTimeOffset.FromUnixTimeSeconds(now).Year + 3, true);

    public static CardData Read(Params card, long now)
    {
        if (card.Text("token") is { } token)
            return Test(
                TestCard.Behind(token) ?? throw Fault.NoSuch("token", token, card.Full("token")), now);
        var number = card.Required("number").Replace(" ", "", StringComparison.Ordinal)
            .Replace("-", "", StringComparison.Ordinal);
        var param = card.Full("number");
        if (number.Length is < 12 or > 19 || !number.All(char.IsAsciiDigit))
            throw Fault.Card("invalid_number", "The card number is not a valid credit card number.", param);
        if (!TestCard.PassesLuhn(number))
            throw Fault.Card("incorrect_number", "Your card number is incorrect.", param);
        var (month, year) = Expiry(card, now);
        var hasCvc = card.Text("cvc") is { } cvc && CheckCvc(cvc, number, card);
        var known = TestCard.WithNumber(number)
            ?? new TestCard(number, null, CardRule.Decline, "test_mode_live_card");
        return new CardData(known, month, year, hasCvc);
    }

    /// <summary>A card is good until the end of its last month.</summary>
    public static bool IsExpired(JsonObject method, long now)
    {
        var card = method["card"]!.AsObject();
        var today = DateTimeOffset.FromUnixTimeSeconds(now);
        return card.Num("exp_year") * 12 + card.Num("exp_month") < today.Year * 12L + today.Month;
    }

    public JsonObject ToJson(Session session) => new()
    {
        ["brand"] = Card.Brand,
        ["checks"] = new JsonObject
        {
            ["address_line1_check"] = null,
            ["address_postal_code_check"] = null,
            ["cvc_check"] = HasCvc ? "pass" : null,
        },
        ["country"] = Card.Country,
        ["display_brand"] = Card.Brand == "amex" ? "american_express" : Card.Brand,
        ["exp_month"] = ExpMonth,
        ["exp_year"] = ExpYear,
        ["fingerprint"] = Fingerprint(session.FingerprintSalt),
        ["funding"] = Card.Funding,
        ["generated_from"] = null,
        ["last4"] = Card.Last4,
        ["networks"] = new JsonObject
        {
            ["available"] = new JsonArray(Card.Brand),
            ["preferred"] = null,
        },
        ["three_d_secure_usage"] = new JsonObject { ["supported"] = true },
        ["wallet"] = null,
    };

    private string Fingerprint(string salt)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}:{Card.Number}"));
        return Convert.ToBase64String(hash).Replace('+', 'x').Replace('/', 'y')[..16];
    }

    private static (int Month, int Year) Expiry(Params card, long now)
    {
        card.Required("exp_month");
        card.Required("exp_year");
        var month = card.Integer("exp_month")!.Value;
        var year = card.Integer("exp_year")!.Value;
        if (year is >= 0 and < 100)
            year += 2000;
        if (month is < 1 or > 12)
            throw Fault.Card(
                "invalid_expiry_month", "Your card's expiration month is invalid.", card.Full("exp_month"));
        var today = DateTimeOffset.FromUnixTimeSeconds(now);
        if (year < today.Year || year > today.Year + 50)
            throw Fault.Card(
                "invalid_expiry_year", "Your card's expiration year is invalid.", card.Full("exp_year"));
        if (year == today.Year && month < today.Month)
            throw Fault.Card(
                "invalid_expiry_month", "Your card's expiration month is invalid.", card.Full("exp_month"));
        return ((int)month, (int)year);
    }

    private static bool CheckCvc(string cvc, string number, Params card)
    {
        var length = number.StartsWith('3') && number.Length == 15 ? 4 : 3;
        if (cvc.All(char.IsAsciiDigit) && (cvc.Length == length || (length == 4 && cvc.Length == 3)))
            return true;
        throw Fault.Card("invalid_cvc", "Your card's security code is invalid.", card.Full("cvc"));
    }
}
