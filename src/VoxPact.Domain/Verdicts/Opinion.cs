namespace VoxPact.Domain.Verdicts;

/// <summary>
/// What is wrong with a judge's answer itself; anything but <see cref="None"/> makes the verdict Suspect.
/// </summary>
public enum OpinionFlaw
{
    None,

    /// <summary>The answer does not follow the schema that the judge was given.</summary>
    Malformed,

    /// <summary>The judge's model declined to answer.</summary>
    Refused,

    /// <summary>
    /// The answer shows that the work reached the judge, such as by repeating the secret marker.
    /// </summary>
    Suspicious,
}

/// <summary>One judge's answer about one submission. With a flaw, pass and confidence say nothing.</summary>
public sealed record Opinion(
    string Judge, string Model, bool Pass, BasisPoints Confidence, IReadOnlyList<string> Reasons,
    OpinionFlaw Flaw = OpinionFlaw.None)
{
    public static Opinion Flawed(string judge, string model, OpinionFlaw flaw, string reason) =>
        new(judge, model, false, BasisPoints.Zero, [reason], flaw);
}
