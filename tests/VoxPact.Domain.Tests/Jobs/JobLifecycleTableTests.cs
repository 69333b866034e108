using VoxPact.Domain.Jobs;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

public sealed class JobLifecycleTableTests
{
    /// <summary>
    /// Where each command by each caller leads, by the state it finds. ACT+ is an active job with a
    /// submission behind it, SUSP a review of suspect work. <c>-</c> forbidden, <c>x</c> wrong state,
    /// <c>?</c> not found, <c>asks</c> waits for the other party, <c>same</c> changes nothing. A verdict here
    /// is a Pass, a resolution a release.
    /// </summary>
    private const string Expected = """
                                  FUND OPEN OFFR ACTV ACT+ JUDG REVW SUSP FAIL DISP DONE CNCL
        accept           buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   x    x    ACTV x    x    x    x    x    x    x    x    x
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        decline          buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   x    x    CNCL x    x    x    x    x    x    x    x    x
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        submit           buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   x    x    JUDG JUDG JUDG x    x    x    x    x    x    x
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        approve          buyer    x    x    x    x    x    DONE DONE DONE DONE DONE x    x
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        request_revision buyer    x    x    x    x    x    x    ACTV ACTV x    x    x    x
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        cancel           buyer    CNCL CNCL CNCL asks asks asks asks asks asks x    x    x
                         worker   x    x    x    CNCL asks asks asks asks asks x    x    x
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        dispute          buyer    x    x    x    x    DISP x    DISP DISP x    x    x    x
                         worker   x    x    x    x    DISP x    DISP DISP DISP x    x    x
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        concede          buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   x    x    x    x    x    x    x    x    x    CNCL x    x
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        resolve          buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  x    x    x    x    x    x    x    x    x    DONE x    x
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        place_bid        buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    OPEN ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        change_bid       buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    OPEN ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        withdraw_bid     buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    OPEN ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        accept_bid       buyer    x    ACTV x    x    x    x    x    x    x    x    x    x
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        fund             buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform OFFR x    x    x    x    x    x    x    x    x    x    x
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        record_verdict   buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform x    x    x    x    x    DONE x    x    x    x    x    x
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        run_timer        buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform CNCL CNCL CNCL CNCL FAIL DISP DONE DISP CNCL DONE same same
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        take_back        buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform x    CNCL CNCL x    x    x    x    x    x    x    x    x
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        bonus            buyer    x    x    x    x    x    x    x    x    x    x    DONE x
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        counter_offer    buyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   x    x    OFFR x    x    x    x    x    x    x    x    x
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        withdraw_counter_offerbuyer    -    -    -    -    -    -    -    -    -    -    -    -
                         worker   x    x    OFFR x    x    x    x    x    x    x    x    x
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        accept_counter_offerbuyer    x    x    ACTV x    x    x    x    x    x    x    x    x
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        decline_counter_offerbuyer    x    x    OFFR x    x    x    x    x    x    x    x    x
                         worker   -    -    -    -    -    -    -    -    -    -    -    -
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        appeal           buyer    x    x    x    x    x    x    x    x    x    x    x    x
                         worker   x    x    x    x    x    x    x    x    x    x    x    x
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        add_evidence     buyer    x    x    x    x    x    x    x    x    x    DISP x    x
                         worker   x    x    x    x    x    x    x    x    x    DISP x    x
                         arbiter  -    -    -    -    -    -    -    -    -    -    -    -
                         platform -    -    -    -    -    -    -    -    -    -    -    -
                         stranger ?    -    ?    ?    ?    ?    ?    ?    ?    ?    ?    ?
        """;

    private static readonly Dictionary<string, string> Marks = new()
    {
        ["funding"] = "FUND",
        ["open"] = "OPEN",
        ["offered"] = "OFFR",
        ["active"] = "ACTV",
        ["active, submitted"] = "ACT+",
        ["validating"] = "JUDG",
        ["review"] = "REVW",
        ["review, suspect"] = "SUSP",
        ["failed"] = "FAIL",
        ["disputed"] = "DISP",
        ["completed"] = "DONE",
        ["cancelled"] = "CNCL",
        ["forbidden"] = "-",
        ["wrong_state"] = "x",
        ["not_found"] = "?",
        ["asked"] = "asks",
        ["unchanged"] = "same",
    };

    [Fact]
    public void Every_command_by_every_caller_in_every_state_comes_to_what_the_table_says()
    {
        string[] expected = Expected.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(expected, Render().ToArray());
    }

    [Fact]
    public void The_page_about_the_life_of_a_job_says_what_the_code_does() =>
        Repository.Holds("docs/job-lifecycle.md", LifecycleDocument.Render());

    private static IEnumerable<string> Render()
    {
        yield return Line("", "", LifecycleRun.Places);
        foreach (var command in Enum.GetValues<JobCommand>())
            foreach (var (party, name) in LifecycleRun.Callers)
                yield return Line(party is Party.Buyer ? Snake(command) : "", name,
                    LifecycleRun.Places.Select(place => LifecycleRun.Try(place, command, party)));
    }

    private static string Line(string command, string caller, IEnumerable<string> cells) =>
        $"{command,-17}{caller,-9}{string.Join(' ', cells.Select(cell => $"{Marks[cell],-4}"))}".TrimEnd();

    private static string Snake(JobCommand command) => string.Concat(command.ToString().Select(
        (letter, at) => char.IsUpper(letter) && at > 0 ? $"_{letter}" : $"{letter}")).ToLowerInvariant();
}
