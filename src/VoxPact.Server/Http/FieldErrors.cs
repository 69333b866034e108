using System.Text;
using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Http;

/// <summary>
/// Checks a request's fields one by one and gathers every complaint, so that one answer names them all.
/// </summary>
internal sealed class FieldErrors
{
    private readonly SortedDictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public Refusal? Refusal => _errors.Count == 0 ? null : Domain.Refusal.Invalid(_errors);

    public void Add(string field, params string[] sentences) =>
        _errors[field] = _errors.TryGetValue(field, out string[]? known) ? [.. known, .. sentences] : sentences;

    public string Text(string field, string? value, int maxChars)
    {
        string text = value?.Trim() ?? "";
        if (text.Length == 0) Add(field, $"{field} must not be empty.");
        if (text.Length > maxChars) Add(field, $"{field} may have at most {maxChars} characters.");
        return text;
    }

    public string? OptionalText(string field, string? value, int maxChars) =>
        string.IsNullOrWhiteSpace(value) ? null : Text(field, value, maxChars);

    public int Range(string field, int value, int least, int most)
    {
        if (value < least || value > most) Add(field, $"{field} must be a whole number from {least} to {most}.");
        return value;
    }

    public string OneOf(string field, string value, params string[] allowed)
    {
        if (!allowed.Contains(value)) Add(field, $"{field} must be one of: {string.Join(", ", allowed)}.");
        return value;
    }

    public Money Amount(string field, decimal value, Policy policy)
    {
        if (!Money.TryFromDecimal(value, policy.CurrencyDecimals, out var money))
            Add(field,
                $"{field} may have at most {policy.CurrencyDecimals} decimals in "
                + $"{policy.Currency.ToUpperInvariant()}.");
        else if (money <= Money.Zero || money > policy.MaxAmount)
            Add(field, $"{field} must be above 0 and at most {policy.Show(policy.MaxAmount)}.");
        return money;
    }

    /// <summary>A JSON object, kept as it was sent.</summary>
    public string? Object(string field, JsonElement? value, int maxBytes)
    {
        if (value is not { } json || json.ValueKind is JsonValueKind.Null) return null;
        if (json.ValueKind is not JsonValueKind.Object) Add(field, $"{field} must be a JSON object.");
        string raw = json.GetRawText();
        if (Encoding.UTF8.GetByteCount(raw) > maxBytes) Add(field, $"{field} may have at most {maxBytes} bytes.");
        return raw;
    }

    /// <summary>A list of short words, as the JSON array that is stored.</summary>
    public string Words(string field, IReadOnlyList<string> values)
    {
        if (values.Count > Limits.Capabilities) Add(field, $"{field} may have at most {Limits.Capabilities} entries.");
        var kept = new List<string>();
        foreach (string value in values)
        {
            string word = value?.Trim() ?? "";
            if (word.Length is 0 or > Limits.CapabilityChars)
            {
                Add(field, $"Each entry of {field} needs 1 to {Limits.CapabilityChars} characters.");
                break;
            }
            if (word.EnumerateRunes().Any(rune => Rune.IsControl(rune) || InvisibleText.IsHidden(rune)))
            {
                Add(field, $"{field} must not hold control, invisible or direction-changing characters.");
                break;
            }
            if (!kept.Contains(word, Capability.Same)) kept.Add(word);
        }
        return JsonSerializer.Serialize([.. kept], StoredJson.Default.StringArray);
    }
}
