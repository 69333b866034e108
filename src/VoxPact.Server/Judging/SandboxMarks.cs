namespace VoxPact.Server.Judging;

/// <summary>How one sandbox judge answers when a mark tells it to.</summary>
internal enum SandboxAnswer
{
    SurePass,
    SureFail,
    DoubtfulPass,
    DoubtfulFail,
    Malformed,
    Refused,
    RepeatsMarker,
    Unreachable,
}

/// <summary>One mark: what both judges answer, and what follows, in a sentence for the documents.</summary>
internal sealed record SandboxMark(string Mark, SandboxAnswer First, SandboxAnswer Second, string Effect);

/// <summary>
/// The marks that steer the sandbox judges when they stand anywhere in a deliverable, as test cards steer charges. The
/// first mark in this order wins. A test holds docs/judging.md to this table.
/// </summary>
internal static class SandboxMarks
{
    public static readonly IReadOnlyList<SandboxMark> All =
    [
        new("[sandbox:pass]", SandboxAnswer.SurePass, SandboxAnswer.SurePass,
            "Both judges pass the work and are sure: verdict Pass."),
        new("[sandbox:fail]", SandboxAnswer.SureFail, SandboxAnswer.SureFail,
            "Both judges fail the work and are sure: verdict Fail."),
        new("[sandbox:unsure]", SandboxAnswer.SurePass, SandboxAnswer.DoubtfulPass,
            "Both judges pass the work, one below the threshold: verdict Unsure."),
        new("[sandbox:split]", SandboxAnswer.SurePass, SandboxAnswer.SureFail,
            "One judge passes the work, the other fails it: verdict Unsure."),
        new("[sandbox:suspect]", SandboxAnswer.DoubtfulFail, SandboxAnswer.DoubtfulFail,
            "Both judges fail the work without being sure: verdict Suspect."),
        new("[sandbox:malformed]", SandboxAnswer.SurePass, SandboxAnswer.Malformed,
            "The second judge's answer breaks its schema: verdict Suspect."),
        new("[sandbox:refused]", SandboxAnswer.SurePass, SandboxAnswer.Refused,
            "The second judge declines to answer: verdict Suspect."),
        new("[sandbox:leak]", SandboxAnswer.RepeatsMarker, SandboxAnswer.SurePass,
            "The first judge repeats the secret marker: verdict Suspect."),
        new("[sandbox:unreachable]", SandboxAnswer.SurePass, SandboxAnswer.Unreachable,
            "The second judge cannot be reached: no verdict, the job waits."),
    ];

    /// <summary>The mark that steers this work, or null.</summary>
    public static SandboxMark? Find(string work) =>
        All.FirstOrDefault(mark => work.Contains(mark.Mark, StringComparison.OrdinalIgnoreCase));
}
