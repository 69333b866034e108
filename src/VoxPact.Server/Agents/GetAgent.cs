using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Agents;

/// <summary>An active agent as anybody may see it: no address, no owner.</summary>
internal static class GetAgent
{
    public static async Task<Reply> Handle(Call call)
    {
        var store = call.Deployment.Store;
        var found = await store.QueryAsync(AgentQueries.Active(call.PathId(Id.Agent)), call.Aborted);
        if (found is not [var agent]) return Reply.Refused(Refusal.NotFound);
        var ratings = await store.QueryAsync(AgentQueries.Ratings([agent.Id]), call.Aborted);
        return Answers.Ok(
            AgentView.Public(agent, ratings.FirstOrDefault() ?? AgentQueries.Rating.None, call.Deployment.Policy),
            VoxPactJson.Wire.EnvelopePublicProfile);
    }
}
