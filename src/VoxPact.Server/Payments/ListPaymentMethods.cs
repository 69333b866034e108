using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Payments;

/// <summary>The owner's saved cards, as much of them as may be shown.</summary>
internal static class ListPaymentMethods
{
    public static async Task<Reply> Handle(Call call)
    {
        var (_, _, unknown) = await call.QueryAsync(PlatformQueries.Nothing);
        if (unknown is not null) return Reply.Refused(unknown);
        await RefreshAsync(call);
        var (_, cards, refusal) = await call.QueryAsync(OwnerQueries.CardsOfKey(call.CallerKey));
        if (refusal is not null) return Reply.Refused(refusal);
        return Answers.Page([.. cards.Select(row => new PaymentMethodResource
        {
            Id = row.Card.Id,
            Brand = row.Card.Brand,
            Last4 = row.Card.Last4,
            ExpMonth = row.Card.ExpMonth,
            ExpYear = row.Card.ExpYear,
            IsDefault = row.Card.Id == row.DefaultCardId,
        })], null, VoxPactJson.Wire.PagePaymentMethodResource);
    }

    /// <summary>
    /// A card confirmed a moment ago counts now, though Stripe's event may still be on its way. False when Stripe
    /// cannot be asked; then what is stored has to do.
    /// </summary>
    public static async Task<bool> RefreshAsync(Call call)
    {
        var owners = await call.Deployment.Store.QueryAsync(OwnerQueries.IdOfKey(call.CallerKey), call.Aborted);
        if (owners is not [var owner]) return false;
        try
        {
            await SyncCards.RunAsync(call.Deployment, owner, null, call.Aborted);
            return true;
        }
        catch (PaymentProviderUnavailable)
        {
            return false;
        }
    }
}
