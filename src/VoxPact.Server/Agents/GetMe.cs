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
        var (caller, owners, refusal) = await call.QueryAsync(OwnerQueries.OfKey(call.CallerKey), needsActive: false);
        if (refusal is not null) return Reply.Refused(refusal);
        return Answers.Ok(AgentView.Own(caller!, owners[0], call.Deployment.Policy, call.Deployment.Clock.NowUs),
            VoxPactJson.Wire.EnvelopeAgentProfile);
    }
}
