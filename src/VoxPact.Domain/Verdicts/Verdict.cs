namespace VoxPact.Domain.Verdicts;

/// <summary>The outcome and its reasons, the most important first, as sentences for the parties.</summary>
public sealed record Verdict(VerdictOutcome Outcome, IReadOnlyList<string> Reasons)
{
    /// <summary>
    /// Decides from two opinions. A flaw or a suspicion outranks everything, even two confident passes: work
    /// that talks
    /// to its judges is never paid by silence. Two confident fails return the work to the worker.
    /// </summary>
    /// <param name="a">One judge's opinion.</param>
    /// <param name="b">The other's; the order changes nothing but that of the reasons.</param>
    /// <param name="threshold">The least confidence that counts as sure; the default of the product is
    /// 8,000.</param>
    /// <param name="suspicions">What the detector found in the work, as sentences; empty when
    /// nothing.</param>
    public static Verdict Of(Opinion a, Opinion b, BasisPoints threshold, IReadOnlyList<string> suspicions)
    {
        bool flawed = a.Flaw != OpinionFlaw.None || b.Flaw != OpinionFlaw.None;
        bool sure = a.Confidence >= threshold && b.Confidence >= threshold;
        VerdictOutcome outcome = (a.Pass, b.Pass) switch
        {
            _ when flawed || suspicions.Count > 0 => VerdictOutcome.Suspect,
            (true, true) when sure => VerdictOutcome.Pass,
            (false, false) when sure => VerdictOutcome.Fail,
            (false, false) => VerdictOutcome.Suspect,
            _ => VerdictOutcome.Unsure,
        };
        return new Verdict(outcome, [.. suspicions, .. Lines(a), .. Lines(b)]);
    }

    private static IEnumerable<string> Lines(Opinion opinion) =>
        opinion.Reasons.Select(reason => $"{opinion.Judge}: {reason}");
}
