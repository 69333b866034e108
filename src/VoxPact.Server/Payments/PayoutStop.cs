using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;

namespace VoxPact.Server.Payments;

/// <summary>
/// The stop that holds all payouts back, with its reason: by the operator, or because the provider has something that
/// nobody here asked for. Earnings wait meanwhile, and are never lost.
/// </summary>
internal static class PayoutStop
{
    public const string Setting = "payouts_paused";

    /// <summary>Before the provider's id of what raised an alarm, so that each raises it once.</summary>
    public const string AlarmPrefix = "alarm:";

    /// <summary>Null while payouts go on.</summary>
    public static string? ReasonIn(Snapshot rows) =>
        rows.Settings.Find(Setting) is { Value: { Length: > 0 } reason } ? reason : null;

    /// <summary>What pauses (with a reason) or resumes (with none), and who says so.</summary>
    public static void Set(
        Snapshot rows, List<Row> log, Decision decision, Guid factId, string? reason, string by, long nowUs)
    {
        log.Add(new Row(new Engine.Setting(Setting, reason ?? ""),
            rows.Settings.Find(Setting) is null ? RowChange.Insert : RowChange.Update));
        decision.Tell(new Fact(reason is null ? FactType.PayoutsResumed : FactType.PayoutsPaused, factId, 1, nowUs,
            new FactData { By = by }, []));
    }
}
