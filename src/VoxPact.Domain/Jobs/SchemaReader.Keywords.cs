using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>The keywords, each read by its own grammar.</summary>
internal sealed partial class SchemaReader
{
    private static readonly Dictionary<string, SchemaTypes> TypeNames = new(StringComparer.Ordinal)
    {
        ["null"] = SchemaTypes.Null,
        ["boolean"] = SchemaTypes.Boolean,
        ["object"] = SchemaTypes.Object,
        ["array"] = SchemaTypes.Array,
        ["number"] = SchemaTypes.Number,
        ["string"] = SchemaTypes.String,
        ["integer"] = SchemaTypes.Integer,
    };

    private bool ReadAssertion(SchemaNode node, JsonProperty member, string at)
    {
        JsonElement value = member.Value;
        switch (member.Name)
        {
            case "type": node.Types = ReadTypes(value, at); return true;
            case "enum":
                if (value.ValueKind != JsonValueKind.Array) Fail(at, "\"enum\" must be a list of values.");
                else (node.Enum, node.EnumKeys) = ([.. value.EnumerateArray()],
                    [.. value.EnumerateArray().Select(v => CanonicalJson.Write(v, byValue: true))]);
                return true;
            case "const":
                node.Const = CanonicalJson.Write(value, byValue: true);
                node.ConstText = value.GetRawText();
                return true;
            case "pattern": node.Pattern = ReadPattern(value, at); return true;
            case "uniqueItems":
                if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                    Fail(at, "Must be true or false.");
                else node.UniqueItems = value.GetBoolean();
                return true;
            case "required": node.Required = ReadNames(value, at); return true;
            case "dependentRequired":
                foreach (JsonProperty entry in Members(value, at))
                    node.DependentRequired[entry.Name] =
                        ReadNames(entry.Value, $"{at}/{JsonPath.Escape(entry.Name)}");
                return true;
            default: return false;
        }
    }

    private bool ReadLimit(SchemaNode node, JsonProperty member, string at)
    {
        JsonElement value = member.Value;
        switch (member.Name)
        {
            case "minimum": node.Minimum = ReadNumber(value, at); return true;
            case "maximum": node.Maximum = ReadNumber(value, at); return true;
            case "exclusiveMinimum": node.ExclusiveMinimum = ReadNumber(value, at); return true;
            case "exclusiveMaximum": node.ExclusiveMaximum = ReadNumber(value, at); return true;
            case "multipleOf":
                node.MultipleOf = ReadNumber(value, at);
                if (node.MultipleOf is { Sign: <= 0 }) Fail(at, "\"multipleOf\" must be above zero.");
                return true;
            case "minLength": node.MinLength = ReadCount(value, at); return true;
            case "maxLength": node.MaxLength = ReadCount(value, at); return true;
            case "minItems": node.MinItems = ReadCount(value, at); return true;
            case "maxItems": node.MaxItems = ReadCount(value, at); return true;
            case "minContains": node.MinContains = ReadCount(value, at); return true;
            case "maxContains": node.MaxContains = ReadCount(value, at); return true;
            case "minProperties": node.MinProperties = ReadCount(value, at); return true;
            case "maxProperties": node.MaxProperties = ReadCount(value, at); return true;
            default: return false;
        }
    }

    private bool ReadApplicator(SchemaNode node, JsonProperty member, string at)
    {
        JsonElement value = member.Value;
        switch (member.Name)
        {
            case "properties": node.Properties = ReadMap(value, at); return true;
            case "patternProperties":
                foreach ((string pattern, SchemaNode schema) in ReadMap(value, at))
                {
                    if (ReadPattern(pattern, schema.Pointer) is { } read)
                        node.PatternProperties.Add((read, schema));
                }
                return true;
            case "additionalProperties": node.AdditionalProperties = Read(value, at); return true;
            case "propertyNames": node.PropertyNames = Read(value, at); return true;
            case "dependentSchemas": node.DependentSchemas = ReadMap(value, at); return true;
            case "$defs": ReadMap(value, at); return true;
            case "prefixItems": node.PrefixItems = ReadList(value, at); return true;
            case "items": node.Items = Read(value, at); return true;
            case "contains": node.Contains = Read(value, at); return true;
            case "allOf": node.AllOf = ReadList(value, at); return true;
            case "anyOf": node.AnyOf = ReadList(value, at); return true;
            case "oneOf": node.OneOf = ReadList(value, at); return true;
            case "not": node.Not = Read(value, at); return true;
            case "if": node.If = Read(value, at); return true;
            case "then": node.Then = Read(value, at); return true;
            case "else": node.Else = Read(value, at); return true;
            case "$ref":
                if (value.ValueKind == JsonValueKind.String) _references.Add((node, value.GetString()!));
                else Fail(at, "\"$ref\" must be a text such as \"#/$defs/name\".");
                return true;
            default: return false;
        }
    }

    private SchemaTypes ReadTypes(JsonElement value, string at)
    {
        JsonElement[] names = value.ValueKind switch
        {
            JsonValueKind.String => [value],
            JsonValueKind.Array => [.. value.EnumerateArray()],
            _ => [],
        };
        SchemaTypes types = SchemaTypes.None;
        foreach (JsonElement name in names)
        {
            if (name.ValueKind == JsonValueKind.String
                && TypeNames.TryGetValue(name.GetString()!, out SchemaTypes type))
                types |= type;
            else
                names = [];
        }
        if (names.Length == 0)
            Fail(at, $"\"type\" must be one or several of {string.Join(", ", TypeNames.Keys)}.");
        return types;
    }

    private JsonNumber? ReadNumber(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Number) return JsonNumber.Of(value);
        Fail(at, "Must be a number.");
        return null;
    }

    private int? ReadCount(JsonElement value, string at)
    {
        int? count = value.ValueKind == JsonValueKind.Number ? JsonNumber.Of(value).ToCount() : null;
        if (count is null) Fail(at, "Must be a whole number of at least 0.");
        return count;
    }

    private Pattern? ReadPattern(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.String) return ReadPattern(value.GetString()!, at);
        Fail(at, "\"pattern\" must be a text.");
        return null;
    }

    private Pattern? ReadPattern(string source, string at)
    {
        if (!Pattern.TryParse(source, out Pattern? pattern, out string? error))
        {
            Fail(at, error);
            return null;
        }
        _patternStates += pattern.States;
        if (_patternStates <= Limits.SchemaPatternStates) return pattern;
        Fail(at, $"The schema's patterns have more than {Limits.SchemaPatternStates} parts; simplify them.");
        return null;
    }

    private string[] ReadNames(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(static name => name.ValueKind == JsonValueKind.String))
        {
            return [.. value.EnumerateArray().Select(static name => name.GetString()!).Distinct()];
        }
        Fail(at, "Must be a list of member names.");
        return [];
    }

    private IEnumerable<JsonProperty> Members(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Object) return value.EnumerateObject();
        Fail(at, "Must be a JSON object.");
        return [];
    }

    private Dictionary<string, SchemaNode> ReadMap(JsonElement value, string at)
    {
        var map = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        foreach (JsonProperty entry in Members(value, at))
            map[entry.Name] = Read(entry.Value, $"{at}/{JsonPath.Escape(entry.Name)}");
        return map;
    }

    private SchemaNode[] ReadList(JsonElement value, string at)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
            return [.. value.EnumerateArray().Select((schema, i) => Read(schema, $"{at}/{i}"))];
        Fail(at, "Must be a list of at least one schema.");
        return [];
    }
}
