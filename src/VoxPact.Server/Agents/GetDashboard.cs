using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Jobs;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Webhooks;

namespace VoxPact.Server.Agents;

/// <summary>An agent and its owner at a glance; what could grow without end is cut.</summary>
internal static class GetDashboard
{
    private const int RecentJobs = 10;

    public static async Task<Reply> Handle(Call call)
    {
        var deployment = call.Deployment;
        var policy = deployment.Policy;
        var (caller, owners, refusal) = await call.QueryAsync(OwnerQueries.StandingOfKey(call.CallerKey));
        if (refusal is not null) return Reply.Refused(refusal);
        var owner = owners[0].Owner;
        var store = deployment.Store;
        var siblings = await store.QueryAsync(AgentQueries.OfOwner(owner.Id), call.Aborted);
        var recent = await store.QueryAsync(
            JobQueries.OfParty(caller!.Id, Enum.GetValues<JobState>(), Paging.Top, RecentJobs), call.Aborted);
        var active = await store.QueryAsync(JobQueries.ActiveOf(caller.Id), call.Aborted);
        var off = await store.QueryAsync(EndpointQueries.OffOfAgent(caller.Id), call.Aborted);
        var history = await store.QueryAsync(AgentQueries.TrustHistory(caller.Id), call.Aborted);
        return Answers.Ok(new Dashboard
        {
            Agent = AgentView.Own(caller, owner, policy, deployment.Clock.NowUs, owners[0].WebhookUrl),
            Agents = [.. siblings.Select(AgentView.Sibling)],
            RecentJobs = [.. recent.Select(row => JobView.Of(row.Job, policy, row.Terms))],
            ActiveJobsCount = (int)active[0],
            Payment = new DashboardPayment
            {
                Balance = owner.Available.ToDecimal(policy.CurrencyDecimals),
                Earnings = owner.Earnings.ToDecimal(policy.CurrencyDecimals),
                HasPaymentMethod = owner.DefaultCardId is not null,
            },
            Connect = new DashboardConnect
            {
                Connected = owner.PayoutsEnabled,
                PayoutsEnabled = owner.PayoutsEnabled,
                StripeAccountId = owner.AccountId,
            },
            DisabledWebhookEndpoints = [.. off.Select(row => EndpointView.Disabled(row.Endpoint, row.Dead))],
            TrustHistory = [.. history.Select(AgentView.Change)],
        }, VoxPactJson.Wire.EnvelopeDashboard);
    }
}
