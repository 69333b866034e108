using VoxPact.Domain;

namespace VoxPact.Server.Judging.Eval;

/// <summary>
/// <c>voxpact judge eval</c>: sends written cases through the checks, the detector and the configured judges, and says
/// how they did. With real models it costs tokens; it needs no database and changes nothing.
/// </summary>
internal static class EvalVerb
{
    private const string Usage = "Say: judge eval [--cases DIR] [--judges configured|sandbox|none] [--kind WORD] "
        + "[--limit N] [--at-once N] [--json FILE], and settings such as --judging-judges-0-model; or judge read FILE. "
        + "docs/judging.md tells more.";

    private sealed class Wish
    {
        public string? Cases { get; set; }
        public string? Judges { get; set; }
        public string? Kind { get; set; }
        public string? Json { get; set; }
        public int Limit { get; set; } = int.MaxValue;
        public int AtOnce { get; set; } = 4;
    }

    public static async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken stop = default)
    {
        if (args.Contains("--help"))
        {
            await output.WriteLineAsync(Usage);
            return 0;
        }
        if (args is not ["eval", .. var flags]) throw new BadSettings(Usage);
        var wish = new Wish();
        var options = Settings.Read(Own(flags, wish));
        var all = wish.Cases is { } folder ? EvalCases.ReadFolder(folder) : EvalCases.ReadBuiltIn();
        var cases = Spread([.. all.Where(one => wish.Kind is null || one.Kind == wish.Kind)], wish.Limit);
        if (cases.Count == 0)
            throw new BadSettings($"There are no cases of the kind {wish.Kind}; there are "
                + $"{string.Join(", ", all.Select(one => one.Kind).Distinct().Order())}.");
        var (panel, judges) = Panel(options, wish.Judges);

        long since = TimeProvider.System.GetTimestamp();
        var results = await new EvalRun(panel, new BasisPoints(options.ThresholdBps))
            .RunAsync(cases, wish.AtOnce, stop);
        var report = new EvalReport(judges, results, TimeProvider.System.GetElapsedTime(since));
        await output.WriteLineAsync(report.Table());
        foreach (var won in results.Where(result => result.IsWon))
            await output.WriteLineAsync($"Had its way: {won.Case.Id}");
        foreach (var lost in results.Where(result => result is
        {
            Case.Expect: EvalCases.Good, Outcome: not (
            EvalRun.Pass or EvalRun.Unsure)
        }))
            await output.WriteLineAsync(
                $"Good, but {lost.Outcome}: {lost.Case.Id}: {lost.Reasons.FirstOrDefault()}");
        await output.WriteLineAsync(report.Effort());
        if (wish.Json is { } file) await File.WriteAllTextAsync(file, report.Json(), stop);
        return results.Any(result => result.Outcome == EvalRun.Unjudged) && panel is not null ? 3 : 0;
    }

    /// <summary>So many, from everywhere: the first ones are all of one kind, and all good.</summary>
    private static List<EvalCase> Spread(IReadOnlyList<EvalCase> cases, int most) => most >= cases.Count
        ? [.. cases]
        : [.. Enumerable.Range(0, most).Select(i => cases[(int)((long)i * cases.Count / most)])];

    /// <summary>The verb's own flags are taken out; the rest are settings.</summary>
    private static string[] Own(string[] flags, Wish wish)
    {
        var rest = new List<string>();
        for (int i = 0; i < flags.Length; i++)
        {
            string? value = i + 1 < flags.Length ? flags[i + 1] : null;
            switch (flags[i])
            {
                case "--cases": wish.Cases = Need(value); break;
                case "--judges": wish.Judges = Need(value); break;
                case "--kind": wish.Kind = Need(value); break;
                case "--json": wish.Json = Need(value); break;
                case "--limit": wish.Limit = Number(value); break;
                case "--at-once": wish.AtOnce = Number(value); break;
                default:
                    rest.Add(flags[i]);
                    continue;
            }
            i++;
        }
        return [.. rest];
    }

    private static string Need(string? value) => value ?? throw new BadSettings(Usage);

    private static int Number(string? value) =>
        int.TryParse(value, out int number) && number > 0 ? number : throw new BadSettings(Usage);

    private static (JudgePanel? Panel, string Words) Panel(ServerOptions options, string? wanted)
    {
        bool areThere = ConfiguredJudges.AreThere(options.Judging);
        switch (wanted ?? (areThere ? "configured" : "sandbox"))
        {
            case "none":
                return (null, "no judge, code alone");
            case "sandbox":
                return (Startup.PanelOf(new JudgingOptions(), Mode.Sandbox, TimeProvider.System),
                    "the sandbox's judges, which have no model");
            case "configured" when areThere:
                if (Settings.Problems(options).Concat(ConfiguredJudges.Problems(options.Judging)).ToList() is
                    { Count: > 0 } problems) throw new BadSettings(string.Join(Environment.NewLine, problems));
                var panel = Startup.PanelOf(options.Judging, Mode.Sandbox, TimeProvider.System)!;
                return (panel, string.Join(" and ", panel.Judges.Select(judge => judge.Model)));
            case "configured":
                throw new BadSettings("No two judges are configured; docs/judging.md says how.");
            default:
                throw new BadSettings(Usage);
        }
    }
}
