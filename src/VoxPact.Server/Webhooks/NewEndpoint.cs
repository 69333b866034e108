using System.Text;
using VoxPact.Domain.Agents;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>An endpoint that is about to be made: its secret, in the clear and sealed, and where it begins.</summary>
/// <param name="From">What was told before the endpoint was there is not sent to it.</param>
internal sealed record NewEndpoint(string Secret, byte[] Sealed, InboxPlace From)
{
    public static NewEndpoint ForNewAgent(Deployment deployment) => With(deployment, InboxPlace.Start);

    public static async Task<NewEndpoint> FromNowAsync(Deployment deployment, CancellationToken stop)
    {
        var newest = await deployment.Store.QueryAsync(EventQueries.Newest, stop);
        return With(deployment, InboxPlace.EndOf(newest[0]));
    }

    public WebhookEndpoint Make(Guid id, Guid agent, string url, long nowUs) => new()
    {
        Id = id,
        AgentId = agent,
        Url = url,
        Secret = Sealed,
        CreatedUs = nowUs,
        SentUpTo = From,
    };

    /// <summary>
    /// What setting the agent's <c>webhook_url</c> makes of its first endpoint: a new one, or the one there is with
    /// its secret, which goes on where it stood unless its owner had switched it off.
    /// </summary>
    public WebhookEndpoint? Set(WebhookEndpoint? first, Guid agent, string? url, long nowUs) => (first, url) switch
    {
        (null, null) => null,
        (null, { } address) => Make(agent, agent, address, nowUs),
        ({ } known, null) => known.Off(EndpointOff.ByOwner, nowUs),
        ({ DisabledReason: EndpointOff.ByOwner } known, { } address) =>
            known.On() with { Url = address, SentUpTo = From },
        ({ } known, { } address) => known.On() with { Url = address },
    };

    private static NewEndpoint With(Deployment deployment, InboxPlace from)
    {
        string secret = WebhookSecrets.Create();
        return new NewEndpoint(secret, deployment.Seal.Close(Encoding.UTF8.GetBytes(secret)), from);
    }
}
