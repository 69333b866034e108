using System.Globalization;
using System.Security.Cryptography;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Engine;

/// <summary>What the operator does, for the operator's log.</summary>
/// <param name="Name">Verb and noun, such as <c>suspend_agent</c>.</param>
/// <param name="About">The ids that it is about, and nothing else.</param>
/// <param name="Reason">In the operator's words, when the act has any.</param>
internal sealed record OperatorAct(string Name, FactData About, string? Reason = null);

/// <summary>
/// Whatever the operator changes. In the commit itself the key that asked is held against the one that is stored, so
/// that a key which was replaced meanwhile does nothing; and what was decided is one line of the operator's log: a
/// fact, so the chain of commits covers it, with the reason beside it as the texts of facts are.
/// </summary>
internal abstract class OperatorCommand(OperatorAct act) : Command
{
    /// <summary>Of all lines of the log: the subject of their facts, which their sequence counts.</summary>
    public static readonly Guid Log = Domain.Id.Derived("the operator's log");

    private const string Lines = "operator_acts";

    /// <summary>
    /// The hash of the operator's key that asks; null for whoever works on this machine with the server's own files.
    /// </summary>
    public required byte[]? OperatorKey { get; init; }

    public sealed override void Need(LoadPlan plan)
    {
        plan.SettingsToChange.Add(Server.OperatorKey.SettingKey);
        plan.SettingsToChange.Add(Lines);
        NeedToAct(plan);
    }

    public sealed override Ruling Decide(Snapshot rows, DecisionContext context)
    {
        if (!IsOperator(rows)) return Refusal.UnknownCredential;
        var ruling = Act(rows, context);
        if (ruling.Decision is { } decision) Write(rows, decision, ruling.Log, context.NowUs);
        return ruling;
    }

    /// <summary>As <see cref="Command.Need"/>.</summary>
    protected virtual void NeedToAct(LoadPlan plan)
    {
    }

    /// <summary>As <see cref="Command.Decide"/>, for a caller who is known to be the operator.</summary>
    protected abstract Ruling Act(Snapshot rows, DecisionContext context);

    private bool IsOperator(Snapshot rows) => OperatorKey is not { } hash
        || (rows.Settings.Find(Server.OperatorKey.SettingKey) is { } known
            && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(known.Value), hash));

    private void Write(Snapshot rows, Decision decision, List<Row> log, long nowUs)
    {
        var known = rows.Settings.Find(Lines);
        int line = known is null ? 1 : int.Parse(known.Value, CultureInfo.InvariantCulture) + 1;
        log.Add(new Row(new Setting(Lines, line.ToString(CultureInfo.InvariantCulture)),
            known is null ? RowChange.Insert : RowChange.Update));
        decision.Tell(new Fact(FactType.OperatorActed, Log, line, nowUs, act.About with
        {
            Outcome = act.Name,
            By = OperatorKey is null ? "machine" : "operator",
        }, []));
        if (act.Reason is { Length: > 0 } reason)
            decision.Add(new JobNote { JobId = Log, Sequence = line, Text = reason });
    }
}
