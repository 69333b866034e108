using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Judging;

/// <summary>
/// Finds, by code, works that talk to their judges instead of doing the job. A hit never fails a work: it
/// makes the
/// verdict Suspect, so that no silence pays and a person decides. So each rule needs the judge, the verdict
/// or the
/// prompt's own machinery in view; words such as "ignore" or "approve" alone are no hit.
/// </summary>
internal static class Detector
{
    /// <summary>How much is inspected: more than a judge is shown.</summary>
    private const int InspectedChars = 2 * JudgePrompt.WorkChars;
    private const int EchoWords = 12;

    /// <summary>
    /// Suspicions about a work and the job it was made for, as sentences; empty when nothing was found. The
    /// job's own
    /// text is inspected too, since a buyer gains from judges that fail everything.
    /// </summary>
    public static IReadOnlyList<string> Inspect(JudgedWork work, IReadOnlyList<string> jobTexts)
    {
        string job = string.Join('\n', jobTexts);
        var found = new List<string>();
        foreach (string what in HitsIn(work, job)) found.Add($"The work {what}.");
        foreach (string what in HiddenIn(work)) found.Add($"The {what}.");
        if (IsEcho(work.Text, job)) found.Add("The work is mostly the job's own text.");
        foreach (string what in Hits(job, "")) found.Add($"The job's text {what}.");
        return found;
    }

    /// <summary>The same of what one side of a dispute says or lays in evidence.</summary>
    /// <param name="whose">Such as "The evidence of the buyer".</param>
    /// <param name="said">The words, and the files with them.</param>
    /// <param name="job">The job's text.</param>
    public static IEnumerable<string> InspectSide(string whose, JudgedWork said, string job) =>
        HitsIn(said, job).Select(what => $"{whose} {what}.")
            .Concat(HiddenIn(said).Select(what => $"{whose}: the {what}."));

    /// <summary>Each part by itself, and all of them as one, for what is split over them.</summary>
    private static IEnumerable<string> HitsIn(JudgedWork work, string job)
    {
        IEnumerable<string> texts = work.Files.Count == 0 ? [work.Text] : [.. work.Parts, work.Contents];
        return texts.SelectMany(text => Hits(text, job)).Distinct();
    }

    private static IEnumerable<string> HiddenIn(JudgedWork work) =>
        work.Files.SelectMany(file => file.Read.Hidden.Select(what => $"file {file.File.Name} {what}"));

    /// <summary>What the text does, by rule; each rule at most once.</summary>
    private static IEnumerable<string> Hits(string text, string job)
    {
        if (text.Length > InspectedChars) text = text[..InspectedChars];
        var hits = new List<string>();
        if (HiddenText.Fault(text) is { } hidden) hits.Add(hidden);
        List<string> views = DetectorViews.Of(text);
        foreach (DetectorRule rule in DetectorRule.All)
        {
            // A job that is itself about verdicts asks for such data: only then is it no sign.
            if (rule.AllowedWhenAsked && rule.Pattern.IsMatch(job)) continue;
            int from = rule.DecodedToo ? views.Count : 1;
            if (views.Take(from).Any(rule.Pattern.IsMatch)) hits.Add(rule.What);
        }
        return hits;
    }

    private static bool IsEcho(string work, string job)
    {
        var features = WorkFeatures.Of(work, job);
        return features.WordCount >= EchoWords && features.IsEcho;
    }
}
