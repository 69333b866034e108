using System.Globalization;
using System.Text.RegularExpressions;

namespace VoxPact.Server.Judging;

/// <summary>How long a task says that its answer is to be, where it says so in plain numbers.</summary>
internal static partial class LengthAsked
{
    /// <summary>Beyond the asked length by so many percent is still kept to it: people count differently.</summary>
    private const int SlackPercent = 15;

    private static readonly string[] Numbers =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    /// <summary>What the work does against the task's own length; null when it keeps to it or none is named.</summary>
    public static string? Fault(string task, int words, int lines)
    {
        foreach (Match match in Words().Matches(task))
        {
            int most = Number(match.Groups["most"].Value);
            if (words * 100 > most * (100 + SlackPercent))
                return $"{words} words, where at most {most} were asked for.";
            if (match.Groups["least"] is { Success: true } least
                && words * (100 + SlackPercent) < Number(least.Value) * 100)
                return $"{words} words, where at least {least.Value} were asked for.";
        }
        if (PerLine().Match(task) is { Success: true } each && lines < Number(each.Groups["count"].Value))
            return $"{lines} lines, where {each.Groups["count"].Value} were asked for.";
        return null;
    }

    private static int Number(string word)
    {
        int known = Array.IndexOf(Numbers, word.ToLowerInvariant());
        return known >= 0 ? known : int.Parse(word, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\b(at most|up to|no more than|not more than|maximum of|(?<least>\d{1,5}) (to|or)) "
        + @"(?<most>\d{1,5}) words\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"\b(?<count>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)\b[^.;:]{0,80}"
        + @"\bone (per|a|on each) line\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PerLine();
}
