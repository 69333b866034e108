using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;

namespace VoxPact.Server.Webhooks;

/// <summary>An endpoint as its owner sees it, and the checks of what making and changing one share.</summary>
internal static class EndpointView
{
    private static readonly string[] TypeNames = [.. FactTypes.All.Select(row => row.Name)];

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
            FailedCount = dead,
            Secret = secret,
            OldSecretUntil = endpoint.OldSecret is not null && endpoint.OldSecretUntilUs > nowUs
            ? JobView.Time(endpoint.OldSecretUntilUs)
            : null,
            CreatedAt = JobView.Time(endpoint.CreatedUs),
        };

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
        if (types.Count == 0 || types.Any(type => !TypeNames.Contains(type)))
            errors.Add("types", $"types is null for all, or some of: {string.Join(", ", TypeNames)}.");
        return string.Join(',', types.Distinct());
    }

    public static string? Description(FieldErrors errors, string? text) =>
        errors.OptionalText("description", text, Limits.EndpointDescriptionChars);
}
