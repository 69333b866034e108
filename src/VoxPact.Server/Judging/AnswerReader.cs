using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using VoxPact.Domain;
using VoxPact.Domain.Verdicts;

namespace VoxPact.Server.Judging;

/// <summary>
/// Reads a judge's answer from its raw text, strictly: exactly the members of the schema, nothing around
/// them. Whatever
/// else comes is an opinion with a flaw, which makes the verdict Suspect.
/// </summary>
internal static partial class AnswerReader
{
    private const int MaxEntries = 50;
    private const int MaxReasons = 20;
    private const int MaxChars = 1_000;

    private static readonly JsonDocumentOptions Strict =
        new() { MaxDepth = 4, AllowDuplicateProperties = false };

    private static readonly string[] Refusals =
        ["i can't", "i cannot", "i can not", "i'm sorry", "i am sorry", "i'm unable", "i am unable", "sorry"];

    /// <summary>The answer's schema, for providers that can bind the model to one.</summary>
    public static readonly ChatResponseFormat Format = ChatResponseFormat.ForJsonSchema(
        JsonDocument.Parse("""
            {"type":"object","additionalProperties":false,
             "required":["pass","confidence","findings","reasons"],
             "properties":{
               "pass":{"type":"boolean"},
               "confidence":{"type":"number"},
               "findings":{"type":"array","items":{"type":"object","additionalProperties":false,
                 "required":["criterion","met","note"],
                 "properties":{
                   "criterion":{"type":"string"},"met":{"type":"boolean"},"note":{"type":"string"}}}},
               "reasons":{"type":"array","items":{"type":"string"}}}}
            """).RootElement,
        "verdict", "The judgement of one piece of work.");

    /// <summary>
    /// A pass that contradicts itself, or says nothing of a line of the rubric, counts as no more than this, whatever
    /// the judge says.
    /// </summary>
    private static readonly BasisPoints s_mostWhenUnsure = new(5_000);

    public static JudgeAnswer Read(
        Judge judge, ChatResponse response, string marker, IReadOnlyList<string> rubric)
    {
        string text = response.Text.Trim();
        bool refused = response.FinishReason == ChatFinishReason.ContentFilter
            || response.Messages.SelectMany(static m => m.Contents).OfType<ErrorContent>().Any()
            || Refusals.Any(start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        JudgeAnswer answer = Repeats(text, marker)
            ? Flawed(OpinionFlaw.Suspicious, "The judge repeated the secret marker: the work reached it.")
            : refused ? Flawed(OpinionFlaw.Refused, "The judge's model declined to answer.")
            : response.FinishReason == ChatFinishReason.Length
                ? Flawed(OpinionFlaw.Malformed, "The judge's answer was cut at its token limit.")
            : ReadStrictly(judge, text, rubric)
                ?? Flawed(OpinionFlaw.Malformed, "The judge's answer breaks its schema.");
        return answer with
        {
            InputTokens = response.Usage?.InputTokenCount,
            OutputTokens = response.Usage?.OutputTokenCount,
        };

        JudgeAnswer Flawed(OpinionFlaw flaw, string reason) =>
            new(Opinion.Flawed(judge.Name, judge.Model, flaw, reason), []);
    }

    /// <summary>Also when the marker is written in JSON's escapes, or with something between its characters.</summary>
    private static bool Repeats(string text, string marker)
    {
        string plain = EscapedCharacter().Replace(
            text, static escaped => ((char)Convert.ToUInt16(escaped.Groups[1].Value, 16)).ToString());
        string bare = string.Concat(plain.Where(char.IsAsciiLetterOrDigit));
        return bare.Contains(marker, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"\\u([0-9a-fA-F]{4})")]
    private static partial Regex EscapedCharacter();

    private static JudgeAnswer? ReadStrictly(Judge judge, string text, IReadOnlyList<string> rubric)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Strict);
            return ReadObject(judge, document.RootElement, rubric);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair in a text.
            return null;
        }
    }

    private static JudgeAnswer? ReadObject(Judge judge, JsonElement root, IReadOnlyList<string> rubric)
    {
        if (!HasExactly(root, "pass", "confidence", "findings", "reasons")
            || ReadBoolean(root, "pass") is not { } pass
            || !Confidence.TryParse(RawNumber(root, "confidence"), out BasisPoints confidence)
            || ReadFindings(root.GetProperty("findings")) is not { } read
            || ReadReasons(root.GetProperty("reasons")) is not { } reasons)
        {
            return null;
        }
        var (findings, leftOut) = RubricFindings.Match(read, rubric);
        // Unmet criteria are the worker's list of what to do, so they stand among the reasons.
        List<string> unmet = [.. findings.Where(static f => !f.Met).Select(Sentence)];
        var doubts = new List<string>();
        // An adviser's pass is about the money, which a criterion alone need not decide.
        bool judges = judge.Style is not PromptStyle.Advice;
        if (pass && judges && unmet.Count > 0)
            doubts.Add("It passes the work and finds a criterion not met, so this counts as not certain.");
        if (pass && judges && leftOut.Count > 0)
            doubts.Add($"It passes the work and says nothing of {string.Join(", ", leftOut)}, so this counts as not "
                + "certain.");
        if (doubts.Count > 0 && confidence > s_mostWhenUnsure) confidence = s_mostWhenUnsure;
        List<string> all =
            [.. doubts.Concat(reasons).Concat(unmet).Distinct(StringComparer.Ordinal).Take(MaxReasons)];
        return new JudgeAnswer(new Opinion(judge.Name, judge.Model, pass, confidence, all), findings)
        {
            IsDoubted = doubts.Count > 0,
        };
    }

    /// <summary>A finding as it stands among the reasons.</summary>
    public static string Sentence(Finding finding) =>
        finding.Note.Length == 0 ? finding.Criterion : $"{finding.Criterion}: {finding.Note}";

    private static bool HasExactly(JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != names.Length)
            return false;
        foreach (string name in names)
            if (!element.TryGetProperty(name, out _)) return false;
        return true;
    }

    private static bool? ReadBoolean(JsonElement element, string name) =>
        element.GetProperty(name).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    private static byte[] RawNumber(JsonElement element, string name) =>
        Encoding.UTF8.GetBytes(element.GetProperty(name).GetRawText());

    private static List<Finding>? ReadFindings(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxEntries) return null;
        var findings = new List<Finding>();
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (!HasExactly(item, "criterion", "met", "note")
                || ReadBoolean(item, "met") is not { } met
                || ReadText(item.GetProperty("criterion")) is not { } criterion
                || ReadText(item.GetProperty("note")) is not { } note)
            {
                return null;
            }
            findings.Add(new Finding(criterion, met, note));
        }
        return findings;
    }

    private static List<string>? ReadReasons(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxEntries) return null;
        var reasons = new List<string>();
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (ReadText(item) is not { } reason) return null;
            if (reason.Length > 0) reasons.Add(reason);
        }
        return reasons;
    }

    /// <summary>
    /// A text without controls (a NUL would not store), cut to a bound; null when it is no text.
    /// </summary>
    private static string? ReadText(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String) return null;
        string text = element.GetString()!;
        if (text.Length > MaxChars)
            text = text[..(char.IsHighSurrogate(text[MaxChars - 1]) ? MaxChars - 1 : MaxChars)];
        return string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c)).Trim();
    }
}
