using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Payments;
using VoxPact.Server.Storage;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Ledger;

/// <summary>
/// I4 and I5: the operations held against what the provider itself says that it executed. Only this sees a
/// payment that was made twice. It keeps one id for each operation of the time that is looked at.
/// </summary>
internal sealed class CheckProvider(CheckFindings findings, IStore store, StripeGateway stripe, string currency)
{
    /// <summary>The provider's clock and ours need not agree to the second.</summary>
    public const long ClockGraceUs = JobTimes.HourUs;

    private readonly Dictionary<Guid, string> _executed = [];
    private readonly List<Executed> _page = [];

    /// <summary>One thing that moved money, whatever its kind.</summary>
    private sealed record Executed(string Id, string? Op, long AmountMinor, string Currency, string? Counterpart);

    /// <param name="reading">
    /// Of a moment before the provider is asked: whatever it has as settled must be in the provider's lists.
    /// </param>
    /// <param name="sinceUs">What the provider made earlier is not looked at.</param>
    /// <param name="operations">What must be executed when it is settled and younger than that.</param>
    public async Task RunAsync(
        IReading reading, IAsyncEnumerable<Operation> operations, long sinceUs, CancellationToken stop)
    {
        try
        {
            var since = DateTimeOffset.UnixEpoch.AddTicks((sinceUs - ClockGraceUs) * 10);
            await foreach (var charge in stripe.ListChargesAsync(since, stop))
                if (charge.Outcome is ProviderOutcome.Succeeded)
                    await TakeAsync(reading, new Executed(
                        charge.Id, charge.Op, charge.AmountMinor, charge.Currency, charge.Customer), stop);
            await foreach (var refund in stripe.ListRefundsAsync(since, stop))
                if (refund.Outcome is not ProviderOutcome.Declined)
                    await TakeAsync(reading, new Executed(refund.Id, refund.Op, refund.AmountMinor,
                        refund.Currency, refund.PaymentIntent), stop);
            await foreach (var transfer in stripe.ListTransfersAsync(since, stop))
                await TakeAsync(reading, new Executed(transfer.Id, transfer.Op, transfer.AmountMinor,
                    transfer.Currency, transfer.Destination), stop);
            await CompareAsync(reading, stop);
        }
        catch (PaymentProviderUnavailable away)
        {
            string why = $"The payment provider could not be asked: {away.Message}";
            findings.Skip(CheckFindings.Settled, why);
            findings.Skip(CheckFindings.Known, why);
            return;
        }
        await foreach (var operation in operations.WithCancellation(stop))
            if (operation.IsSent && operation.State is OperationState.Done && operation.CreatedUs >= sinceUs
                && !(operation.Kind is OperationKind.Refund && operation.Returned == operation.Amount)
                && !_executed.ContainsKey(operation.Id))
                findings.Add(CheckFindings.Settled, operation.Name,
                    $"It is settled with {operation.ProviderId}, which the provider does not show as executed.");
    }

    private async Task TakeAsync(IReading reading, Executed executed, CancellationToken stop)
    {
        findings.Count("provider_objects");
        _page.Add(executed);
        if (_page.Count >= CheckQueries.AtOnce) await CompareAsync(reading, stop);
    }

    private async Task CompareAsync(IReading reading, CancellationToken stop)
    {
        Guid[] ids = [.. _page.Select(one => Operation.IdBehind(one.Op, one.Id)).Distinct()];
        var known = ids.Length == 0 ? []
            : (await reading.QueryAsync(CheckQueries.OperationsById(ids), stop)).ToDictionary(one => one.Id);
        foreach (var executed in _page)
        {
            var id = Operation.IdBehind(executed.Op, executed.Id);
            var operation = known.GetValueOrDefault(id) ?? await YoungAsync(id, stop);
            if (operation is null || (executed.Op is { } name && operation.Name != name))
                findings.Add(CheckFindings.Known, executed.Id, $"{Show(executed)} was executed "
                    + (executed.Op is { } op
                        ? $"for {op}, which is not there." : "without naming an operation."));
            else Compare(operation, executed);
        }
        _page.Clear();
    }

    /// <summary>
    /// An operation is committed before anything is sent for it: one that the moment of reading does not have yet
    /// must be there now.
    /// </summary>
    private async Task<Operation?> YoungAsync(Guid id, CancellationToken stop) =>
        (await store.QueryAsync(OperationQueries.One(id), stop)).FirstOrDefault();

    private void Compare(Operation operation, Executed executed)
    {
        if (!_executed.TryAdd(operation.Id, executed.Id))
            Tell($"{executed.Id} was executed for it, and {_executed[operation.Id]} too.");
        else if (operation.State is OperationState.Done && operation.ProviderId != executed.Id)
            Tell($"It is settled with {operation.ProviderId}, but {executed.Id} was executed for it.");
        if (operation.State is OperationState.Declined)
            Tell($"It is settled as declined, but {executed.Id} was executed for it.");
        if (operation.Amount.Minor != executed.AmountMinor || executed.Currency != currency
            || CounterpartOf(operation) != executed.Counterpart)
            Tell($"It asks for {operation.Amount} {currency} and {CounterpartOf(operation)}; "
                + $"{executed.Id} is {Show(executed)} and {executed.Counterpart}.");

        void Tell(string sentence) => findings.Add(CheckFindings.Settled, operation.Name, sentence);
    }

    /// <summary>
    /// Whom the frozen body names: the customer who is charged, the account that is paid, the charge that is
    /// refunded. An activation is paid by whoever opens its page.
    /// </summary>
    private static string? CounterpartOf(Operation operation)
    {
        using var body = JsonDocument.Parse(operation.Body);
        string member = operation.Kind switch
        {
            OperationKind.Charge or OperationKind.ActivationFee => nameof(ChargeBody.Customer),
            OperationKind.Refund => nameof(RefundBody.PaymentIntent),
            _ => nameof(TransferBody.Destination),
        };
        return body.RootElement.TryGetProperty(member, out var named) ? named.GetString() : null;
    }

    private static string Show(Executed executed) => $"{executed.AmountMinor} {executed.Currency}";
}
