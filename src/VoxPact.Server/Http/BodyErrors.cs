using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VoxPact.Client;

namespace VoxPact.Server.Http;

/// <summary>
/// Explains why a well-formed body is not the record that was asked for: every fault by the member's path, in
/// plain words. Runs only when reading has failed, so it may take its time.
/// </summary>
internal sealed class BodyErrors
{
    private const int MaxErrors = 20;

    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);
    private readonly JsonSerializerOptions _options;

    private BodyErrors(JsonSerializerOptions options) => _options = options;

    /// <summary>
    /// Sentences by path, such as <c>pricing.per_job</c> or <c>capabilities[2]</c>; at most 20 paths.
    /// </summary>
    public static IReadOnlyDictionary<string, string[]> Find(ReadOnlyMemory<byte> body, JsonTypeInfo type)
    {
        var options = new JsonDocumentOptions { MaxDepth = VoxPactJson.MaxDepth };
        using JsonDocument document = JsonDocument.Parse(body, options);
        var found = new BodyErrors(type.Options);
        found.InObject(document.RootElement, type, "");
        return found._errors;
    }

    private void InObject(JsonElement element, JsonTypeInfo type, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string at = Join(path, member.Name);
            JsonPropertyInfo? known = Settable(type).FirstOrDefault(p => p.Name == member.Name);
            if (known is null) Add(at, Unknown(member.Name, type));
            else if (!seen.Add(member.Name)) Add(at, Twice);
            else InMember(member.Value, known, at);
        }
        foreach (JsonPropertyInfo member in type.Properties)
            if (member.IsRequired && !seen.Contains(member.Name))
                Add(Join(path, member.Name), $"{member.Name} is required.");
    }

    private void InMember(JsonElement value, JsonPropertyInfo member, string path)
    {
        Type kind = Unwrap(member.PropertyType);
        if (kind == typeof(JsonElement)) Duplicates(value, path);
        else if (value.ValueKind == JsonValueKind.Null)
        {
            if (!MayBeNull(member)) Add(path, $"{member.Name} cannot be null; leave it out or give a value.");
        }
        else InValue(value, kind, member.Name, path);
    }

    private void InValue(JsonElement value, Type kind, string name, string path)
    {
        JsonTypeInfo type = _options.GetTypeInfo(kind);
        if (type.Kind == JsonTypeInfoKind.Object)
        {
            if (value.ValueKind == JsonValueKind.Object) InObject(value, type, path);
            else Add(path, $"{name} is an object, in braces.");
            return;
        }
        if (kind == typeof(IReadOnlyList<string>))
        {
            InWords(value, name, path);
            return;
        }
        try
        {
            JsonSerializer.Deserialize(value, type);
        }
        catch (JsonException e)
        {
            Add(path, Sentence(kind, name, e));
        }
    }

    private void InWords(JsonElement value, string name, string path)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            Add(path, $"{name} is a list of texts, in brackets.");
            return;
        }
        foreach ((int i, JsonElement item) in value.EnumerateArray().Index())
            if (item.ValueKind != JsonValueKind.String) Add($"{path}[{i}]", $"{name} is a list of texts.");
    }

    // A free object is kept as it is, so what it says twice would be read differently by different readers.
    private void Duplicates(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Array)
            foreach ((int i, JsonElement item) in value.EnumerateArray().Index())
                Duplicates(item, $"{path}[{i}]");
        if (value.ValueKind != JsonValueKind.Object) return;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (!seen.Add(member.Name)) Add(Join(path, member.Name), Twice);
            Duplicates(member.Value, Join(path, member.Name));
        }
    }

    private const string Twice = "This member is given twice.";

    private static string Sentence(Type kind, string name, JsonException e)
    {
        if (kind == typeof(string)) return $"{name} is text, in quotes.";
        if (kind == typeof(bool)) return $"{name} is true or false.";
        if (kind == typeof(int) || kind == typeof(long)) return $"{name} is a whole number.";
        // The converters of amounts and times speak for themselves.
        return $"{name}: {e.Message}";
    }

    private static string Unknown(string name, JsonTypeInfo type)
    {
        string? near = Settable(type).FirstOrDefault(p => Plain(p.Name) == Plain(name))?.Name;
        string known = string.Join(", ", Settable(type).Select(p => p.Name));
        if (near is not null) return $"Did you mean {near}?";
        return known.Length == 0
            ? "This member is not known here; none are."
            : $"This member is not known here; known are: {known}.";
    }

    private static IEnumerable<JsonPropertyInfo> Settable(JsonTypeInfo type) =>
        type.Properties.Where(p => p.Set is not null);

    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    private static bool MayBeNull(JsonPropertyInfo member) =>
        Nullable.GetUnderlyingType(member.PropertyType) is not null
        || IsOptional(member.PropertyType)
        || (!member.PropertyType.IsValueType && member.IsSetNullable);

    private static Type Unwrap(Type type)
    {
        if (IsOptional(type)) type = type.GetGenericArguments()[0];
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private static bool IsOptional(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    private static string Join(string path, string name) =>
        path.Length == 0 ? Cut(name) : $"{path}.{Cut(name)}";

    // A name may be as long as the body: the answer need not be.
    private static string Cut(string name) => name.Length <= 100 ? name : name[..100] + "…";

    private void Add(string path, string sentence)
    {
        if (_errors.Count < MaxErrors) _errors.TryAdd(path, [sentence]);
    }
}
