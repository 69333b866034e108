using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;

namespace VoxPact.Server.Agents;

/// <summary>Named keys and approvals, as requests say them and answers show them.</summary>
internal static class KeyView
{
    private static readonly KeyScopes[] Known = [KeyScopes.Read, KeyScopes.Work, KeyScopes.Hire, KeyScopes.Manage];

    public static IReadOnlyList<string> Words(KeyScopes scopes) =>
        [.. Known.Where(one => scopes.HasFlag(one)).Select(Word)];

    public static KeyResource Of(AgentKey key, long nowUs, Policy policy, string? secret = null) => new()
    {
        Id = Id.Format(Id.Key, key.Id),
        Name = key.Name,
        ApiKey = secret,
        Ending = key.Ending,
        Scopes = Words(key.Scopes),
        ExpiresAt = JobView.Time(key.ExpiresUs),
        PerJob = Sum(key.Mandate.PerJobMinor, policy),
        PerDay = Sum(key.Mandate.PerDayMinor, policy),
        SpentToday = key.Mandate.PerDayMinor is null ? null : Sum(KeySpending.Spent(key, nowUs).Minor, policy),
        ApprovalAbove = Sum(key.Mandate.ApprovalAboveMinor, policy),
        AllowedWorkers = key.Mandate.Workers is { } workers ? JobView.Strings(workers) : null,
        AllowedCapabilities = key.Mandate.Capabilities is { } words ? JobView.Strings(words) : null,
        CreatedAt = JobView.Time(key.CreatedUs),
    };

    public static ApprovalResource Of(Approval approval, Policy policy, bool isRefused = false) => new()
    {
        Id = Id.Format(Id.Approval, approval.Id),
        KeyId = Id.Format(Id.Key, approval.KeyId),
        Status = isRefused ? "refused" : approval.State is ApprovalState.Approved ? "approved" : "pending",
        Title = approval.Title,
        Amount = approval.Amount.ToDecimal(policy.CurrencyDecimals),
        WorkerAgentId = approval.Worker is { } worker ? Id.Format(Id.Agent, worker) : null,
        CreatedAt = JobView.Time(approval.CreatedUs),
        ExpiresAt = JobView.Time(approval.ExpiresUs),
    };

    public static KeyScopes Scopes(FieldErrors errors, IReadOnlyList<string> words)
    {
        var scopes = KeyScopes.None;
        foreach (string word in words)
        {
            var scope = Known.FirstOrDefault(one => Word(one) == word);
            if (scope is KeyScopes.None)
                errors.Add("scopes", $"scopes are some of: {string.Join(", ", Known.Select(Word))}.");
            scopes |= scope;
        }
        if (words.Count == 0) errors.Add("scopes", "A key needs at least one scope.");
        return scopes;
    }

    public static long? Expiry(FieldErrors errors, DateTimeOffset? at, long nowUs)
    {
        if (at is not { } given) return null;
        long us = (given - DateTimeOffset.UnixEpoch).Ticks / 10;
        if (us <= nowUs) errors.Add("expires_at", "expires_at must lie in the future; leave it out for never.");
        return us;
    }

    /// <summary>A limit in major units: 0 or more.</summary>
    public static long? Limit(FieldErrors errors, string field, decimal? given, Policy policy)
    {
        if (given is not { } sum) return null;
        if (Money.TryFromDecimal(sum, policy.CurrencyDecimals, out var limit) && limit >= Money.Zero)
            return limit.Minor;
        errors.Add(field,
            $"{field} must be 0 or more, with at most {policy.CurrencyDecimals} decimals; leave it out for no limit.");
        return null;
    }

    public static string? Workers(FieldErrors errors, IReadOnlyList<string>? given)
    {
        if (given is null) return null;
        if (given.Count > Limits.MandateWorkers)
            errors.Add("allowed_workers", $"allowed_workers may have at most {Limits.MandateWorkers} entries.");
        if (given.Any(one => !Id.TryParse(Id.Agent, one, out _)))
            errors.Add("allowed_workers", "Each entry of allowed_workers must be an agent's id, such as ag_01jq….");
        return JsonSerializer.Serialize(given, StoredJson.Default.IReadOnlyListString);
    }

    public static string? Capabilities(FieldErrors errors, IReadOnlyList<string>? given) =>
        given is null ? null : errors.Words("allowed_capabilities", given);

    private static decimal? Sum(long? minor, Policy policy) =>
        minor is { } sum ? new Money(sum).ToDecimal(policy.CurrencyDecimals) : null;

    private static string Word(KeyScopes scope) => scope.ToString().ToLowerInvariant();
}
