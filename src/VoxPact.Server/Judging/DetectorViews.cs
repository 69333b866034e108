using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Judging;

/// <summary>
/// The ways in which a model might read a text that a plain search would not: without hidden characters and
/// look-alikes,
/// unescaped, spelt out, decoded.
/// </summary>
internal static partial class DetectorViews
{
    private const int MaxTokens = 50;
    private const int MaxViews = 12;

    /// <summary>Different views of the text, the plain one first.</summary>
    public static List<string> Of(string text)
    {
        string plain = Plain(text);
        var views = new List<string> { plain };
        Add(LookAlikeLetters.Fold(plain));
        // A sentence that is broken over lines is one to its reader.
        if (plain.Contains('\n')) Add(WhiteSpace().Replace(plain, " "));
        if (plain.Contains('&')) Add(WebUtility.HtmlDecode(plain));
        if (plain.Contains('%')) Add(Uri.UnescapeDataString(plain));
        if (plain.Contains('\\')) Add(Unescape(plain));
        if (SpacedOut().IsMatch(plain)) Add(SpacedOut().Replace(plain, static m => Squeeze(m.Value)));
        if (plain.IndexOfAny(['0', '1', '3', '4', '5', '7', '@', '$']) >= 0) Add(Unleet(plain));
        Add(Rot13(plain));
        Add(new string([.. plain.Reverse()]));
        if (Leaves(text) is { Count: > 1 } leaves)
        {
            // What is split over the fields of an object is read in one piece too, with and without spaces.
            // Twice over: members are kept in the order of their names, so a sentence may begin behind its end.
            Add(Plain(string.Join(' ', leaves.Concat(leaves))));
            Add(Plain(string.Concat(leaves.Concat(leaves))));
        }
        foreach (string decoded in Decoded(plain).Take(MaxViews)) Add(decoded);
        return views;

        void Add(string view)
        {
            if (!views.Contains(view)) views.Add(view);
        }
    }

    /// <summary>
    /// Hidden characters gone, letters in disguise (full width, mathematical, circled) made plain.
    /// </summary>
    private static string Plain(string text)
    {
        var seen = new StringBuilder(text.Length);
        foreach (Rune rune in text.ReplaceLineEndings("\n").EnumerateRunes())
            if (!InvisibleText.IsHidden(rune)) seen.Append(LookAlikes.Undisguise(rune).ToString());
        return seen.ToString().Replace('’', '\'').Replace('“', '"').Replace('”', '"');
    }

    /// <summary>The texts of a JSON object in their order; empty for what is none.</summary>
    private static List<string> Leaves(string text)
    {
        var leaves = new List<string>();
        if (!text.StartsWith('{')) return leaves;
        try
        {
            using var document = JsonDocument.Parse(text);
            Collect(document.RootElement, leaves);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Text that begins with a brace and is no JSON is text.
            leaves.Clear();
        }
        return leaves;
    }

    private static void Collect(JsonElement element, List<string> leaves)
    {
        if (element.ValueKind is JsonValueKind.String) leaves.Add(element.GetString()!);
        else if (element.ValueKind is JsonValueKind.Array)
            foreach (var item in element.EnumerateArray()) Collect(item, leaves);
        else if (element.ValueKind is JsonValueKind.Object)
            foreach (var member in element.EnumerateObject()) Collect(member.Value, leaves);
    }

    private static string Unescape(string text) => Escape().Replace(text, static m => m.Value[1] switch
    {
        'n' or 'r' or 't' => "\n",
        'u' => ((char)Convert.ToInt32(m.Value[2..], 16)).ToString(),
        'x' => ((char)Convert.ToInt32(m.Value[2..], 16)).ToString(),
        _ => m.Value[1..],
    });

    private static string Squeeze(string spaced) =>
        string.Concat(spaced.Split("  ").Select(static word => word.Replace(" ", "") + " "));

    private static string Unleet(string text) => string.Concat(text.Select(static c => c switch
    {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => c,
    }));

    private static string Rot13(string text) => string.Concat(text.Select(static c => c switch
    {
        >= 'a' and <= 'z' => (char)('a' + ((c - 'a' + 13) % 26)),
        >= 'A' and <= 'Z' => (char)('A' + ((c - 'A' + 13) % 26)),
        _ => c,
    }));

    /// <summary>What stands in base64 or hexadecimal tokens, where it is text.</summary>
    private static IEnumerable<string> Decoded(string text)
    {
        foreach (Match token in Token().Matches(text).Take(MaxTokens))
        {
            string value = token.Value;
            byte[]? bytes = null;
            if (value.Length % 2 == 0 && value.All(char.IsAsciiHexDigit))
                bytes = Convert.FromHexString(value);
            else if (Base64.IsValid(Pad(value))) bytes = Convert.FromBase64String(Pad(value));
            if (bytes is null) continue;
            string decoded = Encoding.UTF8.GetString(bytes);
            int readable = decoded.Count(static c => char.IsLetter(c) || c == ' ');
            if (readable * 10 >= decoded.Length * 7) yield return decoded;
        }
    }

    private static string Pad(string value)
    {
        string bare = value.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        return bare.PadRight((bare.Length + 3) / 4 * 4, '=');
    }

    [GeneratedRegex(@"[A-Za-z0-9+/_\-]{20,4000}={0,2}")]
    private static partial Regex Token();

    [GeneratedRegex(@"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrt""'\\/])")]
    private static partial Regex Escape();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"(?<!\w)(\w {1,3}){6,200}\w(?!\w)")]
    private static partial Regex SpacedOut();
}
