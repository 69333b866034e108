using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace VoxPact.Server.Judging;

/// <summary>
/// A judge without a model, for the sandbox: it reads the prompt as a model would, counts what can be
/// counted, and
/// says so. Two of them weigh differently. The same prompt always gets the same answer; <see
/// cref="SandboxMarks"/> in
/// the work steer it. It understands nothing: in live mode it does not exist.
/// </summary>
internal sealed class SandboxJudge(bool first) : IChatClient
{
    public const string Model = "sandbox (no model)";
    public const string FirstName = "sandbox-judge-a";
    public const string SecondName = "sandbox-judge-b";

    public const string AdviserName = "sandbox-adviser";

    private const string NotRead = "A sandbox judge has no model and read nothing; this goes by the whole.";
    private const string LookAgain = "Look at this again; a sandbox judge has no model and goes by the whole.";

    /// <summary>Advises the sandbox's arbiter.</summary>
    public static Judge Adviser() =>
        new(AdviserName, Model, new SandboxJudge(first: true), PromptStyle.Advice);

    /// <summary>The two judges of the sandbox, ready for a panel.</summary>
    public static (Judge First, Judge Second) Pair() => (
        new Judge(FirstName, Model, new SandboxJudge(first: true), PromptStyle.Checklist),
        new Judge(SecondName, Model, new SandboxJudge(first: false), PromptStyle.Audit));

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        string prompt = string.Join('\n', messages.Select(static message => message.Text));
        IReadOnlyDictionary<string, string> sections = PromptFence.Read(prompt, out string? marker);
        string work = string.Join("\n\n",
            sections.Where(static section => IsWork(section.Key)).Select(static section => section.Value));
        SandboxMark? mark = SandboxMarks.Find(work);
        var task = sections.Where(static section => IsTask(section.Key)).Select(static section => section.Value);
        List<string> rubric = [.. RubricFindings.NamesIn(sections.GetValueOrDefault("RUBRIC", ""))];
        string answer = mark is null
            ? Weigh(WorkFeatures.Of(work, string.Join('\n', task)), rubric)
            : Steered(mark, first ? mark.First : mark.Second, marker ?? "", rubric);
        return Task.FromResult(
            new ChatResponse(new ChatMessage(ChatRole.Assistant, answer)) { ModelId = Model });
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Judges are asked for whole answers.");

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Nothing is held.
    }

    private static bool IsTask(string section) => section is "TITLE" or "DESCRIPTION" or "TASK_SPEC";

    private static bool IsWork(string section) =>
        section == "WORK" || section.StartsWith("FILE_", StringComparison.Ordinal);

    private static string Steered(
        SandboxMark mark, SandboxAnswer answer, string marker, IReadOnlyList<string> rubric)
    {
        string reason = $"Steered by the mark {mark.Mark}.";
        return answer switch
        {
            SandboxAnswer.SurePass => Answer(true, 95, Findings([], rubric, true), [reason]),
            SandboxAnswer.SureFail => Answer(false, 95, Findings([], rubric, false), [reason]),
            SandboxAnswer.DoubtfulPass => Answer(true, 55, Findings([], rubric, true), [reason]),
            SandboxAnswer.DoubtfulFail => Answer(false, 55, Findings([], rubric, false), [reason]),
            SandboxAnswer.Malformed => "The work is fine, I would say.",
            SandboxAnswer.Refused => "I cannot help with judging this work.",
            SandboxAnswer.RepeatsMarker => Answer(true, 95, [], [$"The marker is {marker}."]),
            SandboxAnswer.Unreachable => throw new HttpRequestException(
                "The sandbox plays an outage.", null, HttpStatusCode.ServiceUnavailable),
        };
    }

    /// <summary>
    /// Adds up points from 50: the first judge looks at relation to the task, the second at form. 50 or more
    /// passes;
    /// the distance from the middle is the confidence.
    /// </summary>
    private string Weigh(WorkFeatures work, IReadOnlyList<string> rubric)
    {
        List<Point> points = first ? Relation(work) : Form(work);
        int sum = Math.Clamp(50 + points.Sum(static p => p.Met ? p.Gain : -p.Loss), 3, 97);
        bool pass = sum >= 50;
        List<string> reasons = pass
            ? ["Counted, not understood: a sandbox judge has no model."]
            : [.. points.Where(static p => !p.Met).Select(static p => $"Not met: {p.Criterion}. {p.Note}")];
        return Answer(pass, pass ? sum : 100 - sum, Findings(points.Where(static p => !p.Met), rubric, pass), reasons);
    }

    /// <summary>What was counted, then a finding for each line of the rubric: as the whole, which is said.</summary>
    private static List<Finding> Findings(IEnumerable<Point> points, IReadOnlyList<string> rubric, bool pass) =>
    [
        .. points.Select(static point => new Finding(point.Criterion, point.Met, point.Note)),
        .. rubric.Select(name => new Finding(name, pass, pass ? NotRead : LookAgain)),
    ];

    private static List<Point> Relation(WorkFeatures work) =>
    [
        Enough(work, 15, 30),
        Readable(work, 0),
        Own(work, 60),
        Relates(work, 20, 30),
        new("covers the task", work.Shared > 1 || work.Keywords < 4, "More than one key word of the task.", 10, 10),
        new("is more than a remark", !work.SaysLittle, $"{work.WordCount} words for a task of many.", 0, 25),
        new("is more than a quotation", !work.IsQuotation, "All of it stands in the task, word by word.", 0, 25),
        Filled(work),
    ];

    private static List<Point> Form(WorkFeatures work) =>
    [
        Enough(work, 15, 50),
        Readable(work, 10),
        Own(work, 40),
        new("has a shape", work.Shaped, "Sentences, lines, code or fields.", 15, 0),
        new("does not repeat itself", work.Distinct >= (work.WordCount < 30 ? 45 : 25),
            $"{work.Distinct} % of the words are different.", 10, 40),
        new("says each thing once", work.Repeated < 30,
            $"{work.Repeated} % of the sentences stand there twice.", 0, 40),
        new("keeps to the length asked for", work.LengthFault is null, work.LengthFault ?? "", 0, 30),
        Filled(work),
        Relates(work, 5, 5),
    ];

    private static Point Filled(WorkFeatures work) => new(
        "has values", work.Blank * 2 <= work.Leaves, $"{work.Blank} values say nothing.", 0, 60);

    private static Point Enough(WorkFeatures work, int gain, int loss) => new(
        "says enough", work.WordCount >= 4 || work.Leaves > 2,
        $"{work.WordCount} words, {work.Chars} characters.", gain, loss);

    private static Point Readable(WorkFeatures work, int gain) => new(
        "is readable", work.Wordlike >= 60, $"{work.Wordlike} % of the words could be words.", gain, 50);

    /// <summary>A task without key words gives nothing to relate to: no points, so that nothing is sure.</summary>
    private static Point Relates(WorkFeatures work, int gain, int loss) => work.CanRelate
        ? new Point("relates to the task", work.Related, Keywords(work), gain, loss)
        : new Point("relates to the task", false, "The task has no key words to look for.", 0, 0);

    private static Point Own(WorkFeatures work, int loss) => new(
        "is not the task's own text", !work.IsEcho,
        $"{work.Copied} % of it stands in the task already.", 0, loss);

    private static string Keywords(WorkFeatures work) =>
        $"{work.Shared} of {work.Keywords} key words of the task occur.";

    private static string Answer(
        bool pass, int hundredths, IReadOnlyList<Finding> findings, List<string> reasons) =>
        new JsonObject
        {
            ["pass"] = pass,
            ["confidence"] = JsonValue.Create(hundredths / 100m),
            ["findings"] = new JsonArray([.. findings.Select(static f => (JsonNode)new JsonObject
            {
                ["criterion"] = f.Criterion, ["met"] = f.Met, ["note"] = f.Note,
            })]),
            ["reasons"] = new JsonArray([.. reasons.Select(static r => (JsonNode)r)]),
        }.ToJsonString();

    /// <summary>One thing counted, and what it adds when met or takes when not.</summary>
    private sealed record Point(string Criterion, bool Met, string Note, int Gain, int Loss);
}
