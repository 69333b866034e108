using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// The works that code can tell to be no work at all. Every rule looks at the whole of the work, so that a
/// real one which mentions an error, a placeholder or a sentence of the job is left to the judges.
/// </summary>
internal static class EmptyWork
{
    private const int RefusalChars = 400;
    private const int EchoChars = 20;

    private static readonly HashSet<string> Placeholders = new(StringComparer.Ordinal)
    {
        "todo", "to do", "tbd", "tba", "to be done", "to be determined", "to be announced", "fixme", "wip",
        "xxx",
        "work in progress", "placeholder", "placeholder text", "coming soon", "asdf", "asdfasdf", "asdfgh",
        "qwerty",
        "done", "finished", "completed", "task completed", "task complete", "task done", "job done",
        "job completed",
        "i am done", "the work is done", "the task is done", "your text here", "your answer here",
        "insert text here",
        "insert answer here", "text goes here", "content goes here", "answer goes here", "result goes here",
        "deliverable", "deliverable goes here", "undefined", "object object",
    };

    private static readonly string[] LoremWords =
        ("lorem ipsum dolor sit amet consectetur adipiscing adipisicing elit sed do eiusmod tempor "
        + "incididunt ut labore et dolore magna aliqua enim ad minim veniam quis nostrud exercitation "
        + "ullamco laboris nisi aliquip ex ea commodo consequat duis aute irure in reprehenderit voluptate "
        + "velit esse cillum eu fugiat nulla pariatur excepteur sint occaecat cupidatat non proident sunt culpa "
        + "qui officia "
        + "deserunt mollit anim id est laborum")
        .Split(' ');

    private static readonly string[] ModelRefusals =
    [
        "as an ai language model i cannot", "as an ai language model i can t",
        "as an ai language model i am unable",
        "as an ai i cannot", "as an ai i can t", "as an ai assistant i cannot", "as an ai assistant i can t",
        "as an ai language model i m not able", "as an ai language model i am not able",
        "i can t assist with that", "i cannot assist with that", "i can t help with that",
        "i cannot help with that",
    ];

    private static readonly string[] Openers =
        ["i m sorry ", "i am sorry ", "sorry ", "i apologize ", "my apologies ", "unfortunately ", "but "];

    private static readonly HashSet<string> ErrorMembers = new(StringComparer.OrdinalIgnoreCase)
    {
        "error", "handler", "message", "code", "status", "detail", "details", "type", "name", "success",
        "ok", "stack",
        "stacktrace", "stack_trace", "trace", "traceback", "timestamp", "job_id", "request_id",
    };

    public static string? Reason(Deliverable work, IReadOnlyList<string> jobTexts, bool hasFiles)
    {
        using JsonDocument? inText = work.Json is null ? ParseObject(work.Text) : null;
        JsonElement? json = work.Json ?? inText?.RootElement;
        var leaves = new List<string>();
        bool values = json is { } root && CollectLeaves(root, leaves);
        if (json is null) leaves.Add(work.Text);

        int visible = values ? 2 : leaves.Sum(CountVisible);
        if (visible == 0) return "The deliverable is empty: nothing in it is visible. Send the work itself.";
        if (visible == 1) return "The deliverable is a single character. Send the work itself.";
        if (json is { } shape && IsErrorShape(shape))
            return "The deliverable is the worker's own error report. Repair the cause and send the work.";

        List<string> words = [.. leaves.Select(Normalize).Where(static leaf => leaf.Length > 0)];
        if (!values && words.Count > 0 && words.All(Placeholders.Contains))
            return "The deliverable is a placeholder. Send the work itself.";
        string all = string.Join(' ', words);
        List<string> job = [.. jobTexts.Select(Normalize).Where(static text => text.Length > 0)];
        if (!values && IsLorem(all)
            && !job.Any(static text => text.Contains("lorem", StringComparison.Ordinal)))
            return "The deliverable is filler text (lorem ipsum). Send the work itself.";
        if (!values && IsModelRefusal(all, job))
            return "The deliverable is a model's refusal to do the task, not the work. Send the work itself.";
        if (!values && json is null && !hasFiles && StubWork.Reason(work.Text, job) is { } stub) return stub;
        return !values && IsEcho(all, job)
            ? "The deliverable repeats the job's own text. Send the work that the job asks for."
            : null;
    }

