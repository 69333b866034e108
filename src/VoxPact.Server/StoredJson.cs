using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxPact.Server;

/// <summary>The JSON that the server keeps for itself inside text columns.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class StoredJson : JsonSerializerContext
{
    /// <summary>A word as it stands in a stored list, with its quotes.</summary>
    public static string Quoted(string word) => JsonSerializer.Serialize(word, Default.String);
}
