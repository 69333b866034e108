using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// Reads acceptance criteria strictly: what it does not know, it names; what makes no sense, it explains.
/// </summary>
internal sealed class AcceptanceReader
{
    private const string Root = "acceptance";

    public Dictionary<string, List<string>> Errors { get; } = new(StringComparer.Ordinal);

    public Acceptance Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Null) return Acceptance.None;
        if (element.ValueKind != JsonValueKind.Object)
        {
            Fail(Root, "Acceptance criteria are a JSON object.");
            return Acceptance.None;
        }
        if (JsonShape.Fault(element) is { } fault)
        {
            Fail(Root + fault.Pointer, fault.Sentence);
            return Acceptance.None;
        }
        Acceptance read = Acceptance.None;
        foreach (JsonProperty member in element.EnumerateObject())
        {
            JsonElement value = member.Value;
            string at = $"{Root}.{member.Name}";
            read = member.Name switch
            {
                "schema" => read with { Schema = ReadSchema(value, at) },
                "must_include" => read with { MustInclude = ReadTexts(value, at) },
                "must_match" => read with { MustMatch = ReadPatterns(value, at) },
                "min_length" => read with { MinLength = ReadLength(value, at) },
                "max_length" => read with { MaxLength = ReadLength(value, at) },
                "files" => read with { Files = ReadFiles(value, at) },
                "rubric" => read with { Rubric = ReadTexts(value, at) },
                _ => Unknown(read, at, member.Name),
            };
        }
        CheckSense(read);
        return read;
    }

    private void Fail(string field, string sentence)
    {
        if (!Errors.TryGetValue(field, out List<string>? sentences)) Errors[field] = sentences = [];
        sentences.Add(sentence);
    }

    private Acceptance Unknown(Acceptance read, string at, string name)
    {
        Fail(at, $"\"{name}\" is not a criterion; the known ones are schema, must_include, must_match, "
            + "min_length, max_length, files and rubric.");
        return read;
    }

    /// <summary>Criteria that no deliverable can satisfy would hold a buyer's money for nothing.</summary>
    private void CheckSense(Acceptance read)
    {
        if (read.MinLength > read.MaxLength)
            Fail($"{Root}.min_length", $"min_length {read.MinLength} is above max_length {read.MaxLength}.");
        int longest = read.MustInclude.Select(SchemaRun.CodePoints).DefaultIfEmpty(0).Max();
        if (longest > read.MaxLength)
            Fail($"{Root}.must_include",
                $"A required text has {longest} characters, above max_length {read.MaxLength}.");
        if (read.MaxLength == 0) Fail($"{Root}.max_length", "max_length must be at least 1.");
    }

    private JsonSchema? ReadSchema(JsonElement value, string at)
    {
        if (JsonSchema.TryParse(value, out JsonSchema? schema, out var errors)) return schema;
        foreach ((string pointer, string sentence) in errors) Fail(at + pointer, sentence);
        return null;
    }

    private int? ReadLength(JsonElement value, string at)
    {
        int? length = value.ValueKind == JsonValueKind.Number ? JsonNumber.Of(value).ToCount() : null;
        if (length is not null and <= Limits.DeliverableBytes) return length;
        Fail(at, $"Must be a whole number from 0 to {Limits.DeliverableBytes}.");
        return null;
    }

    private List<JsonElement> ReadList(JsonElement value, string at, int most)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() <= most)
            return [.. value.EnumerateArray()];
        Fail(at, $"Must be a list of at most {most} entries.");
        return [];
    }

    private List<string> ReadTexts(JsonElement value, string at)
    {
        var texts = new List<string>();
        foreach (JsonElement item in ReadList(value, at, Limits.AcceptanceItems))
        {
            string? text = item.ValueKind == JsonValueKind.String ? item.GetString() : null;
            if (string.IsNullOrWhiteSpace(text) || text.Length > Limits.AcceptanceItemChars)
                Fail(at, $"Every entry must be a text of 1 to {Limits.AcceptanceItemChars} characters.");
            else
                texts.Add(text);
        }
        return texts;
    }

    private List<Pattern> ReadPatterns(JsonElement value, string at)
    {
        var patterns = new List<Pattern>();
        foreach (string source in ReadTexts(value, at))
        {
            if (Pattern.TryParse(source, out Pattern? pattern, out string? error)) patterns.Add(pattern);
            else Fail(at, error);
        }
        return patterns;
    }

    private List<FileRule> ReadFiles(JsonElement value, string at)
    {
        var rules = new List<FileRule>();
        int index = 0;
        foreach (JsonElement item in ReadList(value, at, Limits.AcceptanceFiles))
        {
            string here = $"{at}/{index++}";
            if (item.ValueKind == JsonValueKind.Object) rules.Add(ReadFile(item, here));
            else Fail(here, "A file is a JSON object with name, and type, min_bytes, max_bytes or sha256.");
        }
        return rules;
    }

    private FileRule ReadFile(JsonElement item, string at)
    {
        var rule = new FileRule("", null, null, null, null);
        foreach (JsonProperty member in item.EnumerateObject())
        {
            string field = $"{at}/{member.Name}";
            rule = member.Name switch
            {
                "name" => rule with { Name = ReadText(member.Value, field) },
                "type" => rule with { Type = ReadText(member.Value, field) },
                "min_bytes" => rule with { MinBytes = ReadBytes(member.Value, field) },
                "max_bytes" => rule with { MaxBytes = ReadBytes(member.Value, field) },
                "sha256" => rule with { Sha256 = ReadHash(member.Value, field) },
                _ => UnknownFileMember(rule, field, member.Name),
            };
        }
        bool star = rule.Name.StartsWith('*');
        if (rule.Name.Length is 0 or > Limits.FileNameChars || rule.Name.IndexOfAny(['/', '\\', '\0']) >= 0
            || rule.Name.LastIndexOf('*') > 0 || (star && (rule.Name.Length < 3 || rule.Name[1] != '.')))
        {
            Fail($"{at}/name",
                $"A file's name is at most {Limits.FileNameChars} characters without slashes, or *.ext.");
        }
        if (rule.Type is not null && rule.Type.Count(static c => c == '/') != 1)
            Fail($"{at}/type", "A type is a media type such as text/csv.");
        if (rule.MinBytes > rule.MaxBytes) Fail($"{at}/min_bytes", "min_bytes is above max_bytes.");
        return rule;
    }

    private FileRule UnknownFileMember(FileRule rule, string field, string name)
    {
        Fail(field, $"\"{name}\" is not known here; use name, type, min_bytes, max_bytes and sha256.");
        return rule;
    }

    private string ReadText(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 and <= Limits.FileNameChars } text)
            return text;
        Fail(at, $"Must be a text of 1 to {Limits.FileNameChars} characters.");
        return "";
    }

    private long? ReadBytes(JsonElement value, string at)
    {
        int? bytes = value.ValueKind == JsonValueKind.Number ? JsonNumber.Of(value).ToCount() : null;
        if (bytes is not null && bytes <= Limits.FileBytes) return bytes;
        Fail(at, $"Must be a whole number of bytes from 0 to {Limits.FileBytes}.");
        return null;
    }

    private string? ReadHash(JsonElement value, string at)
    {
        string hash = ReadText(value, at).ToLowerInvariant();
        if (hash.Length == 64 && hash.All(char.IsAsciiHexDigit)) return hash;
        Fail(at, "Must be a SHA-256 as 64 hexadecimal digits.");
        return null;
    }
}
