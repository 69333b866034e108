using System.Text;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// Sends a ping to one of the caller's endpoints at once, on or off, and says what came of it; nothing is kept.
/// </summary>
internal static class PingWebhookEndpoint
{
    public static async Task<Reply> Handle(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var (found, unknown) = await ReadWebhookEndpoints.FindAsync(call);
        if (unknown is not null) return Reply.Refused(unknown);
        var deployment = call.Deployment;
        var endpoint = found!.Endpoint;
        var ping = EventExamples.Of(FactType.WebhookPing, endpoint.AgentId, Id.New(deployment.Clock.NowUs),
            deployment.Clock.NowUs);
        string Open(byte[] secret) => Encoding.UTF8.GetString(deployment.Seal.Open(secret));
        string[] secrets = endpoint.OldSecret is { } old && endpoint.OldSecretUntilUs > deployment.Clock.NowUs
            ? [Open(endpoint.Secret), Open(old)]
            : [Open(endpoint.Secret)];
        long began = deployment.Time.GetTimestamp();
        var outcome = await deployment.Sender.SendAsync(endpoint.Id, endpoint.Url, secrets,
            Id.Format(Id.Event, ping.Fact.EventId), EventBody.Of(ping, deployment), call.Aborted);
        if (outcome is DeliveryOutcome.Delivered && Rested(endpoint, deployment.Clock.NowUs))
        {
            var woken = await call.RunAsync(new Command(endpoint.Id) { CallerKey = call.CallerKey });
            if (woken.Refusal is not null) return woken;
        }
        var (status, error) = outcome switch
        {
            DeliveryOutcome.Delivered delivered => ((int?)delivered.Status, (string?)null),
            DeliveryOutcome.Failed failed => (failed.Status, failed.Why),
            DeliveryOutcome.Gone => (DeliveryOutcome.Gone.Status, "The endpoint answered 410."),
            _ => (null, "The endpoint has as many requests under way as it may; ask again."),
        };
        return Answers.Ok(new WebhookPing
        {
            Delivered = outcome is DeliveryOutcome.Delivered,
            Status = status,
            Error = error,
            LatencyMs = (long)deployment.Time.GetElapsedTime(began).TotalMilliseconds,
        }, VoxPactJson.Wire.EnvelopeWebhookPing);
    }

    private static bool Rested(WebhookEndpoint endpoint, long nowUs) =>
        endpoint.IsOn && (endpoint.IsFailing || endpoint.IsResting(nowUs));

    /// <summary>It takes events again: it is as good as one that never failed, and is sent what failed.</summary>
    private sealed class Command(Guid id) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.Endpoints.Add(id);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Endpoints.Find(id) is not { } endpoint || !Rested(endpoint, context.NowUs)) return Reply.None;
            return new Ruling(
                new Decision().Put(endpoint.On()).Later(WakeEndpoint.Of(endpoint, context.NowUs)), Reply.None);
        }
    }
}
