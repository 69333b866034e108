using System.Globalization;
using Microsoft.Extensions.Primitives;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;

namespace VoxPact.Server.Http;

/// <summary>
/// Reads a request's query parameters and collects what is wrong with them. A bad value is refused, since
/// guessing would answer another question; unknown names the route table has refused before.
/// </summary>
/// <example><code>
/// var query = new Query(http.Request);
/// int limit = query.Limit();
/// IReadOnlyList&lt;string&gt; statuses = query.Words("status", JobWords.Statuses);
/// if (query.Refusal is { } refusal) return refusal;
/// </code></example>
internal sealed class Query(HttpRequest request)
{
    private const int ListItems = 50;

    private Dictionary<string, string[]>? _errors;

    /// <summary>
    /// Everything that was wrong with the parameters asked for so far; null when nothing was.
    /// </summary>
    public Refusal? Refusal => _errors is null ? null : Refusal.Invalid(_errors);

    /// <summary>The size of a page: 1 to 100, and 50 when none is given.</summary>
    public int Limit()
    {
        if (Single("limit") is not { } text) return Limits.PageDefault;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit)
            && limit is >= 1 and <= Limits.PageMax) return limit;
        Wrong("limit", $"limit is a whole number from 1 to {Limits.PageMax}.");
        return Limits.PageDefault;
    }

    /// <summary>
    /// Words separated by commas, all of them among the allowed; empty when the parameter is absent.
    /// </summary>
    public IReadOnlyList<string> Words(string name, IReadOnlyCollection<string> allowed)
    {
        if (Single(name) is not { } text) return [];
        string[] words = text.Split(',');
        foreach (string word in words)
        {
            if (allowed.Contains(word)) continue;
            Wrong(name, $"{name} takes these words, separated by commas: {string.Join(", ", allowed)}.");
            return [];
        }
        return [.. words.Distinct()];
    }

    /// <summary>
    /// Free words separated by commas, each of 1 to <paramref name="maxChars"/> characters.
    /// </summary>
    public IReadOnlyList<string> List(string name, int maxChars)
    {
        if (Single(name) is not { } text) return [];
        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        if (words.Length <= ListItems && words.All(word => word.Length > 0 && word.Length <= maxChars))
            return [.. words.Distinct()];
        Wrong(name, $"{name} takes at most {ListItems} words of 1 to {maxChars} characters, between commas.");
        return [];
    }

    /// <summary>Capabilities under either name, each once in the form in which they are compared.</summary>
    public IReadOnlyList<string> Capabilities() =>
        [.. List("capabilities", Limits.CapabilityChars).Concat(List("capability", Limits.CapabilityChars))
            .Select(Capability.Fold).Distinct()];

    /// <summary>A typed id such as <c>job_…</c>; null when absent.</summary>
    public Guid? Id(string name, string prefix)
    {
        if (Single(name) is not { } text) return null;
        if (Domain.Id.TryParse(prefix, text, out var id)) return id;
        Wrong(name, $"{name} is an id such as {prefix}_01jq….");
        return null;
    }

    /// <summary>Free text of at most <paramref name="maxChars"/> characters; null when absent.</summary>
    public string? Text(string name, int maxChars)
    {
        if (Single(name) is not { } text) return null;
        if (text.Length <= maxChars) return text;
        Wrong(name, $"{name} has at most {maxChars} characters.");
        return null;
    }

    /// <summary>An amount in major units, read as exactly as in a body; null when absent.</summary>
    public decimal? Amount(string name)
    {
        if (Single(name) is not { } text) return null;
        if (text.Length <= AmountConverter.MaxDigits + 1
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out decimal amount)) return amount;
        Wrong(name, $"{name} is a number such as 0.10.");
        return null;
    }

    /// <summary>A sum in minor units, with at most the currency's decimals; null when absent.</summary>
    public long? Minor(string name, Policy policy)
    {
        if (Amount(name) is not { } amount) return null;
        if (Money.TryFromDecimal(amount, policy.CurrencyDecimals, out var money)) return money.Minor;
        Wrong(name, $"{name} may have at most {policy.CurrencyDecimals} decimals.");
        return null;
    }

    /// <summary>
    /// A trust score from 0 to 100; a share of one, such as 0.8, means 80. 0 when absent.
    /// </summary>
    public int Trust(string name)
    {
        if (Single(name) is not { } text) return 0;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal given)
            && text.Length <= AmountConverter.MaxDigits)
        {
            given = OutOf100(given);
            if (given <= 100) return (int)decimal.Ceiling(given);
        }
        Wrong(name, $"{name} is a number from 0 to 100, or a share such as 0.8.");
        return 0;
    }

    /// <summary>A trust score as it is meant: what is written as a share of one counts out of 100.</summary>
    public static decimal OutOf100(decimal given) => given.Scale > 0 && given <= 1 ? given * 100 : given;

    /// <summary>
    /// The item to continue after; null when absent. The answer to a cursor of another list is a 400.
    /// </summary>
    public Guid? After(Cursor cursors, Guid agentId, string filter)
    {
        if (Single("cursor") is not { } text) return null;
        if (cursors.TryDecode(agentId, filter, text, out Guid last)) return last;
        Wrong("cursor", "cursor is the next_cursor of an answer to the same agent with the same filter.");
        return null;
    }

    /// <summary>The place where a search goes on; null when absent.</summary>
    public SearchPlace? SearchPlace(Cursor cursors, string filter)
    {
        if (Single("cursor") is not { } text) return null;
        if (cursors.TryDecode(filter, text, out SearchPlace place)) return place;
        Wrong("cursor", "cursor is the next_cursor of an answer to the same search.");
        return null;
    }

    /// <summary>The place to continue after among the agent's events; null when absent.</summary>
    public InboxPlace? Place(Cursor cursors, Guid agentId)
    {
        if (Single("after") is not { } text) return null;
        if (cursors.TryDecode(agentId, text, out InboxPlace place)) return place;
        Wrong("after",
            "after is the next_cursor of an answer, or the id of an event in the stream, to the same agent.");
        return null;
    }

    /// <summary>How long to wait for something to tell; not at all when absent.</summary>
    public TimeSpan Wait()
    {
        if (Single("wait") is not { } text) return TimeSpan.Zero;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && seconds <= Limits.LongPollSeconds) return TimeSpan.FromSeconds(seconds);
        Wrong("wait", $"wait is a whole number of seconds from 0 to {Limits.LongPollSeconds}.");
        return TimeSpan.Zero;
    }

    private string? Single(string name)
    {
        StringValues values = request.Query[name];
        if (values.Count == 0) return null;
        string text = values[0] ?? "";
        if (values.Count > 1) Wrong(name, $"{name} is given more than once.");
        else if (text.AsSpan().ContainsAnyInRange('\0', '\x1F'))
            Wrong(name, $"{name} has control characters.");
        else return text;
        return null;
    }

    private void Wrong(string name, string sentence) => (_errors ??= [])[name] = [sentence];
}
