using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Jobs;

namespace VoxPact.Server.Agents;

/// <summary>
/// What whoever posts or gives a bonus may spend: the agent's monthly limit and the named key's mandate, in one place
/// for all that spends. Both count under the agent's lock.
/// </summary>
internal static class Spend
{
    /// <summary>
    /// The caller has a limit: decide again with its row locked, for what it spends counts against it.
    /// </summary>
    public sealed record LimitApplies;

    /// <summary>True when the caller's spending is limited in any way.</summary>
    public static bool IsLimited(DecisionContext context, bool countsMonthly) =>
        (countsMonthly && context.Caller.MonthlyLimitMinor is not null) || context.Key is { Mandate.IsEmpty: false };

    /// <summary>
    /// Counts a purchase into the decision, or gives the ruling that stands instead of it: a refusal, perhaps with the
    /// question to the owner that it left behind.
    /// </summary>
    public static Ruling? Count(
        Decision decision, Snapshot rows, DecisionContext context, Purchase purchase, bool countsMonthly)
    {
        var (nowUs, policy) = (context.NowUs, context.Policy);
        if (context.Key is { Mandate.IsEmpty: false } key)
        {
            List<Approval> open = [.. rows.Approvals.Rows.Where(one => one.KeyId == key.Id)];
            var verdict = KeySpending.Spend(
                key, purchase, open, WorkersOf(key), CapabilitiesOf(key), Id.New(nowUs), nowUs, policy);
            if (verdict.Refusal is { } refusal) return Refused(refusal, verdict.Asked, open, context);
            if (verdict.Key != key) decision.Put(verdict.Key!);
            if (verdict.Used is { } used) decision.Remove(used);
        }
        if (!countsMonthly) return null;
        var (spent, exceeded) = Spending.Spend(context.Caller, purchase.Amount, nowUs, policy);
        if (exceeded is not null) return exceeded;
        if (spent != context.Caller) decision.Put(spent!);
        return null;
    }

    /// <summary>Whom and what for a key may hire at all, where nothing is paid yet.</summary>
    public static Refusal? OutsideOf(AgentKey key, Purchase purchase) =>
        KeySpending.OutsideOf(key, purchase, WorkersOf(key), CapabilitiesOf(key));

    private static Ruling Refused(Refusal refusal, Approval? asked, List<Approval> open, DecisionContext context)
    {
        if (asked is null) return refusal;
        var caller = context.Caller;
        var told = caller with { Sequence = caller.Sequence + 1 };
        var decision = new Decision().Put(told).Add(asked).Tell(new Fact(
            FactType.ApprovalRequested, caller.Id, told.Sequence, context.NowUs, new FactData
            {
                AgentId = caller.Id,
                KeyId = asked.KeyId,
                ApprovalId = asked.Id,
                AmountMinor = asked.Amount.Minor,
            }, [caller.Id]));
        foreach (var old in open.Where(one => one.ExpiresUs <= context.NowUs)) decision.Remove(old);
        return new Ruling(decision, Reply.Refused(refusal));
    }

    private static List<Guid>? WorkersOf(AgentKey key) => key.Mandate.Workers is { } workers
        ? [.. JobView.Strings(workers).Select(text => Id.TryParse(Id.Agent, text, out var id) ? id : Guid.Empty)]
        : null;

    private static IReadOnlyList<string>? CapabilitiesOf(AgentKey key) =>
        key.Mandate.Capabilities is { } words ? JobView.Strings(words) : null;
}
