using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VoxPact.Client;
using VoxPact.Domain;

namespace VoxPact.Server.Http;

/// <summary>
/// Turns the wire records, as the serializer itself sees them, into JSON Schemas under <c>components</c>.
/// What a type cannot say (bounds, words, patterns) comes from <see cref="SchemaRules"/>.
/// </summary>
internal sealed class Schemas(Policy policy)
{
    private const string Prefix = "#/components/schemas/";

    private readonly XmlWords _words = new();
    private readonly SchemaRules _rules = new(policy);
    private readonly SortedDictionary<string, JsonObject> _named = new(StringComparer.Ordinal);

    /// <summary>Every schema that was referred to so far, by name.</summary>
    public JsonObject ToJson()
    {
        foreach (var (name, schema) in SchemaRules.Written()) _named[name] = schema;
        return new JsonObject(_named.Select(row => KeyValuePair.Create(row.Key, (JsonNode?)row.Value)));
    }

    /// <summary>A reference to a schema that was made elsewhere.</summary>
    public JsonObject Add(string name, JsonObject schema)
    {
        _named[name] = schema;
        return RefTo(name);
    }

    public static JsonObject RefTo(string name) => new() { ["$ref"] = Prefix + name };

    /// <summary>A reference to the type's schema, which is made when it is first asked for.</summary>
    public JsonObject RefTo(Type type)
    {
        string name = NameOf(type);
        if (!_named.ContainsKey(name))
        {
            // Entered before it is filled: a record may hold itself.
            var schema = _named[name] = new JsonObject();
            Fill(schema, VoxPactJson.Wire.GetTypeInfo(type)
                ?? throw new InvalidOperationException($"{type} is not in VoxPactJson."));
        }
        return RefTo(name);
    }

    /// <summary>An amount of money: a number with the currency's decimals.</summary>
    public static JsonObject Amount(Policy policy) => new()
    {
        ["type"] = "number",
        ["format"] = "decimal",
        ["multipleOf"] = new Money(1).ToDecimal(policy.CurrencyDecimals),
    };

    private static string NameOf(Type type)
    {
        if (!type.IsGenericType) return type.Name;
        string item = type.GetGenericArguments()[0].Name;
        return type.GetGenericTypeDefinition() == typeof(Page<>) ? item + "Page" : item + "Answer";
    }

    private void Fill(JsonObject schema, JsonTypeInfo info)
    {
        bool isRequest = info.UnmappedMemberHandling is JsonUnmappedMemberHandling.Disallow;
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in info.Properties)
        {
            var member = (MemberInfo)property.AttributeProvider!;
            properties[property.Name] = Member(property, member, isRequest);
            if (isRequest ? property.IsRequired : !MayBeAbsent(property, member)) required.Add(property.Name);
        }
        schema["type"] = "object";
        if (_words.Of(info.Type) is { } summary) schema["description"] = summary;
        if (required.Count > 0) schema["required"] = required;
        if (properties.Count > 0) schema["properties"] = properties;
        if (isRequest) schema["additionalProperties"] = false;
    }

    /// <summary>Answers leave out what is null, unless the member says otherwise.</summary>
    private bool MayBeAbsent(JsonPropertyInfo property, MemberInfo member) =>
        property.IsGetNullable && !IsAlwaysWritten(member) && !_rules.AlwaysThere(member);

    private static bool IsAlwaysWritten(MemberInfo member) =>
        member.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Never };

    private JsonObject Member(JsonPropertyInfo property, MemberInfo member, bool isRequest)
    {
        var type = property.PropertyType;
        bool isOptional = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);
        if (isOptional) type = type.GetGenericArguments()[0];
        bool isNullable = isRequest
            ? (isOptional || property.IsSetNullable) && !_rules.RefusesNull(member)
            : property.IsGetNullable && IsAlwaysWritten(member);
        var schema = _rules.Apply(member, Of(Nullable.GetUnderlyingType(type) ?? type));
        if (isNullable) schema = OrNull(schema);
        if (_words.Of(member) is { } summary) schema["description"] = summary;
        return schema;
    }

    private JsonObject Of(Type type)
    {
        if (type == typeof(string)) return Simple("string");
        if (type == typeof(bool)) return Simple("boolean");
        if (type == typeof(int)) return Simple("integer", "int32");
        if (type == typeof(long)) return Simple("integer", "int64");
        if (type == typeof(DateTimeOffset)) return Simple("string", "date-time");
        if (type == typeof(decimal)) return Amount(policy);
        if (type == typeof(JsonElement)) return [];
        if (type.IsArray) return ListOf(type.GetElementType()!);
        if (!type.IsGenericType) return RefTo(type);
        return type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
            ? new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(type.GetGenericArguments()[1]) }
            : ListOf(type.GetGenericArguments()[0]);
    }

    private JsonObject ListOf(Type item) => new() { ["type"] = "array", ["items"] = Of(item) };

    private static JsonObject Simple(string type, string? format = null)
    {
        var schema = new JsonObject { ["type"] = type };
        if (format is not null) schema["format"] = format;
        return schema;
    }

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema.ContainsKey("$ref"))
            return new JsonObject { ["oneOf"] = new JsonArray(schema, Simple("null")) };
        if (schema["type"] is JsonValue only) schema["type"] = new JsonArray(only.GetValue<string>(), "null");
        if (schema["enum"] is JsonArray words) words.Add(null);
        return schema;
    }
}
