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
        "An active agent has this name already; choose another name.");

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
        if (value.Length != 2 || !value.All(char.IsAsciiLetter))
            errors.Add("owner_country", "owner_country must be two letters (ISO 3166-1 alpha-2), such as DE.");
        return value.ToUpperInvariant();
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
