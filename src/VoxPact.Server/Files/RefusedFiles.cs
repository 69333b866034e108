using System.Net.Http.Headers;

namespace VoxPact.Server.Files;

/// <summary>
/// Which files the operator's settings keep out: by the end of their name, and by the type they are declared to be.
/// What a file truly holds is not looked at here; it is only ever given out as an attachment.
/// </summary>
/// <param name="setting">As <see cref="ServerOptions.RefusedFileTypes"/> has it.</param>
internal sealed class RefusedFiles(string setting)
{
    /// <summary>Says that every file is taken.</summary>
    public const string None = "none";

    private readonly HashSet<string> _refused = new(
        setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The sentence that refuses a name; null where it is taken.</summary>
    public string? WhyNotNamed(string name) =>
        Path.GetExtension(name) is var ending && _refused.Contains(ending)
            ? $"Files whose name ends in {ending} are not taken on this server; pack it into a .zip, or send another "
                + "kind."
            : null;

    /// <summary>The sentence that refuses a declared type; null where it is taken.</summary>
    public string? WhyNotTyped(MediaTypeHeaderValue type) => _refused.Contains(type.MediaType ?? "")
        ? $"Files of the type {type.MediaType} are not taken on this server; pack it into a .zip, or send another kind."
        : null;
}
