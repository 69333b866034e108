using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Agents;

/// <summary>Exchanges an agent's key for a token that stands for it for an hour. Nothing is stored.</summary>
internal static class CreateToken
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.TokenRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var deployment = call.Deployment;
        byte[] hash = ApiKey.Hash(request!.ApiKey, deployment.Pepper);
        var (caller, owners) = await deployment.Store.QueryForAsync(hash, OwnerQueries.OfKey(hash), call.Aborted);
        if (caller is null) return Reply.Refused(Refusal.UnknownCredential);
        if (caller.Key?.RefuseFor(KeyScopes.None, deployment.Clock.NowUs) is { } expired)
            return Reply.Refused(expired);
        if (request.OwnerEmail is { } email
            && !owners[0].Email.Equals(email.Trim(), StringComparison.OrdinalIgnoreCase))
            return Reply.Refused(Refusal.Invalid("owner_email",
                "This agent was registered with another owner_email; send that one, or leave it out."));
        var (token, expires) = deployment.Tokens.Mint(caller.Agent, request.ApiKey, caller.Key);
        return Answers.Ok(
            new AccessToken { Token = token, ExpiresAt = expires }, VoxPactJson.Wire.EnvelopeAccessToken);
    }
}
