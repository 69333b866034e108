using System.Runtime.CompilerServices;
using Stripe;
using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Payments;

/// <summary>A refund as Stripe has it now.</summary>
/// <param name="Outcome">Never null: a refund that exists was asked for.</param>
internal sealed record ProviderRefund(
    string Id, long AmountMinor, string Currency, string? PaymentIntent, DateTimeOffset Created,
    IReadOnlyDictionary<string, string> Metadata, ProviderOutcome Outcome)
{
    /// <summary>The operation that asked for it; null for a refund that is none of ours.</summary>
    public string? Op => Metadata.GetValueOrDefault("op");
}

/// <summary>A transfer, or a part of it, that was taken back.</summary>
internal sealed record ProviderReversal(string Id, string Transfer, long AmountMinor, DateTimeOffset Created);

/// <summary>A charge that a bank takes back.</summary>
/// <param name="Status">Stripe's word; <c>warning_…</c> has moved no money.</param>
internal sealed record ProviderDispute(
    string Id, long AmountMinor, string Currency, string? PaymentIntent, string Status, DateTimeOffset Created)
{
    public bool HasMovedMoney => !Status.StartsWith("warning", StringComparison.Ordinal);
    public bool IsWon => Status == "won";
    public bool IsLost => Status == "lost";
}

internal sealed partial class StripeGateway
{
    /// <summary>Gives a part of a charge back to its card.</summary>
    public Task<ProviderOutcome> SendRefundAsync(RefundBody body, string key, CancellationToken stop)
    {
        var options = new RefundCreateOptions
        {
            PaymentIntent = body.PaymentIntent,
            Amount = body.AmountMinor,
            Metadata = Copy(body.Metadata),
        };
        return MoveAsync(() => _stripe.Refunds.CreateAsync(options, Once(key), stop), Outcome, stop);
    }

    /// <summary>Null when there is no such refund.</summary>
    public async Task<ProviderRefund?> GetRefundAsync(string id, CancellationToken stop) =>
        await FindAsync(() => _stripe.Refunds.GetAsync(id, null, null, stop), stop) is { } refund
            ? Read(refund) : null;

    /// <summary>Every refund created since, the newest first, whoever asked for it.</summary>
    public IAsyncEnumerable<ProviderRefund> ListRefundsAsync(DateTimeOffset since, CancellationToken stop) =>
        ListRefundsAsync(new RefundListOptions { Created = Since(since), Limit = PageSize }, stop);

    /// <summary>Every refund of one charge.</summary>
    public IAsyncEnumerable<ProviderRefund> ListRefundsOfAsync(string paymentIntent, CancellationToken stop) =>
        ListRefundsAsync(new RefundListOptions { PaymentIntent = paymentIntent, Limit = PageSize }, stop);

    /// <summary>Everything that was taken back of one transfer.</summary>
    public async Task<IReadOnlyList<ProviderReversal>> ListReversalsAsync(string transfer, CancellationToken stop)
    {
        var options = new TransferReversalListOptions { Limit = PageSize };
        var reversals = _stripe.Transfers.Reversals.ListAutoPagingAsync(transfer, options, null, stop);
        List<ProviderReversal> found = [];
        await foreach (TransferReversal one in AllAsync(reversals, stop))
            found.Add(new ProviderReversal(one.Id, transfer, one.Amount, Utc(one.Created)));
        return found;
    }

    /// <summary>Null when there is no such dispute.</summary>
    public async Task<ProviderDispute?> GetDisputeAsync(string id, CancellationToken stop) =>
        await FindAsync(() => _stripe.Disputes.GetAsync(id, null, null, stop), stop) is { } dispute
            ? Read(dispute) : null;

    /// <summary>Every dispute created since, the newest first.</summary>
    public async IAsyncEnumerable<ProviderDispute> ListDisputesAsync(
        DateTimeOffset since, [EnumeratorCancellation] CancellationToken stop)
    {
        var options = new DisputeListOptions { Created = Since(since), Limit = PageSize };
        await foreach (Dispute one in AllAsync(_stripe.Disputes.ListAutoPagingAsync(options, null, stop), stop))
            yield return Read(one);
    }

    private async IAsyncEnumerable<ProviderRefund> ListRefundsAsync(
        RefundListOptions options, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (Refund one in AllAsync(_stripe.Refunds.ListAutoPagingAsync(options, null, stop), stop))
            yield return Read(one);
    }

    private static ProviderRefund Read(Refund refund) => new(
        refund.Id, refund.Amount, refund.Currency, refund.PaymentIntentId, Utc(refund.Created),
        refund.Metadata ?? [], Outcome(refund));

    private static ProviderDispute Read(Dispute dispute) => new(
        dispute.Id, dispute.Amount, dispute.Currency, dispute.PaymentIntentId, dispute.Status, Utc(dispute.Created));

    private static ProviderOutcome Outcome(Refund refund) => refund.Status switch
    {
        "succeeded" => new ProviderOutcome.Succeeded(refund.Id),
        "failed" or "canceled" => new ProviderOutcome.Declined(
            refund.FailureReason ?? refund.Status, "The bank did not take the refund."),
        _ => new ProviderOutcome.Unknown(UnknownReason.Processing, $"The refund is {refund.Status}."),
    };
}
