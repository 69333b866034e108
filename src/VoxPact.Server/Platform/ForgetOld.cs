using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Work;

namespace VoxPact.Server.Platform;

/// <summary>
/// Forgets what is kept for a while only: stored answers, events in inboxes and their attempts, Stripe's event
/// ids, prints of delivered works. Every hour, some rows at a time between other commands, until nothing old is left.
/// Facts and entries are kept for good.
/// </summary>
internal static class ForgetOld
{
    private const int RowsAtOnce = 1_000;

    /// <summary>A day more than is promised, so that a promise holds on every clock.</summary>
    private const long KeptUs = (Limits.EventDays + 1) * 24 * JobTimes.HourUs;

    private const string BegunSetting = "forgets_old";

    /// <summary>Schedules the first look, once in the life of a database; each look schedules the next.</summary>
    public static Task<Reply> EnsureAsync(Deployment deployment) => deployment.Engine.RunWorkAsync(new Begin());

    public static Task<Reply> RunAsync(Deployment deployment, StoredWork work) =>
        deployment.Engine.RunWorkAsync(new Command(work, deployment.Clock.NowUs - KeptUs));

    private sealed class Begin : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.SettingsToChange.Add(BegunSetting);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Settings.Find(BegunSetting) is not null) return Reply.None;
            return new Ruling(new Decision().Later(
                new WorkItem(WorkKind.ForgetOld, Guid.Empty, context.NowUs + JobTimes.HourUs)), Reply.None)
            {
                Log = { new Row(new Setting(BegunSetting, "true"), RowChange.Insert) },
            };
        }
    }

    private sealed class Command(StoredWork work, long beforeUs) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.Forget = new ForgetPlan(beforeUs, RowsAtOnce);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            // A full hand of any one kind means that more of it may be left.
            long next = rows.Forgotten >= RowsAtOnce ? context.NowUs : context.NowUs + JobTimes.HourUs;
            var again = new Decision().Later(work.Item with { DueUs = next });
            return new Ruling(again, Reply.None) { Log = { work.Done() } };
        }
    }
}
