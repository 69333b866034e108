using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Domain.Work;
using VoxPact.Server.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;

namespace VoxPact.Server.Operator;

/// <summary>
/// The operator suspends an agent and reinstates it. Meanwhile its calls are refused, nobody finds or hires it, and its
/// owner's earnings wait; the timers of its jobs go on.
/// </summary>
internal static class ControlAgents
{
    /// <summary><c>POST /v1/operator/agents/{id}/suspend</c>.</summary>
    public static Task<Reply> Suspend(Call call) => SetAsync(call, suspends: true);

    /// <summary><c>POST /v1/operator/agents/{id}/reinstate</c>.</summary>
    public static Task<Reply> Reinstate(Call call) => SetAsync(call, suspends: false);

    private static async Task<Reply> SetAsync(Call call, bool suspends)
    {
        var (request, refusal) = await call.ReadAsync(VoxPactJson.Default.StandingRequest);
        if (refusal is not null) return Reply.Refused(refusal);
        var errors = new FieldErrors();
        string reason = errors.Text("reason", request!.Reason, Limits.ReasonChars);
        if (errors.Refusal is { } invalid) return Reply.Refused(invalid);
        if (await call.RefuseUnlessOperatorAsync() is { } notOperator) return Reply.Refused(notOperator);
        var (claim, unclear) = call.Idempotency();
        if (unclear is not null) return Reply.Refused(unclear);
        return await call.RunAsync(new Command(call.PathId(Id.Agent), suspends, reason)
        {
            OperatorKey = call.CallerKey,
            Idempotency = claim,
        });
    }

    private sealed class Command(Guid agentId, bool suspends, string reason) : OperatorCommand(new OperatorAct(
        suspends ? "suspend_agent" : "reinstate_agent", new FactData { AgentId = agentId }, reason))
    {
        protected override void NeedToAct(LoadPlan plan)
        {
            plan.AgentsToChange.Add(agentId);
            plan.OwnersOfAgents.Add(agentId);
        }

        protected override Ruling Act(Snapshot rows, DecisionContext context)
        {
            if (rows.Agents.Find(agentId) is not { } agent) return Refusal.NotFound;
            if (agent.Status is AgentStatus.Suspended == suspends)
                return new Refusal(RefusalCode.AlreadyDone,
                    suspends ? "This agent is suspended already." : "This agent is not suspended.");
            var owner = rows.Owners.Find(agent.OwnerId)!;
            var now = agent with
            {
                Status = suspends ? AgentStatus.Suspended
                    : agent.ActivatedUs is null ? AgentStatus.PendingActivation : AgentStatus.Active,
                Sequence = agent.Sequence + 1,
            };
            var decision = new Decision().Put(now)
                .Tell(new Fact(suspends ? FactType.AgentSuspended : FactType.AgentReinstated, agentId, now.Sequence,
                    context.NowUs, new FactData
                    {
                        AgentId = agentId,
                        State = AgentView.StatusWord(now.Status),
                        By = "operator",
                    }, [agentId]))
                .Add(new JobNote { JobId = agentId, Sequence = now.Sequence, Text = reason });
            owner = owner with { SuspendedAgents = owner.SuspendedAgents + (suspends ? 1 : -1) };
            decision.Put(owner);
            if (!suspends) GoOn(decision, now, owner, context);
            return new Ruling(decision, Answers.Ok(new AgentStanding
            {
                AgentId = Id.Format(Id.Agent, agentId),
                OwnerId = Id.Format(Id.Owner, owner.Id),
                Status = AgentView.StatusWord(now.Status),
                SuspendedAgents = owner.SuspendedAgents,
            }, VoxPactJson.Wire.EnvelopeAgentStanding));
        }

        /// <summary>Asks for what the suspension held back.</summary>
        private static void GoOn(Decision decision, Agent agent, Owner owner, DecisionContext context)
        {
            if (owner.Earnings > Money.Zero
                && Payouts.Schedule(decision, owner, context.Policy, context.NowUs) is { } scheduled)
                decision.Put(scheduled);
            if (agent.Status is AgentStatus.PendingActivation)
                decision.Later(new WorkItem(
                    WorkKind.ForgetRegistration, agent.Id, context.NowUs + JobTimes.RegistrationUs));
        }
    }
}
