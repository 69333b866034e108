using System.Globalization;
using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// What is asked of any JSON from outside before the rest of the domain touches it, so that nothing later
/// throws.
/// </summary>
internal static class JsonShape
{
    /// <summary>
    /// The first fault of <paramref name="root"/> as a pointer and a sentence, or null when there is none.
    /// </summary>
    public static (string Pointer, string Sentence)? Fault(JsonElement root)
    {
        try
        {
            return Fault(root, null, 0);
        }
        catch (InvalidOperationException)
        {
            // GetString answers half of a surrogate pair with this exception and offers no way to ask first.
            return ("", "A text in here holds half of a surrogate pair; send well-formed Unicode.");
        }
    }

    private static (string Pointer, string Sentence)? Fault(JsonElement element, JsonPath? path, int depth)
    {
        if (depth > Limits.JsonDepth)
            return (JsonPath.Render(path),
                $"This is nested deeper than {Limits.JsonDepth} levels; flatten it.");
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return ObjectFault(element, path, depth);
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    var at = new JsonPath(path, null, index++);
                    if (Fault(item, at, depth + 1) is { } inItem) return inItem;
                }
                return null;
            case JsonValueKind.String:
                _ = element.GetString();
                return null;
            case JsonValueKind.Number when element.GetRawText().Length > Limits.NumberChars:
                return (JsonPath.Render(path),
                    $"This number has more than {Limits.NumberChars} characters; send it as text.");
            default:
                return null;
        }
    }

    private static (string Pointer, string Sentence)? ObjectFault(
        JsonElement element, JsonPath? path, int depth)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            var at = new JsonPath(path, member.Name, 0);
            if (!names.Add(member.Name))
                return (JsonPath.Render(at), $"The member \"{member.Name}\" stands here twice; keep one.");
            if (Fault(member.Value, at, depth + 1) is { } fault) return fault;
        }
        return null;
    }
}

/// <summary>
/// A place inside a JSON document, written out as a pointer (RFC 6901) only when somebody must read it.
/// </summary>
internal sealed record JsonPath(JsonPath? Parent, string? Name, int Index)
{
    public static string Render(JsonPath? path) => path is null ? ""
        : Render(path.Parent) + "/" + (path.Name is null
            ? path.Index.ToString(CultureInfo.InvariantCulture)
            : Escape(path.Name));

    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
