using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Payments;

/// <summary>
/// The provider has something to say about one of its objects: whatever it says now is settled, if it is ours and not
/// settled yet. Events and the reconciler both come here, in any order and any number of times.
/// </summary>
internal static class HearOf
{
    public static async Task ChargeAsync(Deployment deployment, string id, CancellationToken stop)
    {
        if (await deployment.Stripe.GetChargeAsync(id, stop) is not { } charge) return;
        if (await PendingAsync(deployment, charge.Op, stop) is not { } operation) return;
        // What failed is settled by the item that sent it: two at once would open the bank's page twice.
        if (charge.Outcome is ProviderOutcome.Succeeded outcome)
            await SettleOperation.RunAsync(deployment, operation, outcome, null, stop);
    }

    public static async Task TransferAsync(Deployment deployment, string id, CancellationToken stop)
    {
        if (await deployment.Stripe.GetTransferAsync(id, stop) is not { } transfer) return;
        if (await PendingAsync(deployment, transfer.Op, stop) is { } operation)
            await SettleOperation.RunAsync(deployment, operation, new ProviderOutcome.Succeeded(id), null, stop);
        if (transfer.ReversedMinor == 0
            || await Operations.FindBehindAsync(deployment, transfer.Op, id, stop) is not { } sent) return;
        foreach (var reversal in await deployment.Stripe.ListReversalsAsync(id, stop))
            await TakeInReversal.RunAsync(deployment, sent, reversal, stop);
    }

    public static async Task RefundAsync(Deployment deployment, string id, CancellationToken stop)
    {
        if (await deployment.Stripe.GetRefundAsync(id, stop) is not { } refund
            || await Operations.FindBehindAsync(deployment, refund.Op, id, stop) is not { } operation) return;
        if (operation.State is OperationState.Pending && refund.Outcome is not ProviderOutcome.Unknown)
            await SettleOperation.RunAsync(deployment, operation, refund.Outcome, null, stop);
        else if (operation.State is OperationState.Done && refund.Outcome is ProviderOutcome.Declined)
            await ReturnRefund.RunAsync(deployment, operation, stop);
    }

    public static async Task DisputeAsync(Deployment deployment, string id, CancellationToken stop)
    {
        if (await deployment.Stripe.GetDisputeAsync(id, stop) is not { PaymentIntent: { } paid } dispute
            || await deployment.Stripe.GetChargeAsync(paid, stop) is not { } charge
            || await Operations.FindBehindAsync(deployment, charge.Op, paid, stop) is not { } operation) return;
        await TakeInDispute.RunAsync(deployment, operation, dispute, stop);
    }

    private static async Task<Operation?> PendingAsync(Deployment deployment, string? op, CancellationToken stop) =>
        await Operations.FindByNameAsync(deployment, op, stop) is { State: OperationState.Pending } operation
            ? operation : null;
}
