using VoxPact.Domain;
using VoxPact.Domain.Agents;
using VoxPact.Server.Engine;
using VoxPact.Server.Storage.Queries;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// Makes the cards that are shown and charged equal to what Stripe has for the customer. Whatever happened, in
/// whatever order it is heard of, the same call ends in the same state.
/// </summary>
internal static class SyncCards
{
    /// <param name="customer">Only the owner's own customer counts; null reads it from the owner.</param>
    public static async Task RunAsync(Deployment deployment, Guid owner, string? customer, CancellationToken stop)
    {
        var known = await deployment.Store.QueryAsync(OwnerQueries.Customer(owner), stop);
        if (known is not [{ } own] || (customer is not null && customer != own)) return;
        var cards = await deployment.Stripe.ListCardsAsync(own, stop);
        await deployment.Engine.RunWorkAsync(new Command(owner, cards));
    }

    private sealed class Command(Guid ownerId, IReadOnlyList<CardDetails> atStripe) : Engine.Command
    {
        public override void Need(LoadPlan plan)
        {
            plan.Owners.Add(ownerId);
            plan.Cards.Add(ownerId);
        }

        public override Ruling Decide(Snapshot rows, DecisionContext context)
        {
            if (rows.Owners.Find(ownerId) is not { } owner) return Reply.None;
            var decision = new Decision();
            var known = rows.Cards.Rows.Where(card => card.OwnerId == ownerId).ToDictionary(card => card.Id);
            foreach (var card in atStripe)
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
                if (!known.Remove(card.Id, out var old)) decision.Add(row);
                else if (old != row) decision.Put(row);
            }
            foreach (var gone in known.Values) decision.Remove(gone);
            // The default stays while it exists; without one the newest card is it.
            string? preferred = atStripe.Any(card => card.Id == owner.DefaultCardId)
                ? owner.DefaultCardId
                : atStripe.OrderByDescending(card => card.Created).FirstOrDefault()?.Id;
            if (preferred != owner.DefaultCardId) decision.Put(owner with { DefaultCardId = preferred });
            return decision.Rows.Count == 0 ? Reply.None : new Ruling(decision, Reply.None);
        }
    }
}
