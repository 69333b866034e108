using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage;

namespace VoxPact.Server.Agents;

/// <summary>The caller's own profile, standing and balance.</summary>
internal static class GetMe
{
    private static readonly string Sql =
        $"select {Tables.Owners.Select("o")} from owners o join agents a on a.owner_id = o.id where a.key_hash = $1";

    public static async Task<Reply> Handle(Call call)
    {
        var (caller, owners, refusal) = await call.QueryAsync(Sql, [call.CallerKey], row => Tables.Owners.Read(row));
        if (refusal is not null) return Reply.Refused(refusal);
        return Answers.Ok(AgentView.Own(caller!, owners[0], call.Deployment.Policy), VoxPactJson.Wire.EnvelopeAgentProfile);
    }
}
