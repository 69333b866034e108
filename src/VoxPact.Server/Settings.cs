using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace VoxPact.Server;

/// <summary>
/// Reads the settings: flags over environment variables over <c>appsettings.json</c>. A name may be written
/// as <c>TopUpMinor</c>, <c>top-up-minor</c> or <c>TOP_UP_MINOR</c> in each of the three.
/// </summary>
internal static class Settings
{
    public const string VariablePrefix = "VOXPACT_";
    public const string FileName = "appsettings.json";
    private const string Section = "VoxPact";

    /// <summary>Every setting in the order in which <see cref="ServerOptions"/> declares it.</summary>
    public static readonly IReadOnlyList<NamedSetting> All = [.. NamedSetting.Of(typeof(ServerOptions))];

    private static readonly Dictionary<string, NamedSetting> ByName =
        All.ToDictionary(property => Plain(property.Name), StringComparer.OrdinalIgnoreCase);

    /// <summary>As this process was told: also by the files beside the program and where it runs.</summary>
    public static ServerOptions Read(string[] flags) => Read(
        flags, Environment.GetEnvironmentVariable, [AppContext.BaseDirectory, Environment.CurrentDirectory]);

    /// <param name="flags">As <c>--name value</c> or <c>--name=value</c>.</param>
    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <param name="folders">Where to look for the file; the last one that says something wins.</param>
    public static ServerOptions Read(
        string[] flags, Func<string, string?> variable, IReadOnlyList<string> folders)
    {
        var given = new Dictionary<NamedSetting, Given>();
        foreach (string folder in folders.Distinct()) ReadFile(Path.Combine(folder, FileName), given);
        foreach (var setting in All)
        {
            foreach (string name in VariableNames(setting))
                if (variable(name) is { } value) given[setting] = new Given(value, name);
        }
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

    private static IEnumerable<string> VariableNames(NamedSetting setting) =>
    [
        VariablePrefix + Plain(setting.Name).ToUpperInvariant(), VariablePrefix + Plain(setting.Name),
        VariablePrefix + setting.Name.Replace(NamedSetting.Joint, "__"), Variable(setting),
    ];

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
            if (file.RootElement.ValueKind is not JsonValueKind.Object
                || !file.RootElement.TryGetProperty(Section, out var section)) return;
            foreach (var (name, value) in Members(section, ""))
            {
                var setting = Find(name) ?? throw new BadSettings(Unknown(name, $"in {path}"));
                given[setting] = new Given(value, $"{name} in {path}");
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new BadSettings(
                $"{path} cannot be read: under \"{Section}\" it must hold a JSON object. {broken.Message}");
        }
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
            var setting = Find(name) ?? throw new BadSettings(Unknown($"--{name}", "on the command line"));
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
            + string.Join(", ", Enum.GetNames(type).Select(name => name.ToLowerInvariant())),
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(decimal) => "a number such as 0.25",
        _ => "a whole number that fits",
    };

    private static NamedSetting? Find(string name) => ByName.GetValueOrDefault(Plain(name));

    private static string Unknown(string name, string where) =>
        $"There is no setting {name} ({where}). The settings are: {string.Join(", ", All.Select(Flag))}.";

    private static string Plain(string name) =>
        name.Replace("-", "").Replace("_", "").Replace(NamedSetting.Joint, "");

    /// <summary>The words of a name such as <c>TopUpMinor</c>, joined.</summary>
    private static string Words(string name, char joint) => string.Join(joint, name.Split(NamedSetting.Joint).Select(
        part => string.Concat(part.Select(
            (letter, i) => i > 0 && char.IsUpper(letter) ? $"{joint}{letter}" : letter.ToString()))));
}
