using System.Security.Cryptography;
using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Letters;

/// <summary>
/// What the link in a letter does, once: proves the address, lets an agent join, or makes a new key. Following the link
/// only shows a page, since programs that read mail follow links too; its button does it.
/// </summary>
internal static class UseLetter
{
    public const string Spent =
        "This link was used, has expired, or never was one of this server's. Ask for a fresh letter.";

    /// <summary>The letter of a link that still works; null for any other.</summary>
    public static async Task<LetterQueries.Named?> FindAsync(
        Deployment deployment, string token, CancellationToken stop)
    {
        if (deployment.Letters.Read(token) is not { } id) return null;
        var found = await deployment.Store.QueryAsync(LetterQueries.One(id), stop);
        return found is [var named] && named.Letter.IsUsable(deployment.Clock.NowUs) ? named : null;
    }

    /// <summary>What it came to, in a sentence, and the new key where it made one.</summary>
    public sealed record Done(string Sentence, string? Key = null);

    public static async Task<Done> RunAsync(Deployment deployment, string token, CancellationToken stop)
    {
        if (await FindAsync(deployment, token, stop) is not { } named) return new Done(Spent);
        var letter = named.Letter;
        var agents = letter.Kind is LetterKind.JoinOwner
            ? await deployment.Store.QueryAsync(AgentQueries.IdsOfOwner(letter.OwnerId), stop)
            : [letter.AgentId];
        string key = ApiKey.Create(ApiKey.AgentPrefix, RandomNumberGenerator.GetBytes(ApiKey.RandomBytes));
        var reply = await deployment.Engine.RunWorkAsync(
            new Command(letter, agents, key, ApiKey.Hash(key, deployment.Pepper)));
        return (Done)reply.Value!;
    }

    private sealed class Command(Letter asked, IReadOnlyList<Guid> agents, string key, byte[] keyHash) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Letters.Add(asked.Id);
            plan.AgentsToChange.UnionWith(agents);
            plan.Owners.Add(asked.OwnerId);
            if (asked.JoinAgentId is not { } other) return;
            plan.Agents.Add(other);
            plan.OwnersOfAgents.Add(other);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Letters.Find(asked.Id) is not { } letter || !letter.IsUsable(context.NowUs)
                || rows.Agents.Find(letter.AgentId) is not { } agent || agent.OwnerId != letter.OwnerId
                || rows.Owners.Find(letter.OwnerId) is not { } owner || Letter.AddressOf(owner.Email) != letter.Address)
                return Reply.Holding(new Done(Spent));
            var decision = new Decision().Put(letter with { UsedUs = context.NowUs });
            var done = letter.Kind switch
            {
                LetterKind.ConfirmEmail => Confirm(decision, owner, context.NowUs),
                LetterKind.JoinOwner => Join(decision, rows, letter, owner, context.NowUs),
                LetterKind.RecoverKey => Recover(decision, letter, agent, context.NowUs),
                LetterKind.KeyRecovered => new Done(Spent),
            };
            return new Ruling(decision, Reply.Holding(done));
        }

        private static Done Confirm(Decision decision, Owner owner, long nowUs)
        {
            decision.Put(owner with { EmailConfirmedUs = owner.EmailConfirmedUs ?? nowUs });
            return new Done("The address is confirmed.");
        }

        /// <summary>
        /// Agents that were never active have no money, cards, jobs or bids, and nor has their owner: so they can move
        /// without anything being left behind or merged.
        /// </summary>
        private Done Join(Decision decision, Snapshot rows, Letter letter, Owner owner, long nowUs)
        {
            var moving = agents.Select(id => rows.Agents.Find(id)).OfType<Agent>()
                .Where(agent => agent.OwnerId == owner.Id).ToList();
            var host = rows.Agents.Find(letter.JoinAgentId!.Value);
            bool provesTheSame = host is { Status: AgentStatus.Active } && host.OwnerId != owner.Id
                && rows.Owners.Find(host.OwnerId) is { EmailConfirmedUs: not null } other
                && Letter.AddressOf(other.Email) == letter.Address;
            if (!provesTheSame || moving.Exists(agent => agent.Status is not AgentStatus.PendingActivation))
            {
                Confirm(decision, owner, nowUs);
                return new Done("The address is confirmed, but nobody joined: an agent of this owner was active "
                    + "meanwhile, or the other owner changed. What owners have is never merged.");
            }
            foreach (var agent in moving) decision.Put(agent with { OwnerId = host!.OwnerId });
            // Nobody is left there; the address need not be kept twice.
            decision.Put(owner with { Email = "", EmailConfirmedUs = null });
            return new Done("The address is confirmed, and the agent has joined your owner.");
        }

        private Done Recover(Decision decision, Letter letter, Agent agent, long nowUs)
        {
            decision.Put(agent with
            {
                KeyHash = keyHash,
                PreviousKeyHash = null,
                KeyGeneration = agent.KeyGeneration + 1,
                Sequence = agent.Sequence + 1,
            }).Tell(new Fact(FactType.KeyRecovered, agent.Id, agent.Sequence + 1, nowUs,
                new FactData { AgentId = agent.Id }, [agent.Id]));
            SendLetter.Write(decision, letter with
            {
                Id = Id.New(nowUs),
                Kind = LetterKind.KeyRecovered,
                CreatedUs = nowUs,
                SentUs = null,
            });
            return new Done("This is the agent's new key, shown this once; the old one is dead.", key);
        }
    }
}
