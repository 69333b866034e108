namespace VoxPact.Domain.Verdicts;

/// <summary>What two opinions amount to. Stable numbers: they are stored.</summary>
public enum VerdictOutcome
{
    /// <summary>Both judges pass the work and both are sure.</summary>
    Pass = 1,

    /// <summary>Both judges fail the work and both are sure: it goes back with the reasons.</summary>
    Fail = 2,

    /// <summary>At least one judge passes the work, nothing is suspicious: silence releases.</summary>
    Unsure = 3,

    /// <summary>Anything else: the review's silence goes to the arbiter, never to the worker.</summary>
    Suspect = 4,
}
