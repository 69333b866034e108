using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Webhooks;

/// <summary>
/// Tells the caller of an event that did not happen, by every way it is told of others; it says <c>test: true</c>.
/// </summary>
internal static class SendTestEvent
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.TestEventRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        string type = request?.Type ?? FactTypes.Name(FactType.WebhookPing);
        if (!EventFilter.TypeNames.Contains(type))
            return Reply.Refused(Refusal.Invalid(
                "type", $"type must be one of: {string.Join(", ", EventFilter.TypeNames)}."));
        return await call.RunAsync(new Command(type) { CallerKey = call.CallerKey, Idempotency = claim });
    }

    private sealed class Command(string type) : Engine.Command
    {
        public override bool ChangesCaller => true;

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var agent = context.Caller with { Sequence = context.Caller.Sequence + 1 };
            bool isPing = type == FactTypes.Name(FactType.WebhookPing);
            var decision = new Decision().Put(agent).Tell(new Fact(
                FactType.WebhookPing, agent.Id, agent.Sequence, context.NowUs,
                new FactData { AgentId = agent.Id, Reason = isPing ? null : type }, [agent.Id]));
            return new Ruling(decision, Answers.Created(
                new TestEvent { Type = type, Sequence = agent.Sequence }, VoxPactJson.Wire.EnvelopeTestEvent));
        }
    }
}
