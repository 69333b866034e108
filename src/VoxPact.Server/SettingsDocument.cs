using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace VoxPact.Server;

/// <summary>The table in docs/self-hosting.md, made from <see cref="ServerOptions"/> itself.</summary>
internal static class SettingsDocument
{
    public static string Render()
    {
        var defaults = new ServerOptions();
        var table = new StringBuilder(
            "| Setting | Flag | Environment variable | Default | Meaning |\n|---|---|---|---|---|\n");
        foreach (var setting in Settings.All)
        {
            string bounds = setting.GetCustomAttribute<RangeAttribute>() is { } range
                ? string.Create(CultureInfo.InvariantCulture, $" From {range.Minimum} to {range.Maximum}.")
                : "";
            string meaning = setting.GetCustomAttribute<DescriptionAttribute>()!.Description;
            table.Append(CultureInfo.InvariantCulture,
                $"| `{setting.Name}` | `{Settings.Flag(setting)}` | `{Settings.Variable(setting)}` "
                + $"| {Default(setting, defaults)} | {meaning}{bounds} |\n");
        }
        return table.ToString();
    }

    private static string Default(PropertyInfo setting, ServerOptions defaults) =>
        setting.GetValue(defaults) switch
        {
            null => "",
            bool value => value ? "`true`" : "`false`",
            var value => string.Create(CultureInfo.InvariantCulture, $"`{value}`"),
        };
}
