using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// One text per JSON value: no white space, members in ordinal order, only the escapes that JSON demands.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>
    /// Writes <paramref name="element"/>. Numbers keep the sender's spelling, or with <paramref
    /// name="byValue"/> get
    /// one spelling per value, so that equal texts mean equal values.
    /// </summary>
    public static string Write(JsonElement element, bool byValue)
    {
        var text = new StringBuilder();
        Write(element, byValue, text);
        return text.ToString();
    }

    /// <summary>A text as a JSON string.</summary>
    public static string Quote(string value)
    {
        var text = new StringBuilder(value.Length + 2);
        WriteString(value, text);
        return text.ToString();
    }

    private static void Write(JsonElement element, bool byValue, StringBuilder text)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, byValue, text);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                bool first = true;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    if (!first) text.Append(',');
                    first = false;
                    Write(item, byValue, text);
                }
                text.Append(']');
                break;
            case JsonValueKind.String:
                WriteString(element.GetString()!, text);
                break;
            case JsonValueKind.Number:
                text.Append(byValue ? JsonNumber.Of(element).ToString() : element.GetRawText());
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static void WriteObject(JsonElement element, bool byValue, StringBuilder text)
    {
        JsonProperty[] members = [.. element.EnumerateObject()];
        Array.Sort(members, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        text.Append('{');
        for (int i = 0; i < members.Length; i++)
        {
            if (i > 0) text.Append(',');
            WriteString(members[i].Name, text);
            text.Append(':');
            Write(members[i].Value, byValue, text);
        }
        text.Append('}');
    }

    private static void WriteString(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (char c in value)
        {
            switch (c)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: text.Append(c); break;
            }
        }
        text.Append('"');
    }
}
