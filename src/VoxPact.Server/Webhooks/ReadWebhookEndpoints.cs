using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>The caller's endpoints: all, or one.</summary>
internal static class ReadWebhookEndpoints
{
    public static async Task<Reply> List(Call call)
    {
        var (caller, _, refusal) = await call.QueryAsync(PlatformQueries.Nothing);
        if (refusal is not null) return Reply.Refused(refusal);
        var (_, found, unknown) = await call.QueryAsync(EndpointQueries.OfAgent(caller!.Id));
        if (unknown is not null) return Reply.Refused(unknown);
        long nowUs = call.Deployment.Clock.NowUs;
        return Answers.Page([.. found.Select(row => EndpointView.Of(row.Endpoint, row.Dead, nowUs))], null,
            VoxPactJson.Wire.PageWebhookEndpointResource);
    }

    public static async Task<Reply> One(Call call)
    {
        var (found, refusal) = await FindAsync(call);
        if (refusal is not null) return Reply.Refused(refusal);
        return Answers.Ok(EndpointView.Of(found!.Endpoint, found.Dead, call.Deployment.Clock.NowUs),
            VoxPactJson.Wire.EnvelopeWebhookEndpointResource);
    }

    /// <summary>The endpoint in the path, when it is the caller's.</summary>
    public static async Task<(EndpointQueries.Counted? Found, Refusal? Refusal)> FindAsync(Call call)
    {
        var (caller, _, refusal) = await call.QueryAsync(PlatformQueries.Nothing);
        if (refusal is not null) return (null, refusal);
        var (_, found, unknown) = await call.QueryAsync(EndpointQueries.One(caller!.Id, call.PathId(Id.Endpoint)));
        return unknown is not null ? (null, unknown) : found is [var one] ? (one, null) : (null, Refusal.NotFound);
    }
}
