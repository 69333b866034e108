using System.Text.RegularExpressions;

namespace VoxPact.Server;

/// <summary>
/// Finds settings by what somebody wrote: in any of the ways of writing, and, where there is none of that name, the one
/// that was meant.
/// </summary>
internal static partial class SettingNames
{
    /// <summary>A name that differs in more than every third letter is another name.</summary>
    private const int LettersPerSlip = 3;

    private static readonly Dictionary<string, NamedSetting> s_byName =
        Settings.All.ToDictionary(setting => Plain(setting.Name), StringComparer.OrdinalIgnoreCase);

    /// <summary>The client's variables, and those that tests and tools of this repository read.</summary>
    private static readonly HashSet<string> s_foreign = new(StringComparer.OrdinalIgnoreCase)
    {
        "URL", "KEY", "WEBHOOK_SECRET", "SABOTAGE", "WRITE_DOCS", "COMMANDS", "SEED",
    };

    public static NamedSetting? Find(string name) => s_byName.GetValueOrDefault(Plain(name));

    /// <summary>True for a variable that begins like ours and belongs to somebody else.</summary>
    /// <param name="name">Without the prefix.</param>
    /// <param name="value">What it says.</param>
    public static bool IsForeign(string name, string value) => s_foreign.Contains(name)
        || name.StartsWith("TEST_", StringComparison.OrdinalIgnoreCase) || ServiceLink().IsMatch($"{name}={value}");

    /// <summary>The setting whose name is most like it; null when none is.</summary>
    public static NamedSetting? Nearest(string name)
    {
        string plain = Plain(name).ToUpperInvariant();
        if (plain.Length == 0) return null;
        var (setting, slips) = (
            from known in s_byName
            let upper = known.Key.ToUpperInvariant()
            select (known.Value, Slips: upper.EndsWith(plain, StringComparison.Ordinal) ? 1 : Distance(plain, upper)))
            .MinBy(one => one.Slips);
        return slips <= Math.Max(1, plain.Length / LettersPerSlip) ? setting : null;
    }

    private static string Plain(string name) =>
        name.Replace("-", "").Replace("_", "").Replace(NamedSetting.Joint, "");

    /// <summary>How many letters must be added, left out or changed to make one of the other.</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 0; i < one.Length; i++)
        {
            int corner = row[0];
            row[0] = i + 1;
            for (int j = 0; j < other.Length; j++)
            {
                int changed = corner + (one[i] == other[j] ? 0 : 1);
                corner = row[j + 1];
                row[j + 1] = Math.Min(changed, Math.Min(row[j], corner) + 1);
            }
        }
        return row[^1];
    }

    /// <summary>Kubernetes tells every pod of a service named voxpact in variables such as these.</summary>
    [GeneratedRegex(@"^(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)=|^(\w+_)?PORT=\w+://")]
    private static partial Regex ServiceLink();
}
