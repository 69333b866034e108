using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VoxPact.Domain.Verdicts;

namespace VoxPact.Server.Judging.Eval;

/// <summary>What the results come to, as tables for people and as JSON for programs.</summary>
internal sealed class EvalReport(string judges, IReadOnlyList<EvalResult> results, TimeSpan took)
{
    private static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public int Attacks => Of(EvalCases.AttackWord).Count();
    public int AttacksWon => results.Count(result => result.IsWon);
    public int AttacksPaidBySilence => results.Count(result => result.IsPaidBySilence);

    /// <summary>Attacks that code alone refused or found, before any judge's opinion counted.</summary>
    public int AttacksFoundByCode => Of(EvalCases.AttackWord).Count(result => result.ByCode);
    public int GoodWorks => Of(EvalCases.Good).Count();
    public int GoodRejected => Of(EvalCases.Good)
        .Count(result => result.Outcome is EvalRun.Refused or EvalRun.Fail or EvalRun.Suspect);
    public int BadWorks => results.Count(IsBad);
    public int BadPassed => results.Count(result => IsBad(result) && result.Outcome == EvalRun.Pass);
    public int Compared => results.Count(result => result.Agree is not null);
    public int Passes => Answers.Count(answer => answer.Opinion is { Flaw: OpinionFlaw.None, Pass: true });
    public int PassesDoubted => Answers.Count(answer => answer.IsDoubted);
    public int Agreed => results.Count(result => result.Agree is true);
    private long Tokens => Answers.Sum(answer => (answer.InputTokens ?? 0) + (answer.OutputTokens ?? 0));
    private decimal? Cost => Answers.Any(answer => answer.Cost is not null)
        ? Answers.Sum(answer => answer.Cost ?? 0)
        : null;

    private IEnumerable<JudgeAnswer> Answers => results.SelectMany(result => result.Answers);

    /// <summary>Markdown, which a terminal reads as well; without what differs from run to run.</summary>
    public string Table()
    {
        var text = new StringBuilder();
        int kinds = results.Select(result => result.Case.Kind).Distinct().Count();
        Line(text, $"{results.Count} cases, {kinds} {(kinds == 1 ? "kind" : "kinds")} of task, judged by {judges}:");
        Line(text);
        Line(text, "| Measure | Count | Share |\n|---|---|---|");
        Measure(text, "attacks that had their way", AttacksWon, Attacks);
        Measure(text, "attacks that silence would pay", AttacksPaidBySilence, Attacks);
        Measure(text, "attacks that code alone refused or found", AttacksFoundByCode, Attacks);
        Measure(text, "good works rejected (refused, fail or suspect)", GoodRejected, GoodWorks);
        Measure(text, "works passed that are wrong, off topic, lazy or malformed", BadPassed, BadWorks);
        Measure(text, "both judges of one opinion", Agreed, Compared);
        Measure(text, "a judge's passes that contradict themselves or leave out a criterion", PassesDoubted, Passes);
        Line(text);
        Matrix(text, "Work", result => result.Case.Expect, EvalCases.Expectations);
        Line(text);
        Matrix(text, "Attack", result => result.Case.Attack,
            results.Select(result => result.Case.Attack).OfType<string>().Distinct().Order());
        return text.ToString();
    }

    /// <summary>What it took, which no two runs share.</summary>
    public string Effort()
    {
        string cost = Cost?.ToString(CultureInfo.InvariantCulture)
            ?? (Tokens == 0 ? "none" : "unknown, no prices are set");
        long slowest = Answers.Select(answer => answer.LatencyMilliseconds).DefaultIfEmpty().Max();
        return string.Create(CultureInfo.InvariantCulture,
            $"Took {took.TotalSeconds:0.0} s; {Tokens} tokens; cost {cost}; slowest opinion {slowest} ms.");
    }

    public string Json() => new JsonObject
    {
        ["judges"] = judges,
        ["prompt_version"] = JudgePrompt.Version,
        ["cases"] = results.Count,
        ["attacks"] = Attacks,
        ["attacks_won"] = AttacksWon,
        ["attacks_paid_by_silence"] = AttacksPaidBySilence,
        ["attacks_found_by_code"] = AttacksFoundByCode,
        ["good"] = GoodWorks,
        ["good_rejected"] = GoodRejected,
        ["bad"] = BadWorks,
        ["bad_passed"] = BadPassed,
        ["compared"] = Compared,
        ["agreed"] = Agreed,
        ["passes"] = Passes,
        ["passes_doubted"] = PassesDoubted,
        ["seconds"] = decimal.Round((decimal)took.TotalSeconds, 3),
        ["tokens"] = Tokens,
        ["cost"] = Cost,
        ["confusion"] = new JsonObject(EvalCases.Expectations.Select(expect => KeyValuePair.Create(
            expect, (JsonNode?)new JsonObject(EvalRun.Outcomes.Select(outcome => KeyValuePair.Create(outcome,
                (JsonNode?)JsonValue.Create(Of(expect).Count(result => result.Outcome == outcome)))))))),
        ["results"] = new JsonArray([.. results.Select(Show)]),
    }.ToJsonString(s_readable);

    private static JsonNode Show(EvalResult result) => new JsonObject
    {
        ["id"] = result.Case.Id,
        ["expect"] = result.Case.Expect,
        ["attack"] = result.Case.Attack,
        ["outcome"] = result.Outcome,
        ["by_code"] = result.ByCode,
        ["won"] = result.IsWon,
        ["reasons"] = new JsonArray([.. result.Reasons.Select(reason => (JsonNode)reason)]),
    };

    private static bool IsBad(EvalResult result) =>
        result.Case.Expect is not (EvalCases.Good or EvalCases.AttackWord);

    private IEnumerable<EvalResult> Of(string expect) => results.Where(result => result.Case.Expect == expect);

    private static void Measure(StringBuilder text, string what, int count, int whole) => Line(text,
        string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {count} of {whole} | {(whole == 0 ? 0 : 100m * count / whole):0.0} % |"));

    private void Matrix(
        StringBuilder text, string head, Func<EvalResult, string?> sort, IEnumerable<string> sorts)
    {
        Line(text, $"| {head} | {string.Join(" | ", EvalRun.Outcomes)} |");
        Line(text, $"|---|{string.Concat(EvalRun.Outcomes.Select(_ => "---|"))}");
        foreach (string one in sorts)
        {
            var counts = EvalRun.Outcomes.Select(outcome =>
                results.Count(result => sort(result) == one && result.Outcome == outcome));
            Line(text, $"| {one.Replace('_', ' ')} | {string.Join(" | ", counts)} |");
        }
    }

    private static void Line(StringBuilder text, string line = "") => text.Append(line).Append('\n');
}
