using System.Security.Cryptography;
using VoxPact.Client;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Webhooks;
using VoxPact.Server.Work;

namespace VoxPact.Server.Agents;

/// <summary>
/// Ends an agent and erases what its people wrote; with the owner's last agent the owner's address and country go too.
/// Refused while money or jobs are open. Jobs, their terms and works, and the ledger stay: they are the other party's
/// too, and hold ids only.
/// </summary>
internal static class DeleteAgent
{
    public static async Task<Reply> Handle(Call call)
    {
        var (caller, _, unknown) = await call.QueryAsync(PlatformQueries.Nothing, needsActive: false);
        if (unknown is not null) return Reply.Refused(unknown);
        var siblings = await call.Deployment.Store.QueryAsync(
            AgentQueries.LivingOfOwner(caller!.OwnerId), call.Aborted);
        return await call.RunAsync(new Command(siblings.Count == 1, caller.Name) { CallerKey = call.CallerKey });
    }

    /// <summary>What the agent said elsewhere goes when nobody can say more of it.</summary>
    public static Task<Reply> EraseAsync(Deployment deployment, StoredWork work) =>
        deployment.Engine.RunWorkAsync(new Erase(work));

    private sealed class Command(bool isLast, string name) : Engine.Command
    {
        public override bool NeedsActiveAgent => false;
        public override bool ChangesCaller => true;

        public override void Need(LoadPlan plan)
        {
            plan.TiesOfCallers.Add(CallerKey!);
            plan.OwnersOfCallers.Add(CallerKey!);
            plan.KeysOfCallers.Add(CallerKey!);
            plan.ApprovalsOfCallers.Add(CallerKey!);
            plan.EndpointsOfCallers.Add(CallerKey!);
            plan.Names.Add(KeyOf(name));
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var caller = context.Caller;
            var owner = rows.Owners.Find(caller.OwnerId)!;
            if (OpenTies(rows, caller, owner, context.Policy) is { Length: > 0 } open)
                return Refusal.WrongState($"This agent cannot be deleted yet: {open}. Then send this again.");
            var decision = new Decision().Put(caller with
            {
                Name = $"deleted-{Id.Format(Id.Agent, caller.Id)[^6..]}",
                Status = AgentStatus.Deleted,
                // No key has a random hash.
                KeyHash = RandomNumberGenerator.GetBytes(caller.KeyHash.Length),
                PreviousKeyHash = null,
                Description = "",
                Capabilities = "[]",
                PerJobMinor = null,
                RateCard = null,
                CheckoutId = null,
            });
            foreach (var key in rows.Keys.Rows.Where(one => one.AgentId == caller.Id)) decision.Remove(key);
            foreach (var approval in rows.Approvals.Rows.Where(one => one.AgentId == caller.Id))
                decision.Remove(approval);
            foreach (var endpoint in rows.Endpoints.Rows.Where(one => one.AgentId == caller.Id))
                decision.Include(ForgetEndpoint.Remove(endpoint, context.NowUs));
            var log = new List<Row>();
            if (caller.Status is not AgentStatus.PendingActivation)
            {
                decision.Remove(new AgentPage { AgentId = caller.Id, Words = "" });
                foreach (var reserved in rows.Names.Rows.Where(one => one.AgentId == caller.Id))
                    log.Add(new Row(reserved, RowChange.Delete));
            }
            if (isLast) decision.Put(owner with { Email = "", EmailConfirmedUs = null, Country = null });
            decision.Later(new WorkItem(WorkKind.EraseTexts, caller.Id, context.NowUs));
            return new Ruling(decision, Answers.Ok(
                new DeletedAgent { AgentId = Id.Format(Id.Agent, caller.Id), Deleted = true },
                VoxPactJson.Wire.EnvelopeDeletedAgent))
            { Log = log };
        }

        /// <summary>What must be ended first, in words.</summary>
        private string OpenTies(Snapshot rows, Agent caller, Owner owner, Policy policy)
        {
            var open = new List<string>();
            if (rows.Jobs.Rows.FirstOrDefault(job => job.State is not (JobState.Completed or JobState.Cancelled)
                && (job.BuyerAgent == caller.Id || job.WorkerAgent == caller.Id)) is { } job)
                open.Add($"end the job {Id.Format(Id.Job, job.Id)} first, and all others that are not completed or "
                    + "cancelled");
            if (rows.Bids.Rows.FirstOrDefault(bid => bid.Bidder == caller.Id && bid.State is BidState.Live) is { } live)
                open.Add($"its bid {Id.Format(Id.Bid, live.Id)} is live until the job is over or another bid won");
            if (!isLast) return string.Join("; ", open);
            if (owner.Available > Money.Zero)
                open.Add($"withdraw {policy.Show(owner.Available)} with POST /v1/balance/withdraw");
            var earned = owner.Earnings + owner.InTransit + owner.Held;
            if (earned > Money.Zero)
                open.Add($"{policy.Show(earned)} of earnings or withdrawals are not paid out yet");
            if (owner.Receivable > Money.Zero)
                open.Add($"{policy.Show(owner.Receivable)} are owed after a chargeback");
            if (owner.TopUpId is not null) open.Add("a charge is under way");
            if (owner.DefaultCardId is not null) open.Add("remove the cards with DELETE /v1/payment-methods/{id}");
            return string.Join("; ", open);
        }

        private static string KeyOf(string name)
        {
            AgentName.TryNormalise(name, out _, out string key, out _);
            return key;
        }
    }

    private sealed class Erase(StoredWork work) : Engine.Command
    {
        public override void Need(LoadPlan plan) => plan.Erase.Add(work.Item.Subject);

        public override Ruling Decide(Snapshot rows, DecisionContext context) =>
            new(new Decision(), Reply.None) { Log = { work.Done() } };
    }
}
