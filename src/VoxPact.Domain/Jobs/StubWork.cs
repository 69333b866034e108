using System.Text.RegularExpressions;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// Two kinds of work that only look like some: code whose every line is a signature, a comment or nothing, and a
/// covering letter without the thing that it covers. Every rule looks at the whole of the work.
/// </summary>
internal static class StubWork
{
    private const int MostChars = 600;
    private const RegexOptions Plain = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>Words of a job that may ask for just this.</summary>
    private static readonly string[] AskedFor =
        ["stub", "skeleton", "placeholder", "todo", "template", "e mail", "letter", "message", "reply"];

    /// <param name="work">The work's text.</param>
    /// <param name="job">The job's texts, normalised.</param>
    public static string? Reason(string work, IReadOnlyList<string> job)
    {
        bool isAskedFor = job.Any(text => AskedFor.Any(word => text.Contains(word, StringComparison.Ordinal)));
        if (work.Length > MostChars || isAskedFor) return null;
        string[] lines =
            [.. work.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0)];
        if (lines.All(IsNothing) && lines.Any(Mark.IsMatch))
            return "The deliverable is a stub: nothing in it does anything. Send the work itself.";
        string[] sentences =
            [.. SentenceEnd.Split(work).Select(EmptyWork.Normalize).Where(static s => s.Length > 0)];
        return sentences.Any(Announcement.IsMatch) && sentences.All(IsPolite)
            ? "The deliverable only announces the work. Send the work itself."
            : null;
    }

    private static bool IsPolite(string sentence) =>
        Announcement.IsMatch(sentence) || Courtesy.IsMatch(sentence);

    /// <summary>A comment, a signature, or a statement without effect.</summary>
    private static bool IsNothing(string line) => Comment.IsMatch(line) || Signature.IsMatch(line)
        || NoEffect.IsMatch(line);

    private static readonly Regex Comment = new(
        @"^(#|//|--|/\*|<!--)", Plain);

    private static readonly Regex Signature = new(
        @"^(async def|def|class|function|func|fn|public|private|static|void|import|from|using|package)\b"
        + @"[^;=]*[{:);]?\s*(pass|\.\.\.)?\s*((#|//|/\*).*)?\}?$", Plain);

    private static readonly Regex NoEffect = new(
        @"^(pass|\.\.\.|…|[{}()\[\];,]+|return( none| null| undefined)?;?"
        + @"|(raise|throw)\b.{0,20}not.?implemented.{0,40})$", Plain | RegexOptions.IgnoreCase);

    /// <summary>Says itself that nothing is there yet.</summary>
    private static readonly Regex Mark = new(
        @"(^|[:{]\s*)(pass|\.\.\.|…)[;}\s]*$|(raise|throw)\b.{0,20}not.?implemented"
        + @"|(#|//|--|/\*|<!--)\s*"
        + @"(todo|fixme|tbd|your (code|answer|text|solution) here|implement (me|this|here|it))\b",
        Plain | RegexOptions.IgnoreCase);

    private static readonly Regex SentenceEnd = new(
        @"[.!?\n]+(\s|$)", Plain);

    /// <summary>Says that the work is there, and nothing of what stands in it.</summary>
    private static readonly Regex Announcement = new(
        @"^((sure|of course|certainly|absolutely|hello|hi|dear (client|buyer|customer)) ?)*"
        + @"(here (is|are|s)|this is|attached (is|are)|below (is|are)|please find( attached| below)?|find attached"
        + @"|i have (finished|completed|done))"
        + @"( (the|your|my|a|requested|finished|complete|completed|final|full|attached)){0,4} "
        + @"(translation|summary|text|answer|result|work|code|report|list|table|task|solution|deliverable)s?"
        + @"( (that |which )?(you|i) (asked|requested|wanted|ordered|made)( for)?"
        + @"| as requested| attached| below| in full)*$",
        Plain);

    private static readonly Regex Courtesy = new(
        @"^(sure|of course|certainly|(i )?hope (it|this|that) helps?.{0,40}|(please )?let me know.{0,60}"
        + @"|(please )?feel free.{0,60}|thank(s| you).{0,40}|(best|kind) regards.{0,20})$", Plain);
}
