using System.Globalization;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace VoxPact.Server.Mcp;

/// <summary>
/// Holds the arguments of a tool call to the schema that the tool shows, so that a model reads which of them is wrong
/// and none is dropped in silence.
/// </summary>
internal static class ToolArguments
{
    /// <summary>Answers a call whose arguments do not fit with the sentence that says so.</summary>
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Check(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (context, stop) =>
    {
        if (context.MatchedPrimitive is McpServerTool { ProtocolTool: var tool }
            && Problem(tool, context.Params?.Arguments) is { } problem) return Refused(problem);
        try
        {
            return await next(context, stop);
        }
        catch (Exception unfit) when (unfit is JsonException or ArgumentException)
        {
            return Refused("An argument is not of the shape that the tool's schema shows.");
        }
    };

    private static CallToolResult Refused(string sentence) => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = $"validation_failed: {sentence}" }],
    };

    private static string? Problem(Tool tool, IDictionary<string, JsonElement>? arguments)
    {
        var given = arguments ?? new Dictionary<string, JsonElement>();
        return OfMembers(tool.Name, "", tool.InputSchema, [.. given.Select(one => (one.Key, one.Value))]);
    }

    /// <param name="whole">What has the members, for sentences.</param>
    /// <param name="within">What stands before their names.</param>
    private static string? OfMembers(
        string whole, string within, JsonElement schema, IReadOnlyList<(string Name, JsonElement Value)> given)
    {
        if (!schema.TryGetProperty("properties", out var properties)) return null;
        var known = properties.EnumerateObject().ToDictionary(one => one.Name, one => one.Value);
        foreach (var (name, value) in given)
        {
            if (!known.TryGetValue(name, out var expected))
                return $"{whole} has no argument {within}{name}; it takes {string.Join(", ", known.Keys)}.";
            if (OfValue(within + name, expected, value) is { } problem) return problem;
        }
        if (!schema.TryGetProperty("required", out var required)) return null;
        foreach (var name in required.EnumerateArray().Select(one => one.GetString()!))
            if (!given.Any(one => one.Name == name)) return $"{within}{name} is required.";
        return null;
    }

    private static string? OfValue(string name, JsonElement schema, JsonElement value)
    {
        if (schema.ValueKind is not JsonValueKind.Object || !schema.TryGetProperty("type", out var said)) return null;
        string[] types = said.ValueKind is JsonValueKind.Array
            ? [.. said.EnumerateArray().Select(one => one.GetString()!)]
            : [said.GetString()!];
        if (!types.Any(type => Is(type, value, types)))
        {
            var words = types.Where(type => type is not "null").Select(Words).Distinct();
            return $"{name} must be {string.Join(" or ", words)}.";
        }
        return value.ValueKind switch
        {
            JsonValueKind.Object => OfMembers(name, name + ".", schema,
                [.. value.EnumerateObject().Select(one => (one.Name, one.Value))]),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => value.EnumerateArray()
                .Select((item, i) => OfValue($"{name}[{i}]", items, item))
                .FirstOrDefault(problem => problem is not null),
            _ => null,
        };
    }

    private static bool Is(string type, JsonElement value, string[] types) => type switch
    {
        "null" => value.ValueKind is JsonValueKind.Null,
        "string" => value.ValueKind is JsonValueKind.String
            // Where a number may stand in quotes, it must be one.
            && (!types.Any(other => other is "integer" or "number") || decimal.TryParse(value.GetString(),
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)),
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out _),
        "number" => value.ValueKind is JsonValueKind.Number && value.TryGetDecimal(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "array" => value.ValueKind is JsonValueKind.Array,
        "object" => value.ValueKind is JsonValueKind.Object,
        _ => true,
    };

    private static string Words(string type) => type switch
    {
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object",
        _ => "a text",
    };
}
