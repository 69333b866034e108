namespace VoxPact.Domain.Verdicts;

/// <summary>What two opinions together say; what follows from each is the table in <c>docs/judging.md</c>.</summary>
public enum Outcome
{
    /// <summary>Both judges pass the work and both are sure.</summary>
    Pass,

    /// <summary>Both judges fail the work and both are sure.</summary>
    Fail,

    /// <summary>At least one judge passes the work and nothing is suspicious: silence releases after the review.</summary>
    Unsure,

    /// <summary>Anything else: silence goes to the arbiter, never to the worker.</summary>
    Suspect,
}

/// <summary>The outcome and its reasons, the most important first, as sentences for the parties.</summary>
public sealed record Verdict(Outcome Outcome, IReadOnlyList<string> Reasons)
{
    /// <summary>
    /// Decides from two opinions. A flaw or a suspicion outranks everything, even two confident passes: work that talks
    /// to its judges is never paid by silence. Two confident fails return the work to the worker.
    /// </summary>
    /// <param name="a">One judge's opinion.</param>
    /// <param name="b">The other's; the order changes nothing but that of the reasons.</param>
    /// <param name="threshold">The least confidence that counts as sure; the default of the product is 8,000.</param>
    /// <param name="suspicions">What the detector found in the work, as sentences; empty when nothing.</param>
    public static Verdict Of(Opinion a, Opinion b, BasisPoints threshold, IReadOnlyList<string> suspicions)
    {
        bool flawed = a.Flaw != OpinionFlaw.None || b.Flaw != OpinionFlaw.None;
        bool sure = a.Confidence >= threshold && b.Confidence >= threshold;
        Outcome outcome = (a.Pass, b.Pass) switch
        {
            _ when flawed || suspicions.Count > 0 => Outcome.Suspect,
            (true, true) when sure => Outcome.Pass,
            (false, false) when sure => Outcome.Fail,
            (false, false) => Outcome.Suspect,
            _ => Outcome.Unsure,
        };
        return new Verdict(outcome, [.. suspicions, .. Lines(a), .. Lines(b)]);
    }

    private static IEnumerable<string> Lines(Opinion opinion) =>
        opinion.Reasons.Select(reason => $"{opinion.Judge}: {reason}");
}
