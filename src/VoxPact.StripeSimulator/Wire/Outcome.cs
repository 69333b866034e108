using System.Text.Json;
using System.Text.Json.Nodes;

namespace VoxPact.StripeSimulator.Wire;

/// <summary>
/// What an operation decided: its changes are committed even if the status is a refusal (a decline).
/// </summary>
internal sealed record Outcome(int Status, JsonObject Body)
{
    public static implicit operator Outcome(JsonObject body) => new(200, body);
}

/// <summary>The bytes that leave, which are also the bytes kept under an idempotency key.</summary>
internal sealed record Answer(int Status, string Body, bool Replayed = false);

internal static class Json
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Text(JsonNode node) => node.ToJsonString(Indented);

    public static string? Str(this JsonObject json, string name) => (string?)json[name];

    /// <summary>Zero when it is absent; a number that was not stored yet may still be an int.</summary>
    public static long Num(this JsonObject json, string name) => json[name] switch
    {
        null => 0,
        JsonValue value when value.TryGetValue<int>(out var small) => small,
        var other => (long)other,
    };

    public static bool Flag(this JsonObject json, string name) => (bool?)json[name] ?? false;

    public static string Id(this JsonObject json) => (string)json["id"]!;

    /// <summary>
    /// A copy for the outside: names that begin with an underscore are the simulator's own notes.
    /// </summary>
    public static JsonObject Public(this JsonObject json)
    {
        var copy = new JsonObject();
        foreach (var (name, value) in json)
            if (!name.StartsWith('_'))
                copy[name] = value?.DeepClone();
        return copy;
    }

    public static JsonObject EmptyList(string url) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray(),
        ["has_more"] = false,
        ["url"] = url,
    };
}
