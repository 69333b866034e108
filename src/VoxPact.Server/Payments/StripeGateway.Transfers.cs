using System.Runtime.CompilerServices;
using Stripe;
using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Payments;

/// <summary>A transfer as Stripe has it now; one that exists was executed.</summary>
internal sealed record ProviderTransfer(
    string Id, long AmountMinor, long ReversedMinor, string Currency, string Destination,
    string? TransferGroup, DateTimeOffset Created, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The operation that asked for it; null for a transfer that is none of ours.</summary>
    public string? Op => Metadata.GetValueOrDefault("op");
}

internal sealed partial class StripeGateway
{
    /// <summary>
    /// Sends earnings to a connected account. Declined with <c>balance_insufficient</c> means that the
    /// platform's charges are not available yet; Stripe keeps that answer under the key, so the next try
    /// needs a new one.
    /// </summary>
    public Task<ProviderOutcome> SendTransferAsync(TransferBody body, string key, CancellationToken stop)
    {
        var options = new TransferCreateOptions
        {
            Amount = body.AmountMinor,
            Currency = body.Currency,
            Destination = body.Destination,
            TransferGroup = body.TransferGroup,
            Metadata = Copy(body.Metadata),
        };
        return MoveAsync(
            () => _stripe.Transfers.CreateAsync(options, Once(key), stop),
            static transfer => new ProviderOutcome.Succeeded(transfer.Id), stop);
    }

    /// <summary>Null when there is no such transfer.</summary>
    public async Task<ProviderTransfer?> GetTransferAsync(string id, CancellationToken stop) =>
        await FindAsync(() => _stripe.Transfers.GetAsync(id, null, null, stop), stop) is { } transfer
            ? Read(transfer) : null;

    /// <summary>Every transfer created since, the newest first, whoever asked for it.</summary>
    public async IAsyncEnumerable<ProviderTransfer> ListTransfersAsync(
        DateTimeOffset since, [EnumeratorCancellation] CancellationToken stop)
    {
        var options = new TransferListOptions { Created = Since(since), Limit = PageSize };
        var transfers = _stripe.Transfers.ListAutoPagingAsync(options, null, stop);
        await foreach (Transfer transfer in AllAsync(transfers, stop)) yield return Read(transfer);
    }

    /// <summary>Every transfer of one operation; more than one means that it was paid twice.</summary>
    public async Task<IReadOnlyList<ProviderTransfer>> FindTransfersByOpAsync(
        string op, DateTimeOffset since, CancellationToken stop)
    {
        List<ProviderTransfer> found = [];
        await foreach (ProviderTransfer transfer in ListTransfersAsync(since, stop))
            if (transfer.Op == op) found.Add(transfer);
        return found;
    }

    private static ProviderTransfer Read(Transfer transfer) => new(
        transfer.Id, transfer.Amount, transfer.AmountReversed, transfer.Currency, transfer.DestinationId,
        transfer.TransferGroup, Utc(transfer.Created), transfer.Metadata ?? []);
}
