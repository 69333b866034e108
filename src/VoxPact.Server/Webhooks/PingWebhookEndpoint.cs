using System.Text;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// Sends a ping to one of the caller's endpoints at once, on or off, and says what came of it: it is an event that only
/// this endpoint is told of, and stands in the log of its attempts.
/// </summary>
internal static class PingWebhookEndpoint
{
    public static async Task<Reply> Handle(Call call)
    {
        var (_, refusal) = await call.ReadAsync(VoxPactJson.Default.EmptyRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var (found, unknown) = await ReadWebhookEndpoints.FindAsync(call);
        if (unknown is not null) return Reply.Refused(unknown);
        var (deployment, endpoint) = (call.Deployment, found!.Endpoint);
        var told = await call.RunAsync(new Begin { CallerKey = call.CallerKey });
        if (told.Refusal is not null) return told;
        int sequence = (int)told.Value!;
        var ping = (await deployment.Store.QueryAsync(EventQueries.One(endpoint.AgentId, sequence), call.Aborted))[0];
        string Open(byte[] secret) => Encoding.UTF8.GetString(deployment.Seal.Open(secret));
        string[] secrets = endpoint.OldSecret is { } old && endpoint.OldSecretUntilUs > deployment.Clock.NowUs
            ? [Open(endpoint.Secret), Open(old)]
            : [Open(endpoint.Secret)];
        long began = deployment.Time.GetTimestamp();
        // Whoever hangs up has still sent it: what came of it is kept. The sender has a time limit of its own.
        var outcome = await deployment.Sender.SendAsync(endpoint.Id, endpoint.Url, secrets,
            Id.Format(Id.Event, ping.Fact.EventId), EventBody.Of(ping, deployment), CancellationToken.None);
        long latencyUs = deployment.Time.GetElapsedTime(began).Ticks / 10;
        if (outcome is not DeliveryOutcome.Busy)
            await deployment.Engine.RunAsync(new Keep(endpoint.Id, sequence, outcome, latencyUs));
        return Answers.Ok(new WebhookPing
        {
            Delivered = outcome is DeliveryOutcome.Delivered,
            Status = outcome.Answered,
            Error = outcome.Problem,
            LatencyMs = latencyUs / 1_000,
        }, VoxPactJson.Wire.EnvelopeWebhookPing);
    }

    /// <summary>A ping that nobody hears of but who it is sent to; holds its number among the agent's events.</summary>
    private sealed class Begin : Engine.Command
    {
        public override bool ChangesCaller => true;

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var agent = context.Caller with { Sequence = context.Caller.Sequence + 1 };
            var ping = new Fact(FactType.WebhookPing, agent.Id, agent.Sequence, context.NowUs,
                new FactData { AgentId = agent.Id }, []);
            return new Ruling(new Decision().Put(agent).Tell(ping), Reply.Holding(agent.Sequence));
        }
    }

    /// <summary>
    /// An endpoint that takes it and had failed is as good as one that never did, and is sent what failed.
    /// </summary>
    private sealed class Keep(Guid id, int sequence, DeliveryOutcome outcome, long latencyUs) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.Endpoints.Add(id);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Endpoints.Find(id) is not { } endpoint) return Reply.None;
            bool isTaken = outcome is DeliveryOutcome.Delivered;
            var ruling = new Ruling(new Decision(), Reply.None);
            if (isTaken && endpoint.IsOn && (endpoint.IsFailing || endpoint.IsResting(context.NowUs)))
                ruling.Decision!.Put(endpoint.On()).Later(WakeEndpoint.Of(endpoint, context.NowUs));
            ruling.Log.Add(new Row(new WebhookAttempt(
                id, Id.New(context.NowUs), endpoint.AgentId, sequence, 1, context.NowUs, latencyUs, outcome.Answered,
                outcome.Problem, isTaken ? AttemptOutcome.Delivered : AttemptOutcome.Dead), RowChange.Insert));
            return ruling;
        }
    }
}
