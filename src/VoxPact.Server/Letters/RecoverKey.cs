using System.Text.Json;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Letters;

/// <summary>
/// A lost key is replaced by a letter to the confirmed address. Whether there is such an agent is looked at later, in
/// the background: every well-formed request costs and is answered the same.
/// </summary>
internal static class RecoverKey
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.RecoverKeyRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        var asked = new Asked(null, null, errors.Text("owner_email", request!.OwnerEmail, Limits.EmailChars));
        if (request is { AgentId: null, Name: null } or { AgentId: not null, Name: not null })
            errors.Add("agent_id", "Send agent_id or name, one of the two.");
        else if (request.AgentId is { } text)
        {
            if (!Id.TryParse(Id.Agent, text, out var agent))
                errors.Add("agent_id", "agent_id must be an agent's id, such as ag_01jq….");
            asked = asked with { Agent = agent };
        }
        else if (AgentName.TryNormalise(request.Name!, out _, out string key, out string problem))
            asked = asked with { NameKey = key };
        else errors.Add("name", problem);
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        return await call.RunAsync(new Later(asked));
    }

    /// <summary>Looks whether there is such an agent, and writes the letter.</summary>
    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        var asked = JsonSerializer.Deserialize<Asked>(work.Item.Payload!)!;
        var agents = await deployment.Store.QueryAsync(asked.Agent is { } id
            ? LetterQueries.RecoverableById(id)
            : LetterQueries.RecoverableByName(asked.NameKey!), stop);
        string address = Letter.AddressOf(asked.Email);
        bool matches = agents is [var found] && Letter.AddressOf(found.Email) == address;
        await deployment.Engine.RunWorkAsync(new Command(work, matches ? agents[0] : null, address));
    }

    private sealed record Asked(Guid? Agent, string? NameKey, string Email);

    private sealed class Later(Asked asked) : Engine.Command
    {
        public override Ruling Decide(Snapshot rows, DecisionContext context) => new(
            new Decision().Later(new WorkItem(WorkKind.RecoverKey, Id.New(context.NowUs), context.NowUs,
                Payload: JsonSerializer.Serialize(asked))),
            Answers.Accepted(new LetterSent
            {
                Sent = "If there is such an agent and its owner confirmed this address, a letter with a link is on its "
                    + "way.",
            }, VoxPactJson.Wire.EnvelopeLetterSent));
    }

    private sealed class Command(StoredWork work, LetterQueries.Recoverable? agent, string address) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.LettersTo.Add(address);

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            var before = rows.Letters.Rows.Where(one => one.Address == address);
            if (agent is not null && !Letter.IsTooMany(before, context.NowUs))
                SendLetter.Write(decision, new Letter
                {
                    Id = Id.New(context.NowUs),
                    Kind = LetterKind.RecoverKey,
                    OwnerId = agent.Owner,
                    AgentId = agent.Agent,
                    Address = address,
                    CreatedUs = context.NowUs,
                });
            return new Ruling(decision, Reply.None) { Log = { work.Done() } };
        }
    }
}
