using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Domain.Facts;
using VoxPact.Domain.Work;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// Makes the cards that are shown and charged equal to what Stripe has for the customer, and tells of those that are
/// gone or have expired. Whatever happened, in whatever order it is heard of, the same call ends in the same state.
/// </summary>
internal static class SyncCards
{
    /// <param name="customer">Only the owner's own customer counts; null reads it from the owner.</param>
    public static async Task RunAsync(Deployment deployment, Guid owner, string? customer, CancellationToken stop)
    {
        if (await ReadAsync(deployment, owner, customer, null, stop) is { } command)
            await deployment.Engine.RunWorkAsync(command);
    }

    /// <summary>A card comes to the end of its time, of which Stripe tells nothing.</summary>
    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stop)
    {
        if (await ReadAsync(deployment, work.Item.Subject, null, work, stop) is { } command)
            await deployment.Engine.RunWorkAsync(command);
        else
            await deployment.Engine.FinishAsync(work);
    }

    private static async Task<Command?> ReadAsync(
        Deployment deployment, Guid owner, string? customer, StoredWork? work, CancellationToken stop)
    {
        var known = await deployment.Store.QueryAsync(OwnerQueries.Customer(owner), stop);
        if (known is not [{ } own] || (customer is not null && customer != own)) return null;
        var cards = await deployment.Stripe.ListCardsAsync(own, stop);
        var agents = await deployment.Store.QueryAsync(AgentQueries.IdsOfOwner(owner), stop);
        return new Command(owner, cards, agents, work);
    }

    private sealed class Command(
        Guid ownerId, IReadOnlyList<CardDetails> atStripe, IReadOnlyList<Guid> agents, StoredWork? work)
        : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Owners.Add(ownerId);
            plan.Cards.Add(ownerId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            var decision = new Decision();
            var ruling = new Ruling(decision, Reply.None);
            if (work is not null) ruling.Log.Add(work.Done());
            if (rows.Owners.Find(ownerId) is not { } owner) return ruling;
            var known = rows.Cards.Rows.Where(card => card.OwnerId == ownerId).ToDictionary(card => card.Id);
            Card[] cards = [.. atStripe.Select(card => Row(card, context.NowUs))];
            // The default stays while it can be charged; without one, the newest card that can is it.
            string? preferred = cards.Any(card => card.Id == owner.DefaultCardId && !card.IsExpired)
                ? owner.DefaultCardId
                : cards.Where(card => !card.IsExpired).OrderByDescending(card => card.CreatedUs).FirstOrDefault()?.Id;
            if (preferred != owner.DefaultCardId) decision.Put(owner with { DefaultCardId = preferred });
            foreach (var card in cards)
            {
                if (!known.Remove(card.Id, out var old)) decision.Add(card);
                else if (old != card) decision.Put(card);
                if (card.IsExpired && old is not { IsExpired: true })
                    decision.Tell(Told(FactType.CardExpired, card, preferred, context.NowUs));
                // Cards from before this was watched come with work that names no end.
                bool isWatched = old is { IsExpired: false } && old.EndUs == card.EndUs && work?.Item.Argument != 0;
                if (!card.IsExpired && !isWatched)
                    decision.Later(new WorkItem(WorkKind.LookAtCards, ownerId, card.EndUs, card.EndUs));
            }
            foreach (var gone in known.Values)
                decision.Remove(gone).Tell(Told(FactType.CardRemoved, gone, preferred, context.NowUs));
            return ruling.Log.Count + decision.Rows.Count + decision.Work.Count == 0 ? Reply.None : ruling;
        }

        private Card Row(CardDetails card, long nowUs)
        {
            var row = new Card
            {
                Id = card.Id,
                OwnerId = ownerId,
                Brand = card.Brand,
                Last4 = card.Last4,
                ExpMonth = card.ExpMonth,
                ExpYear = card.ExpYear,
                CreatedUs = (card.Created - DateTimeOffset.UnixEpoch).Ticks / 10,
            };
            return row with { IsExpired = row.EndUs <= nowUs };
        }

        private Fact Told(FactType type, Card card, string? preferred, long nowUs) => new(
            type, Id.Derived($"{type} {card.Id} {nowUs}"), 1, nowUs,
            new FactData { PaymentMethodId = card.Id, DefaultPaymentMethodId = preferred }, agents);
    }
}
