using System.Text.Json;
using System.Text.Json.Serialization;
using VoxPact.Domain;

namespace VoxPact.Server;

/// <summary>The JSON that the server keeps for itself inside text columns.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class StoredJson : JsonSerializerContext
{
    /// <summary>A capability as it stands in a folded list, with its quotes.</summary>
    public static string Quoted(string capability) =>
        JsonSerializer.Serialize(Capability.Fold(capability), Default.String);

    /// <summary>A stored list of capabilities as they are compared; null for an empty one.</summary>
    public static string? Folded(string list) => list == "[]"
        ? null
        : JsonSerializer.Serialize(
            [.. JsonSerializer.Deserialize(list, Default.StringArray)!.Select(Capability.Fold)], Default.StringArray);
}
