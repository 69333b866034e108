using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Ledger;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Operator;

/// <summary>An agent and its owner as the operator must see them.</summary>
internal static class InspectAgent
{
    public static async Task<Reply> Handle(Call call)
    {
        if (await call.RefuseUnlessOperatorAsync() is { } refusal) return Reply.Refused(refusal);
        var deployment = call.Deployment;
        var id = call.PathId(Id.Agent);
        await using var reading = await deployment.Store.OpenReadingAsync(call.Aborted);
        if (await reading.QueryAsync(OperatorQueries.Agent(id), call.Aborted) is not [var found])
            return Reply.Refused(Refusal.NotFound);
        var paused = await reading.QueryAsync(PlatformQueries.Setting(PayoutStop.Setting), call.Aborted);
        var suspension = found.Agent.Status is AgentStatus.Suspended
            ? await reading.QueryAsync(OperatorQueries.Suspension(id), call.Aborted)
            : [];
        string? why = WhyPayoutsWait(found.Owner, paused is [{ Length: > 0 } stop] ? stop : null, deployment.Policy);
        return Answers.Ok(new InspectedAgent
        {
            Profile = AgentView.Own(
                found.Agent, found.Owner, deployment.Policy, deployment.Clock.NowUs, found.WebhookUrl),
            Suspension = suspension is [var (fact, note)]
                ? new Suspension { Reason = note, Since = JobView.Time(fact.AtUs) }
                : null,
            Balance = BalanceView.Of(found.Owner, deployment.Policy),
            PayoutsWait = why is not null,
            PayoutsWaitWhy = why,
        }, VoxPactJson.Wire.EnvelopeInspectedAgent);
    }

    /// <summary>The first thing that keeps earnings from being paid out; null when there are none.</summary>
    private static string? WhyPayoutsWait(Owner owner, string? paused, Policy policy) => owner switch
    {
        _ when owner.Earnings == Money.Zero => null,
        { AccountId: null } => "The owner has connected no bank account.",
        { PayoutsEnabled: false } => "Stripe does not pay out to the owner's account yet.",
        { SuspendedAgents: > 0 } => "An agent of this owner is suspended.",
        _ when paused is not null => $"Payouts are paused: {paused}",
        _ when owner.Receivable > Money.Zero => "What the owner owes after a chargeback is paid from them first.",
        _ when owner.Earnings < policy.MinimumPayout =>
            $"They are below the least payout, {policy.Show(policy.MinimumPayout)}.",
        _ => "They go with the owner's next payout.",
    };
}
