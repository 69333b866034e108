using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Payments;
using VoxPact.Server.Work;

namespace VoxPact.Server.Ledger;

/// <summary>
/// What a check does beside telling: while the provider holds less than is owed, or executed what the ledger does not
/// know, nothing is paid out until an operator has looked.
/// </summary>
internal static class ActOnCheck
{
    private static readonly string[] Grave = [.. CheckFindings.Invariants
        .Where(one => one.Number is CheckFindings.Settled or CheckFindings.Known or CheckFindings.Solvency)
        .Select(one => one.Id)];

    public static async Task RunAsync(Deployment deployment, CheckReport report)
    {
        var found = report.Invariants.FirstOrDefault(one => one.Findings > 0 && Grave.Contains(one.Id));
        if (found is null) return;
        string reason = $"The check found {found.Findings} against {found.Id} ({found.Title}), first: {found.First[0]}";
        // An operator who lets payouts go on has seen it: the same finding does not stop them again.
        if (deployment.Checks.StoppedFor == reason) return;
        deployment.Checks.StoppedFor = reason;
        await deployment.Engine.RunWorkAsync(new Command(reason, Id.New(deployment.Clock.NowUs)));
    }

    /// <summary>
    /// Before any work runs: when commits that the last check saw are gone, the database is an older copy, and what was
    /// paid since stands only in the provider's books.
    /// </summary>
    public static async Task LookForRestoreAsync(Deployment deployment, CancellationToken stop)
    {
        if (Checkpoint.Read(deployment.Options.Data, deployment.ChainKey) is not { } last) return;
        await using var reading = await deployment.Store.OpenReadingAsync(stop);
        var missing = await CheckChain.MissingSinceAsync(reading, last, stop);
        if (missing.Count == 0) return;
        string reason = $"The database is an older copy: {missing[0]}, which the last check saw, is not there. Compare "
            + "with voxpact check --restored before payouts go on.";
        deployment.Log.LogError("Payouts stop. {Reason}", reason);
        await deployment.Engine.RunWorkAsync(new Command(reason, Id.New(deployment.Clock.NowUs)));
    }

    private sealed class Command(string reason, Guid factId) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.SettingsToChange.Add(PayoutStop.Setting);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (PayoutStop.ReasonIn(rows) is not null) return Reply.None;
            var decision = new Decision();
            var ruling = new Ruling(decision, Reply.None);
            PayoutStop.Set(rows, ruling.Log, decision, factId, reason, "check", context.NowUs);
            return ruling;
        }
    }
}
