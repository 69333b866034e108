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
        foreach (var setting in Settings.All.Where(setting => !setting.IsRepeated))
        {
            string bounds = setting.Property.GetCustomAttribute<RangeAttribute>() is { } range
                ? string.Create(CultureInfo.InvariantCulture, $" From {range.Minimum} to {range.Maximum}.")
                : "";
            string meaning = setting.Property.GetCustomAttribute<DescriptionAttribute>()!.Description;
            table.Append(CultureInfo.InvariantCulture,
                $"| `{setting.Name}` | `{Settings.Flag(setting)}` | `{Settings.Variable(setting)}` "
                + $"| {Default(setting, defaults)} | {meaning}{bounds} |\n");
        }
        return table.Append("\nWhat stands here for `Judging:Judges:0` also exists for the second judge, "
            + "`Judging:Judges:1`, and for the\narbiter's adviser, `Judging:Adviser`. In `appsettings.json` they "
            + "are objects: `{ \"Judging\": { \"Judges\": [ { … }, { … } ] } }`.\n").ToString();
    }

    private static string Default(NamedSetting setting, ServerOptions defaults) =>
        setting.GetValue(defaults) switch
        {
            null => "",
            bool value => value ? "`true`" : "`false`",
            var value => string.Create(CultureInfo.InvariantCulture, $"`{value}`"),
        };
}
