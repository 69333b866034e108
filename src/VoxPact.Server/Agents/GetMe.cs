using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Agents;

/// <summary>The caller's own profile, standing and balance.</summary>
internal static class GetMe
{
    public static async Task<Reply> Handle(Call call)
    {
        var (caller, owners, refusal) = await call.QueryAsync(
            OwnerQueries.StandingOfKey(call.CallerKey), needsActive: false);
        if (refusal is not null) return Reply.Refused(refusal);
        var deployment = call.Deployment;
        return Answers.Ok(
            AgentView.Own(
                caller!, owners[0].Owner, deployment.Policy, deployment.Clock.NowUs, owners[0].WebhookUrl),
            VoxPactJson.Wire.EnvelopeAgentProfile);
    }
}
