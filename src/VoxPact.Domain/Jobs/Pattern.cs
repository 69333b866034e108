using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// A regular expression as JSON Schema writes them (ECMA-262 in Unicode mode, unanchored), run by an engine
/// that never
/// backtracks: its time grows with the text only. Lookaround, back references and script names are refused;
/// <c>\b</c> counts the letters of every script as parts of words.
/// </summary>
public sealed class Pattern
{
    private readonly Regex _regex;

    private Pattern(string source, Regex regex, int states) =>
        (Source, _regex, States) = (source, regex, states);

    /// <summary>The text as it was posted.</summary>
    public string Source { get; }

    /// <summary>How large the pattern is once its counted repetitions are written out.</summary>
    internal int States { get; }

    /// <summary>Reads a pattern, or says in <paramref name="error"/> what to change.</summary>
    public static bool TryParse(
        string source, [NotNullWhen(true)] out Pattern? pattern, [NotNullWhen(false)] out string? error)
    {
        pattern = null;
        if (source.Length > Limits.PatternChars)
        {
            error = $"The pattern is longer than {Limits.PatternChars} characters; shorten it.";
            return false;
        }
        var reader = new PatternReader(source);
        (string translated, int states) = reader.Translate();
        error = reader.Error;
        if (error is null && states > Limits.PatternStates)
            error = $"The pattern writes out to more than {Limits.PatternStates} parts; use smaller counts.";
        if (error is not null) return false;
        try
        {
            var timeout = TimeSpan.FromMilliseconds(Limits.PatternMilliseconds);
            var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
            pattern = new Pattern(source, new Regex(translated, options, timeout), states);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            error = "The pattern cannot be run without backtracking; write it in a simpler way.";
            return false;
        }
    }

    /// <summary>Whether the pattern occurs in the text; null when that was not settled in time.</summary>
    public bool? Matches(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    public override string ToString() => Source;
}
