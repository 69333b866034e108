using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;

namespace VoxPact.Server.Webhooks;

/// <summary>An endpoint as its owner sees it, and the checks of what making and changing one share.</summary>
internal static class EndpointView
{
    public static WebhookEndpointResource Of(
        WebhookEndpoint endpoint, long? dead, long nowUs, string? secret = null) => new()
        {
            Id = Id.Format(Id.Endpoint, endpoint.Id),
            Url = endpoint.Url,
            Types = endpoint.Types?.Split(','),
            Description = endpoint.Description,
            Enabled = endpoint.IsOn,
            DisabledReason = endpoint.DisabledReason is { } reason ? WebhookEndpoint.Word(reason) : null,
            DisabledAt = JobView.Time(endpoint.DisabledUs),
            FailingSince = JobView.Time(endpoint.FailingSinceUs),
            RestingUntil = IsResting(endpoint, nowUs) ? JobView.Time(endpoint.RestUntilUs) : null,
            RestingReason = IsResting(endpoint, nowUs) && endpoint.RestReason is { } why
                ? WebhookEndpoint.Word(why)
                : null,
            FailedCount = dead,
            Secret = secret,
            OldSecretUntil = endpoint.OldSecret is not null && endpoint.OldSecretUntilUs > nowUs
            ? JobView.Time(endpoint.OldSecretUntilUs)
            : null,
            CreatedAt = JobView.Time(endpoint.CreatedUs),
        };

    private static bool IsResting(WebhookEndpoint endpoint, long nowUs) => endpoint.IsOn && endpoint.IsResting(nowUs);

    /// <summary>One that is switched off, as its owner's dashboard has it.</summary>
    public static DisabledWebhookEndpoint Disabled(WebhookEndpoint endpoint, long dead)
    {
        string id = Id.Format(Id.Endpoint, endpoint.Id);
        string found = endpoint.DisabledReason!.Value switch
        {
            EndpointOff.ByOwner => "You switched it off.",
            EndpointOff.Gone => "It answered 410, which asks for no more: correct its url, or remove it.",
            EndpointOff.Failing => "It took nothing for five days: "
                + $"GET /v1/webhook-endpoints/{id}/deliveries shows what it answered; repair it.",
        };
        string again = $" PATCH /v1/webhook-endpoints/{id} with {{\"enabled\": true}} switches it on, and what it was "
            + "not sent meanwhile is sent"
            + (dead == 0 ? "." : "; POST …/replay with {\"failed\": true} then sends again what it never took.");
        return new DisabledWebhookEndpoint
        {
            Id = id,
            Url = endpoint.Url,
            DisabledReason = WebhookEndpoint.Word(endpoint.DisabledReason.Value),
            DisabledAt = JobView.Time(endpoint.DisabledUs!.Value),
            FailedCount = dead,
            WhatToDo = found + again,
        };
    }

    public static string Url(FieldErrors errors, string value, AddressGuard addresses)
    {
        string url = errors.Text("url", value, Limits.UrlChars);
        if (url.Length > 0 && addresses.Check(url) is { } refusal)
            errors.Add("url", refusal.Sentence.Replace("webhook_url", "url", StringComparison.Ordinal));
        return url;
    }

    /// <summary>The names between commas; null for all types.</summary>
    public static string? Types(FieldErrors errors, IReadOnlyList<string>? types)
    {
        if (types is null) return null;
        if (types.Count == 0 || types.Any(type => !EventFilter.TypeNames.Contains(type)))
            errors.Add("types", $"types is null for all, or some of: {string.Join(", ", EventFilter.TypeNames)}.");
        return string.Join(',', types.Distinct());
    }

    public static string? Description(FieldErrors errors, string? text) =>
        errors.OptionalText("description", text, Limits.EndpointDescriptionChars);
}
