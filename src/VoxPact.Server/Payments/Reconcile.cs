using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// Holds what is decided here against what the provider shows, all of it in business time: every five minutes the
/// operations without an outcome, every hour the lists both ways, every day the movements of its balance. What nobody
/// here asked for stops payouts until an operator has looked.
/// </summary>
internal static class Reconcile
{
    private const long MinuteUs = JobTimes.HourUs / 60;
    private const long EveryUs = 5 * MinuteUs;
    private const long PendingUs = 2 * MinuteUs;
    private const long DayUs = 24 * JobTimes.HourUs;

    /// <summary>An activation page is paid within a day or never; its own event tells sooner.</summary>
    private const long PageUs = 25 * JobTimes.HourUs;

    /// <summary>The clocks may differ, and what is young may not be listed yet: each look overlaps the last.</summary>
    private const long OverlapUs = 2 * JobTimes.HourUs;

    /// <summary>Until when the provider's lists, and its balance, were looked at.</summary>
    public const string ListedSetting = "reconciled_us", BalanceSetting = "balance_read_us";

    /// <summary>
    /// When the next look is due: one that took longer than its lease runs twice, and has one successor.
    /// </summary>
    private const string NextSetting = "reconcile_next_us";

    /// <summary>Schedules the first look, once in the life of a database; each look schedules the next.</summary>
    public static Task<Reply> EnsureAsync(Deployment deployment) => deployment.Engine.RunWorkAsync(new Begin());

    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        long nowUs = deployment.Clock.NowUs;
        await LookAtPendingAsync(deployment, nowUs, stop);
        if (nowUs - await LastAsync(deployment, ListedSetting, stop) >= JobTimes.HourUs)
            await ListAsync(deployment, stop);
        long balanceUs = await LastAsync(deployment, BalanceSetting, stop);
        bool isDaily = nowUs - balanceUs >= DayUs;
        if (isDaily) await BookFees.RunAsync(deployment, At(balanceUs - OverlapUs), stop);
        await deployment.Engine.RunWorkAsync(new Next(work, isDaily ? nowUs : null));
    }

    /// <summary>
    /// No payout leaves on a reconciliation that is old or of an earlier process: it is made first. So a database that
    /// was put back to an older copy cannot pay again what the provider shows as paid.
    /// </summary>
    public static async Task EnsureFreshAsync(Deployment deployment, CancellationToken stop)
    {
        long listedUs = await LastAsync(deployment, ListedSetting, stop);
        if (listedUs < deployment.StartedUs || deployment.Clock.NowUs - listedUs > OverlapUs)
            await ListAsync(deployment, stop);
    }

    private static async Task LookAtPendingAsync(Deployment deployment, long nowUs, CancellationToken stop)
    {
        var pending = await deployment.Store.QueryAsync(OperationQueries.PendingSince(nowUs - PendingUs), stop);
        foreach (var operation in pending)
        {
            if (PayOnPage.PageOf(operation) is not null
                ? nowUs - operation.CreatedUs < PageUs
                : operation.FirstSentUs is null) continue;
            var seen = await ReadOperation.RunAsync(deployment, operation, stop);
            if (seen.Outcome is { } outcome and not ProviderOutcome.Unknown)
                await SettleOperation.RunAsync(deployment, operation, outcome, null, stop);
        }
    }

    private static async Task ListAsync(Deployment deployment, CancellationToken stop)
    {
        long nowUs = deployment.Clock.NowUs;
        long sinceUs = await LastAsync(deployment, ListedSetting, stop) - OverlapUs;
        var alarms = await new CompareLists(deployment, sinceUs, nowUs).RunAsync(stop);
        foreach (var (id, why) in alarms) deployment.Log.LogError("Payouts stop: {Object} {Why}", id, why);
        await deployment.Engine.RunWorkAsync(new Listed(nowUs, alarms, Id.New(nowUs)));
    }

    private static async Task<long> LastAsync(Deployment deployment, string setting, CancellationToken stop) =>
        await deployment.Store.QueryAsync(PlatformQueries.Setting(setting), stop) is [var us] ? long.Parse(us) : 0;

    private static DateTimeOffset At(long us) => DateTimeOffset.UnixEpoch.AddTicks(us * 10);

    private static Row Put(Snapshot rows, string key, string value) => new(new Setting(key, value),
        rows.Settings.Find(key) is null ? RowChange.Insert : RowChange.Update);

    private sealed class Begin : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.SettingsToChange.Add(ListedSetting);
            plan.SettingsToChange.Add(BalanceSetting);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Settings.Find(ListedSetting) is not null) return Reply.None;
            var now = context.NowUs.ToString();
            return new Ruling(new Decision().Later(
                new WorkItem(WorkKind.Reconcile, Guid.Empty, context.NowUs + EveryUs)), Reply.None)
            {
                Log = { Put(rows, ListedSetting, now), Put(rows, BalanceSetting, now) },
            };
        }
    }

    private sealed class Next(StoredWork work, long? balanceReadUs) : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.SettingsToChange.Add(BalanceSetting);
            plan.SettingsToChange.Add(NextSetting);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            var ruling = new Ruling(decision, Reply.None) { Log = { work.Done() } };
            if (rows.Settings.Find(NextSetting) is not { } known || long.Parse(known.Value) <= work.Item.DueUs)
            {
                var next = work.Item with { DueUs = context.NowUs + EveryUs };
                decision.Later(next);
                ruling.Log.Add(Put(rows, NextSetting, next.DueUs.ToString()));
            }
            if (balanceReadUs is { } us) ruling.Log.Add(Put(rows, BalanceSetting, us.ToString()));
            return ruling;
        }
    }

    private sealed class Listed(long listedUs, IReadOnlyList<(string Id, string Why)> alarms, Guid factId) : Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.SettingsToChange.Add(ListedSetting);
            plan.SettingsToChange.Add(PayoutStop.Setting);
            foreach (var (id, _) in alarms) plan.SettingsToChange.Add(PayoutStop.AlarmPrefix + id);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            var ruling = new Ruling(decision, Reply.None)
            {
                Log = { Put(rows, ListedSetting, listedUs.ToString()) },
            };
            // One that was told of before has been looked at, or is about to be.
            var news = alarms.Where(alarm => rows.Settings.Find(PayoutStop.AlarmPrefix + alarm.Id) is null).ToList();
            foreach (var (id, why) in news)
                ruling.Log.Add(new Row(new Setting(PayoutStop.AlarmPrefix + id, why), RowChange.Insert));
            if (news is [var first, ..])
                PayoutStop.Set(rows, ruling.Log, decision, factId, $"{first.Id} {first.Why}"
                    + (news.Count > 1 ? $" (and {news.Count - 1} more)" : ""), "reconciler", context.NowUs);
            return ruling;
        }
    }
}
