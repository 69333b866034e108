using System.Runtime.CompilerServices;
using Stripe;

namespace VoxPact.Server.Payments;

/// <summary>One movement of the platform's balance at Stripe.</summary>
/// <param name="Type">Stripe's word, such as <c>charge</c> or <c>adjustment</c>.</param>
/// <param name="AmountMinor">Below zero when money left.</param>
/// <param name="About">
/// The object that moved it: a charge's intent, a dispute, a reversal's transfer; null for fees of the account itself.
/// </param>
internal sealed record BalanceMovement(
    string Id, string Type, long AmountMinor, string Currency, long FeeMinor, string? About);

internal sealed partial class StripeGateway
{
    /// <summary>Every movement of the balance since, the newest first, with what it is about.</summary>
    public async IAsyncEnumerable<BalanceMovement> ListBalanceMovementsAsync(
        DateTimeOffset since, [EnumeratorCancellation] CancellationToken stop)
    {
        var options = new BalanceTransactionListOptions
        {
            Created = Since(since),
            Limit = PageSize,
            Expand = ["data.source"],
        };
        var all = _stripe.BalanceTransactions.ListAutoPagingAsync(options, null, stop);
        await foreach (BalanceTransaction one in AllAsync(all, stop))
            yield return new BalanceMovement(one.Id, one.Type, one.Amount, one.Currency, one.Fee, one.Source switch
            {
                Charge charge => charge.PaymentIntentId,
                TransferReversal reversal => reversal.TransferId,
                _ => one.SourceId,
            });
    }
}
