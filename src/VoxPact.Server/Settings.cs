using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace VoxPact.Server;

/// <summary>
/// Reads the settings: flags over environment variables over <c>appsettings.json</c>. A name may be written
/// as <c>TopUpMinor</c>, <c>top-up-minor</c> or <c>TOP_UP_MINOR</c> in each of the three. A name that is no setting is
/// refused in each of them: who misspelt where the database is must not get another one.
/// </summary>
internal static class Settings
{
    public const string VariablePrefix = "VOXPACT_";
    public const string FileName = "appsettings.json";
    private const string Section = "VoxPact";

    /// <summary>Every setting in the order in which <see cref="ServerOptions"/> declares it.</summary>
    public static readonly IReadOnlyList<NamedSetting> All = [.. NamedSetting.Of(typeof(ServerOptions))];

    /// <summary>As this process was told: also by the files beside the program and where it runs.</summary>
    public static ServerOptions Read(string[] flags) => Read(
        flags,
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? ""),
        [AppContext.BaseDirectory, Environment.CurrentDirectory]);

    /// <param name="flags">As <c>--name value</c> or <c>--name=value</c>.</param>
    /// <param name="variables">The whole environment; what does not begin with the prefix is left alone.</param>
    /// <param name="folders">Where to look for the file; the last one that says something wins.</param>
    public static ServerOptions Read(
        string[] flags, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> folders)
    {
        var given = new Dictionary<NamedSetting, Given>();
        foreach (string folder in folders.Distinct()) ReadFile(Path.Combine(folder, FileName), given);
        ReadVariables(variables, given);
        ReadFlags(flags, given);
        return Bind(given);
    }

    /// <summary>Values out of their bounds, as sentences that name the setting.</summary>
    public static IEnumerable<string> Problems(ServerOptions options) =>
        from setting in All
        from rule in setting.Property.GetCustomAttributes<ValidationAttribute>()
        let value = setting.GetValue(options)
        where value is not null && !rule.IsValid(value)
        select rule.FormatErrorMessage(setting.Name);

    /// <summary>As the documents write a flag: <c>--top-up-minor</c>.</summary>
    public static string Flag(NamedSetting setting) => "--" + Words(setting.Name, '-').ToLowerInvariant();

    /// <summary>As the documents write an environment variable: <c>VOXPACT_TOP_UP_MINOR</c>.</summary>
    public static string Variable(NamedSetting setting) =>
        VariablePrefix + Words(setting.Name, '_').ToUpperInvariant();

    private sealed record Given(string Value, string Source);

    private static void ReadFile(string path, Dictionary<NamedSetting, Given> given)
    {
        if (!File.Exists(path)) return;
        try
        {
            using var file = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            });
            if (file.RootElement.ValueKind is not JsonValueKind.Object) return;
            foreach (var member in file.RootElement.EnumerateObject())
            {
                // The other members are the web server's own, or another program's.
                if (member.Name.Equals(nameof(ServerOptions.Judging), StringComparison.OrdinalIgnoreCase))
                    throw new BadSettings($"{member.Name} in {path} belongs into the object \"{Section}\".");
                if (member.Name.Equals(Section, StringComparison.OrdinalIgnoreCase))
                    ReadSection(member.Value, path, given);
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new BadSettings(
                $"{path} cannot be read: under \"{Section}\" it must hold a JSON object. {broken.Message}");
        }
    }

    private static void ReadSection(JsonElement section, string path, Dictionary<NamedSetting, Given> given)
    {
        if (section.ValueKind is not JsonValueKind.Object) throw new InvalidOperationException();
        foreach (var (name, value) in Members(section, ""))
        {
            var setting = SettingNames.Find(name)
                ?? throw new BadSettings(Unknown(name, $"in {path}", static near => near.Name));
            given[setting] = new Given(value, $"{name} in {path}");
        }
    }

    private static void ReadVariables(
        IReadOnlyDictionary<string, string> variables, Dictionary<NamedSetting, Given> given)
    {
        var known = new Dictionary<NamedSetting, Given>();
        var problems = new List<string>();
        foreach (var (name, value) in variables.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase)) continue;
            string plain = name[VariablePrefix.Length..];
            if (SettingNames.Find(plain) is not { } setting)
            {
                if (!SettingNames.IsForeign(plain, value))
                    problems.Add(Unknown(name, "in the environment", Variable, plain));
            }
            else if (known.TryGetValue(setting, out var other) && other.Value != value)
            {
                problems.Add($"{other.Source} and {name} are one setting and say two things; leave one of them out.");
            }
            else
            {
                given[setting] = known[setting] = new Given(value, name);
            }
        }
        if (problems.Count > 0) throw new BadSettings(string.Join(Environment.NewLine, problems));
    }

    /// <summary>Objects and lists become names such as <c>Judging:Judges:0:Model</c>; nulls say nothing.</summary>
    private static IEnumerable<(string Name, string Value)> Members(JsonElement element, string name)
    {
        string under = name.Length == 0 ? "" : name + NamedSetting.Joint;
        return element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject()
                .SelectMany(member => Members(member.Value, under + member.Name)),
            JsonValueKind.Array => element.EnumerateArray()
                .SelectMany((item, i) => Members(item, string.Create(CultureInfo.InvariantCulture, $"{under}{i}"))),
            JsonValueKind.Null => [],
            _ => [(name, element.ToString())],
        };
    }

    private static void ReadFlags(string[] flags, Dictionary<NamedSetting, Given> given)
    {
        for (int i = 0; i < flags.Length; i++)
        {
            string flag = flags[i];
            if (!flag.StartsWith("--", StringComparison.Ordinal))
                throw new BadSettings($"\"{flag}\" is not understood; write settings as --name value.");
            int sign = flag.IndexOf('=');
            string name = sign < 0 ? flag[2..] : flag[2..sign];
            var setting = SettingNames.Find(name)
                ?? throw new BadSettings(Unknown($"--{name}", "on the command line", Flag, name));
            if (sign < 0 && i + 1 == flags.Length) throw new BadSettings($"--{name} needs a value.");
            given[setting] = new Given(sign < 0 ? flags[++i] : flag[(sign + 1)..], $"--{name}");
        }
    }

    private static ServerOptions Bind(Dictionary<NamedSetting, Given> given)
    {
        var options = new ServerOptions();
        var problems = new List<string>();
        foreach (var (setting, (value, source)) in given)
        {
            var type = setting.ValueType;
            // Said, but empty: the default, whatever a weaker source says.
            if (value.Length == 0) continue;
            try
            {
                setting.SetValue(options, type.IsEnum
                    ? Word(type, value)
                    : Convert.ChangeType(value, type, CultureInfo.InvariantCulture));
            }
            catch (Exception unfit) when (unfit is FormatException or OverflowException or ArgumentException)
            {
                problems.Add($"{source}: \"{value}\" is not {Kind(type)}.");
            }
        }
        return problems.Count == 0
            ? options
            : throw new BadSettings(string.Join(Environment.NewLine, problems));
    }

    /// <summary>A name of the enumeration; numbers are no names.</summary>
    private static object Word(Type type, string value) =>
        Enum.GetNames(type).FirstOrDefault(
            name => name.Equals(value.Replace("-", ""), StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse(type, name)
            : throw new FormatException();

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "one of "
            + string.Join(", ", Enum.GetValues(type).Cast<object>().Select(value => value is JudgeProvider provider
                ? Judging.ConfiguredJudges.Word(provider)
                : $"{value}".ToLowerInvariant())),
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(decimal) => "a number such as 0.25",
        _ => "a whole number that fits",
    };

    private static string Unknown(
        string name, string where, Func<NamedSetting, string> write, string? searched = null) =>
        $"There is no setting {name} ({where}). "
        + (SettingNames.Nearest(searched ?? name) is { } near ? $"Did you mean {write(near)}? " : "")
        + "All of them stand in docs/self-hosting.md.";

    /// <summary>The words of a name such as <c>TopUpMinor</c>, joined.</summary>
    private static string Words(string name, char joint) => string.Join(joint, name.Split(NamedSetting.Joint).Select(
        part => string.Concat(part.Select(
            (letter, i) => i > 0 && char.IsUpper(letter) ? $"{joint}{letter}" : letter.ToString()))));
}
