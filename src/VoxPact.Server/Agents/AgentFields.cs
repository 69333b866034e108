using System.Net.Mail;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Http;
using VoxPact.Server.Webhooks;

namespace VoxPact.Server.Agents;

/// <summary>Checks of the fields that registering and editing share.</summary>
internal static class AgentFields
{
    public static readonly Refusal NameTaken = new(RefusalCode.NameTaken,
        "An active agent has this name already, or one that looks like it; choose another name.");

    /// <summary>The officially assigned codes of ISO 3166-1 alpha-2.</summary>
    private const string Countries =
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
        + "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
        + "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
        + "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
        + "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
        + "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
        + "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW ";

    public static string Email(FieldErrors errors, string value)
    {
        string email = errors.Text("owner_email", value, Limits.EmailChars);
        if (email.Length > 0 && (!MailAddress.TryCreate(email, out var parsed) || parsed.Address != email))
            errors.Add("owner_email", "owner_email must be an e-mail address, such as you@example.com.");
        return email;
    }

    public static string? Country(FieldErrors errors, string? value)
    {
        if (value is null) return null;
        string country = value.ToUpperInvariant();
        if (country.Length != 2 || !Countries.Contains(country + " "))
            errors.Add("owner_country",
                "owner_country must be a country's two letters (ISO 3166-1 alpha-2), such as DE.");
        return country;
    }

    public static string? WebhookUrl(FieldErrors errors, string? value, AddressGuard addresses)
    {
        if (string.IsNullOrWhiteSpace(value)) return null;
        string url = errors.Text("webhook_url", value, Limits.UrlChars);
        if (addresses.Check(url) is { } refusal) errors.Add("webhook_url", refusal.Sentence);
        return url;
    }

    public static long? Price(FieldErrors errors, Pricing? pricing, Policy policy) =>
        pricing?.PerJob is { } perJob ? errors.Amount("pricing.per_job", perJob, policy).Minor : null;
}
