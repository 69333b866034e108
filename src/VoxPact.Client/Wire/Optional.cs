using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace VoxPact.Client;

/// <summary>
/// A member that tells absent from null: unset is left alone by the server, set to null clears.
/// </summary>
/// <typeparam name="T">The member's kind.</typeparam>
/// <param name="IsSet">Whether the member is in the document at all.</param>
/// <param name="Value">Its value; the default when it is not set.</param>
public readonly record struct Optional<T>(bool IsSet, T Value)
{
    /// <summary>Setting a member is as easy as assigning its value.</summary>
    public static implicit operator Optional<T>(T value) => new(true, value);

    /// <summary>The value when it is set, else <paramref name="otherwise"/>.</summary>
    public T Or(T otherwise) => IsSet ? Value : otherwise;
}

/// <summary>
/// Reads and writes the value itself; <c>WhenWritingDefault</c> on the member leaves out what is not set.
/// </summary>
/// <typeparam name="T">The member's kind.</typeparam>
public sealed class OptionalConverter<T> : JsonConverter<Optional<T?>>
{
    /// <summary>A null in the document is a value like another.</summary>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override Optional<T?> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        new(true, JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Optional<T?> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Value!, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
}
