using VoxPact.Domain.Ledger;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Payments;

/// <summary>
/// The provider's lists of what it executed since a time, held against the operations both ways: what is ours and has
/// no outcome yet is settled; what is not as it was asked for is an alarm.
/// </summary>
internal sealed class CompareLists(Deployment deployment, long sinceUs, long nowUs)
{
    private readonly List<(string Id, string Why)> _alarms = [];
    private readonly HashSet<string> _executed = [];
    private readonly DateTimeOffset _since = DateTimeOffset.UnixEpoch.AddTicks(sinceUs * 10);

    public async Task<IReadOnlyList<(string Id, string Why)>> RunAsync(CancellationToken stop)
    {
        var stripe = deployment.Stripe;
        await foreach (var charge in stripe.ListChargesAsync(_since, stop))
            if (charge.Outcome is ProviderOutcome.Succeeded paid)
                await TakeAsync(charge.Id, charge.Op, charge.AmountMinor, charge.Currency, paid, stop);
        await foreach (var transfer in stripe.ListTransfersAsync(_since, stop))
        {
            await TakeAsync(transfer.Id, transfer.Op, transfer.AmountMinor, transfer.Currency,
                new ProviderOutcome.Succeeded(transfer.Id), stop);
            if (transfer.ReversedMinor > 0) await HearOf.TransferAsync(deployment, transfer.Id, stop);
        }
        await foreach (var refund in stripe.ListRefundsAsync(_since, stop))
        {
            if (refund.Outcome is ProviderOutcome.Declined) await HearOf.RefundAsync(deployment, refund.Id, stop);
            else await TakeAsync(refund.Id, refund.Op, refund.AmountMinor, refund.Currency, refund.Outcome, stop);
        }
        await foreach (var dispute in stripe.ListDisputesAsync(_since, stop))
            await HearOf.DisputeAsync(deployment, dispute.Id, stop);
        await LookForSettledAsync(stop);
        return _alarms;
    }

    private async Task TakeAsync(
        string id, string? op, long amountMinor, string currency, ProviderOutcome outcome, CancellationToken stop)
    {
        _executed.Add(id);
        var operation = await Operations.FindBehindAsync(deployment, op, id, stop);
        if (operation is null)
            _alarms.Add((id, op is null
                ? "was executed at the provider, but names no operation of this server."
                : $"was executed at the provider for {op}, which is not here."));
        else if (operation.Amount.Minor != amountMinor || currency != deployment.Policy.Currency)
            _alarms.Add((id, $"is of {amountMinor} {currency}, but {op} asked for {operation.Amount}."));
        else if (operation.State is OperationState.Pending)
        {
            if (outcome is not ProviderOutcome.Unknown)
                await SettleOperation.RunAsync(deployment, operation, outcome, null, stop);
        }
        else if (operation.State is OperationState.Declined)
            _alarms.Add((id, $"was executed at the provider, but {op} was declined here."));
        else if (operation.ProviderId != id)
            _alarms.Add((id, $"was executed at the provider beside {operation.ProviderId}, both for {op}."));
    }

    /// <summary>
    /// What is settled as done here must be at the provider. Most of it is in the lists; a charge that was made before
    /// they begin, and confirmed since, is asked for by its id.
    /// </summary>
    private async Task LookForSettledAsync(CancellationToken stop)
    {
        long safeUs = sinceUs + Domain.Jobs.JobTimes.HourUs;
        var settled = await deployment.Store.QueryAsync(OperationQueries.SettledBetween(safeUs, nowUs), stop);
        foreach (var operation in settled)
        {
            if (operation is not { IsSent: true, State: OperationState.Done, ProviderId: { } id }
                || operation.Returned != Domain.Money.Zero || _executed.Contains(id)) continue;
            var seen = await ReadOperation.RunAsync(deployment, operation, stop);
            if (seen.Outcome is ProviderOutcome.Declined && operation.Kind is OperationKind.Refund)
                await HearOf.RefundAsync(deployment, id, stop);
            else if (seen.Outcome is not ProviderOutcome.Succeeded || seen.ProviderId != id)
                _alarms.Add((id, $"is not at the provider, though {operation.Name} is settled with it."));
        }
    }
}