    private static JsonDocument? ParseObject(string text)
    {
        string bare = text.Trim().Trim('`').Trim();
        if (bare.StartsWith("json", StringComparison.OrdinalIgnoreCase)) bare = bare[4..].Trim();
        if (!bare.StartsWith('{')) return null;
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bare);
            if (JsonShape.Fault(document.RootElement) is null) return document;
        }
        catch (JsonException)
        {
            // Text that begins with a brace and is no JSON is text.
        }
        document?.Dispose();
        return null;
    }

    /// <summary>
    /// Collects every text of the work; answers whether it also holds a number or a truth value.
    /// </summary>
    private static bool CollectLeaves(JsonElement element, List<string> leaves)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return element.EnumerateObject()
                    .Aggregate(false, (found, member) => CollectLeaves(member.Value, leaves) | found);
            case JsonValueKind.Array:
                return element.EnumerateArray()
                    .Aggregate(false, (found, item) => CollectLeaves(item, leaves) | found);
            case JsonValueKind.String:
                leaves.Add(element.GetString()!);
                return false;
            default:
                return element.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;
        }
    }

    /// <summary>
    /// How many characters a reader would see, counted up to 2; the same one repeated counts once.
    /// </summary>
    private static int CountVisible(string text)
    {
        Rune? first = null;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!InvisibleText.IsVisible(rune)) continue;
            if (first is null) first = rune;
            else if (first != rune) return 2;
        }
        return first is null ? 0 : 1;
    }

    private static bool IsErrorShape(JsonElement work)
    {
        bool error = false;
        foreach (JsonProperty member in work.EnumerateObject())
        {
            if (!ErrorMembers.Contains(member.Name)) return false;
            error |= member.Name.Equals("error", StringComparison.OrdinalIgnoreCase)
                && member.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False);
        }
        return error;
    }

    /// <summary>Lower-case words with single spaces: punctuation and everything invisible is gone.</summary>
    internal static string Normalize(string text)
    {
        var normal = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.MathSymbol)
                normal.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (InvisibleText.IsVisible(rune) || Rune.IsWhiteSpace(rune))
                if (normal.Length > 0 && normal[^1] != ' ') normal.Append(' ');
        }
        return normal.ToString().TrimEnd();
    }

    private static bool IsLorem(string work)
    {
        if (!work.Contains("lorem ipsum", StringComparison.Ordinal)) return false;
        string[] words = work.Split(' ');
        return words.Count(word => LoremWords.Contains(word)) * 2 > words.Length;
    }

    /// <summary>
    /// The work opens with a refusal: one that quotes such a sentence further on is work about it.
    /// </summary>
    private static bool IsModelRefusal(string work, List<string> job)
    {
        if (work.Length > RefusalChars) return false;
        foreach (string opener in Openers)
            if (work.StartsWith(opener, StringComparison.Ordinal)) work = work[opener.Length..];
        return ModelRefusals.Any(refusal => work.StartsWith(refusal, StringComparison.Ordinal)
            && !job.Any(text => text.Contains(refusal, StringComparison.Ordinal)));
    }

    /// <summary>
    /// The work is one of the job's texts, all of them, or nearly all of one with next to nothing added.
    /// </summary>
    private static bool IsEcho(string work, List<string> job)
    {
        if (!work.Contains(' ')) return false;
        string together = string.Join(' ', job);
        foreach (string text in job.Append(together))
        {
            if (work == text) return true;
            if (text.Length < EchoChars || work.Length < EchoChars) continue;
            bool repeats = work.Contains(text, StringComparison.Ordinal)
                && text.Length * 10 >= work.Length * 9;
            bool cuts = text.StartsWith(work, StringComparison.Ordinal)
                && work.Length * 10 >= text.Length * 9;
            if (repeats || cuts) return true;
        }
        return false;
    }
}
