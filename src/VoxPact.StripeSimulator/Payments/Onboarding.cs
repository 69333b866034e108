using System.Text;
using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Resources;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Payments;

/// <summary>What becomes of a connected account when its owner has told Stripe who they are.</summary>
internal static class Onboarding
{
    /// <summary>Where payouts can go, and in which currency.</summary>
    public static readonly IReadOnlyDictionary<string, string> Countries =
        ("AT:eur BE:eur BG:eur CH:chf CY:eur CZ:czk DE:eur DK:dkk EE:eur ES:eur FI:eur FR:eur GB:gbp GR:eur "
            + "HR:eur HU:huf IE:eur IT:eur LT:eur LU:eur LV:eur MT:eur NL:eur NO:nok PL:pln PT:eur RO:ron "
            + "SE:sek SI:eur SK:eur US:usd")
            .Split(' ')
            .ToDictionary(pair => pair[..2], pair => pair[3..]);

    private static readonly string[] Wanted =
    [
        "business_profile.url", "business_type", "external_account", "individual.first_name",
        "individual.last_name", "tos_acceptance.date", "tos_acceptance.ip",
    ];

    public static JsonObject NewAccount(Session session, string type, string country)
    {
        var id = Ids.New("acct_", 16);
        return new JsonObject
        {
            ["id"] = id,
            ["object"] = "account",
            ["business_profile"] = new JsonObject
            {
                ["mcc"] = null,
                ["name"] = null,
                ["product_description"] = null,
                ["support_email"] = null,
                ["url"] = null,
            },
            ["business_type"] = null,
            ["capabilities"] = new JsonObject(),
            ["charges_enabled"] = false,
            ["controller"] = new JsonObject { ["is_controller"] = true, ["type"] = "application" },
            ["country"] = country,
            ["created"] = session.Now,
            ["default_currency"] = Countries[country],
            ["details_submitted"] = false,
            ["email"] = null,
            ["external_accounts"] = Json.EmptyList($"/v1/accounts/{id}/external_accounts"),
            ["future_requirements"] = NothingDue(),
            ["metadata"] = new JsonObject(),
            ["payouts_enabled"] = false,
            ["requirements"] = Requirements(Wanted, "requirements.past_due"),
            ["settings"] = new JsonObject
            {
                ["dashboard"] = new JsonObject { ["display_name"] = null, ["timezone"] = "Etc/UTC" },
                ["payouts"] = new JsonObject
                {
                    ["debit_negative_balances"] = true,
                    ["schedule"] = new JsonObject { ["delay_days"] = 7, ["interval"] = "daily" },
                    ["statement_descriptor"] = null,
                },
            },
            ["tos_acceptance"] = new JsonObject { ["date"] = null, ["ip"] = null, ["user_agent"] = null },
            ["type"] = type,
        };
    }

    /// <summary>
    /// Finishes onboarding. An account that is not verified has submitted its details, but can neither
    /// be paid nor charge: what Stripe does when a document is missing.
    /// </summary>
    public static void Complete(
        Session session, JsonObject account, string country, string legalName, string bankNumber,
        bool verified)
    {
        account["country"] = country;
        account["default_currency"] = Countries[country];
        account["business_type"] ??= "individual";
        account["details_submitted"] = true;
        account["charges_enabled"] = verified;
        account["payouts_enabled"] = verified;
        account["requirements"] = verified
            ? NothingDue()
            : Requirements(["individual.verification.document"], "requirements.past_due");
        foreach (var name in account["capabilities"]!.AsObject().Select(pair => pair.Key).ToList())
            account["capabilities"]![name] = verified ? "active" : "inactive";
        account["external_accounts"]!["data"] = new JsonArray(Bank(account, legalName, bankNumber));
        account["tos_acceptance"]!["date"] = session.Now;
        account["_bank_failure"] = Payouts.FailureOf(bankNumber);
        session.Save(account);
        session.Emit("account.updated", account, null, account.Id());
    }

    /// <summary>Checks an IBAN's check digits; in the United States, an account number's length.</summary>
    public static bool IsBankNumber(string country, string number)
    {
        if (country == "US")
            return number.Length is >= 4 and <= 17 && number.All(char.IsAsciiDigit);
        if (number.Length is < 15 or > 34 || !number.All(char.IsAsciiLetterOrDigit))
            return false;
        var remainder = 0;
        foreach (var c in number[4..] + number[..4])
        {
            var value = char.IsAsciiDigit(c) ? c - '0' : char.ToUpperInvariant(c) - 'A' + 10;
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
        }
        return remainder == 1;
    }

    private static JsonObject Bank(JsonObject account, string legalName, string number) => new()
    {
        ["id"] = Ids.New("ba_"),
        ["object"] = "bank_account",
        ["account"] = account.Id(),
        ["account_holder_name"] = legalName,
        ["account_holder_type"] = "individual",
        ["available_payout_methods"] = new JsonArray("standard"),
        ["bank_name"] = "STRIPE TEST BANK",
        ["country"] = account.Str("country"),
        ["currency"] = account.Str("default_currency"),
        ["default_for_currency"] = true,
        ["fingerprint"] = Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(number)))[..16],
        ["last4"] = number[^4..],
        ["metadata"] = new JsonObject(),
        ["routing_number"] = null,
        ["status"] = "new",
    };

    public static JsonObject NothingDue() => Requirements([], null);

    private static JsonObject Requirements(string[] due, string? disabled)
    {
        JsonArray List() => new([.. due.Select(name => (JsonNode)name)]);
        return new JsonObject
        {
            ["alternatives"] = new JsonArray(),
            ["current_deadline"] = null,
            ["currently_due"] = List(),
            ["disabled_reason"] = disabled,
            ["errors"] = new JsonArray(),
            ["eventually_due"] = List(),
            ["past_due"] = List(),
            ["pending_verification"] = new JsonArray(),
        };
    }
}
