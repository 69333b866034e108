using System.Globalization;
using System.Text.RegularExpressions;

namespace VoxPact.Server.Judging;

/// <summary>
/// The lines of a job's rubric as judges know them, R1, R2 and so on, and what a judge found about each. A judge that
/// passes a work without a word on one of them has not looked, or does not say, so its pass is no sure one.
/// </summary>
internal static partial class RubricFindings
{
    private const int QuotedChars = 80;

    /// <summary>Added to a judge's instructions when the job has a rubric.</summary>
    public const string Rule = """
        For each line of the RUBRIC write one finding whose "criterion" is the line's name: R1, R2 and so on.
        A pass that leaves one out is not accepted as sure.
        """;

    /// <summary>The rubric as a prompt shows it, a line for each criterion.</summary>
    public static string Show(IReadOnlyList<string> rubric) =>
        string.Join('\n', rubric.Select(static (line, i) => $"{Name(i)}. {line.ReplaceLineEndings(" ")}"));

    /// <summary>The names in a rubric that was shown so; the sandbox's judges answer to them.</summary>
    public static IEnumerable<string> NamesIn(string shown) => shown.Split('\n')
        .Select(static line => Named().Match(line)).Where(static match => match.Success)
        .Select(static match => match.Value);

    /// <summary>
    /// The findings, those about a line of the rubric under its own words, so that both judges speak of one thing; and
    /// the beginnings of the lines that none is about.
    /// </summary>
    public static (IReadOnlyList<Finding> Findings, IReadOnlyList<string> LeftOut) Match(
        IReadOnlyList<Finding> findings, IReadOnlyList<string> rubric)
    {
        if (rubric.Count == 0) return (findings, []);
        var seen = new HashSet<int>();
        List<Finding> matched = [.. findings.Select(finding =>
        {
            int line = LineOf(finding.Criterion, rubric);
            if (line < 0) return finding;
            seen.Add(line);
            return finding with { Criterion = rubric[line] };
        })];
        return (matched, [.. rubric.Where((_, line) => !seen.Contains(line)).Select(Quoted)]);
    }

    /// <summary>By the words of the line, or else by its name; -1 for what a judge looked at besides.</summary>
    private static int LineOf(string criterion, IReadOnlyList<string> rubric)
    {
        string said = Letters(criterion);
        for (int i = 0; i < rubric.Count; i++)
            if (Letters(rubric[i]) == said) return i;
        return int.TryParse(Named().Match(criterion).Groups["number"].Value, NumberStyles.None,
            CultureInfo.InvariantCulture, out int number) && number <= rubric.Count
            ? number - 1
            : -1;
    }

    private static string Name(int line) => string.Create(CultureInfo.InvariantCulture, $"R{line + 1}");

    private static string Quoted(string line) =>
        line.Length <= QuotedChars ? $"“{line}”" : $"“{line[..QuotedChars]}…”";

    private static string Letters(string text) =>
        string.Concat(text.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    [GeneratedRegex(@"^R(?<number>[1-9][0-9]{0,2})\b")]
    private static partial Regex Named();
}
