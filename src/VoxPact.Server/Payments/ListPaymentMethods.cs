using VoxPact.Client;
using VoxPact.Server.Engine;
using VoxPact.Server.Http;
using VoxPact.Server.Storage;

namespace VoxPact.Server.Payments;

/// <summary>The owner's saved cards, as much of them as may be shown.</summary>
internal static class ListPaymentMethods
{
    private static readonly string Sql =
        $"select {Tables.Cards.Select("c")}, o.default_card_id from cards c join owners o on o.id = c.owner_id "
        + "join agents a on a.owner_id = o.id where a.key_hash = $1 order by c.created_us desc, c.id";

    public static async Task<Reply> Handle(Call call)
    {
        var (_, _, unknown) = await call.QueryAsync("select 1 where 1 = 0", [], row => row.Long(0));
        if (unknown is not null) return Reply.Refused(unknown);
        await RefreshAsync(call);
        var (_, cards, refusal) = await call.QueryAsync(
            Sql, [call.CallerKey], row => (Card: Tables.Cards.Read(row), Default: row.TextOrNull(Tables.Cards.Columns.Count)));
        if (refusal is not null) return Reply.Refused(refusal);
        return Answers.Page([.. cards.Select(row => new PaymentMethodResource
        {
            Id = row.Card.Id,
            Brand = row.Card.Brand,
            Last4 = row.Card.Last4,
            ExpMonth = row.Card.ExpMonth,
            ExpYear = row.Card.ExpYear,
            IsDefault = row.Card.Id == row.Default,
        })], null, VoxPactJson.Wire.PagePaymentMethodResource);
    }

    /// <summary>
    /// A card confirmed a moment ago counts now, though Stripe's event may still be on its way. False when Stripe
    /// cannot be asked; then what is stored has to do.
    /// </summary>
    public static async Task<bool> RefreshAsync(Call call)
    {
        var owners = await call.Deployment.Store.QueryAsync(
            "select owner_id from agents where key_hash = $1", [call.CallerKey], row => row.Guid(0), call.Aborted);
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
