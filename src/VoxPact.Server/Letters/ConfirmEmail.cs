using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Letters;

/// <summary>
/// Asks for a letter to the owner's address, whose link proves it. With <c>join_agent_id</c> the link also asks whether
/// this agent, not active yet, may join that agent's owner, if that owner has proven the same address; otherwise the
/// letter only confirms, so that the answer tells nobody whose address it is.
/// </summary>
internal static class ConfirmEmail
{
    public static async Task<Reply> Handle(Call call)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.ConfirmEmailRequest, optional: true);
        if (refusal is not null) return Reply.Refused(refusal);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        Guid? join = null;
        if (request?.JoinAgentId is { } text)
        {
            if (!Id.TryParse(Id.Agent, text, out var other))
                return Reply.Refused(Refusal.Invalid(
                    "join_agent_id", "join_agent_id must be an agent's id, such as ag_01jq…."));
            join = other;
        }
        var deployment = call.Deployment;
        var (_, owners, unknown) = await call.QueryAsync(OwnerQueries.OfKey(call.CallerKey), needsActive: false);
        if (unknown is not null) return Reply.Refused(unknown);
        if (deployment.Mailer is null && deployment.Mode is not Mode.Sandbox)
            return Reply.Refused(Refusal.WrongState(
                "This server sends no mail, so no address can be confirmed; its operator sets SmtpHost and MailFrom."));
        return await call.RunAsync(new Command(join, Letter.AddressOf(owners[0].Email))
        {
            CallerKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class Command(Guid? join, string address) : Engine.Command
    {
        public override bool NeedsActiveAgent => false;
        public override bool ChangesCaller => true;

        public override void Need(LoadPlan plan)
        {
            plan.LettersTo.Add(address);
            plan.OwnersOfCallers.Add(CallerKey!);
            if (join is not { } other) return;
            plan.Agents.Add(other);
            plan.OwnersOfAgents.Add(other);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var caller = context.Caller;
            if (join is not null && caller.Status is not AgentStatus.PendingActivation)
                return Refusal.WrongState("Only an agent that was never active can join another owner, for what an "
                    + "owner has (cards, money, jobs) is never merged. Register another agent instead, with the Bearer "
                    + "of an agent of that owner.");
            if (Letter.IsTooMany(rows.Letters.Rows.Where(one => one.Address == address), context.NowUs))
                return Refusal.WrongState(
                    $"This address got {Limits.LettersPerDay} letters within a day; look for them, or ask tomorrow.");
            bool joins = join is { } other && rows.Agents.Find(other) is { Status: AgentStatus.Active } host
                && host.OwnerId != caller.OwnerId
                && rows.Owners.Find(host.OwnerId) is { EmailConfirmedUs: not null } owner
                && Letter.AddressOf(owner.Email) == address;
            var letter = new Letter
            {
                Id = Id.New(context.NowUs),
                Kind = joins ? LetterKind.JoinOwner : LetterKind.ConfirmEmail,
                OwnerId = caller.OwnerId,
                AgentId = caller.Id,
                JoinAgentId = joins ? join : null,
                Address = address,
                CreatedUs = context.NowUs,
            };
            var decision = new Decision();
            SendLetter.Write(decision, letter);
            return new Ruling(decision, Answers.Accepted(
                new LetterSent { Sent = "A letter with a link is on its way to the owner's address." },
                VoxPactJson.Wire.EnvelopeLetterSent));
        }
    }
}
