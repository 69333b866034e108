using VoxPact.Domain;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage;
using VoxPact.Server.Work;

namespace VoxPact.Server.Judging;

/// <summary>
/// What answers about a job have cost, on its way into the job's calls and the day's sum. It is written with what comes
/// of the answers, or by itself when nothing does.
/// </summary>
internal sealed class JudgingBill(Deployment deployment, Guid job, IReadOnlyList<JudgeAnswer> answers)
{
    private readonly string? _dayKey = JudgingBudget.DayKey(deployment);

    /// <summary>Sandbox judges cost nothing, so of them nothing is written.</summary>
    private readonly List<JudgeAnswer> _paid =
        [.. answers.Where(static answer => JudgingSpent.On(answer) != JudgingSpent.Nothing)];

    public void Need(LoadPlan plan)
    {
        if (_dayKey is not null && _paid.Count > 0) plan.SettingsToChange.Add(_dayKey);
    }

    public void Add(Snapshot rows, List<Row> log, long nowUs)
    {
        foreach (var answer in _paid)
        {
            var spent = JudgingSpent.On(answer);
            log.Add(new Row(new JudgingCall
            {
                JobId = job,
                Id = Id.New(nowUs),
                Judge = answer.Opinion.Judge,
                Tokens = spent.Tokens,
                CostMicros = spent.CostMicros,
                CreatedUs = nowUs,
            }, RowChange.Insert));
        }
        if (_dayKey is not null && _paid.Count > 0)
            log.Add(JudgingBudget.Add(rows, _dayKey,
                _paid.Aggregate(JudgingSpent.Nothing, static (sum, answer) => sum + JudgingSpent.On(answer))));
    }

    /// <summary>For answers that nothing came of: paid all the same.</summary>
    public async Task WriteAsync()
    {
        if (_paid.Count > 0) await deployment.Engine.RunWorkAsync(new Write(this));
    }

    private sealed class Write(JudgingBill bill) : Engine.Command
    {
        public override void Need(LoadPlan plan) => bill.Need(plan);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var ruling = new Ruling(new Decision(), Reply.None);
            bill.Add(rows, ruling.Log, context.NowUs);
            return ruling;
        }
    }
}
