using System.Text.Json;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Engine;
using VoxPact.Server.Work;

namespace VoxPact.Server.Payments;

/// <summary>
/// Asks the provider for what an operation says, once, however often it must be tried: that it was sent is written
/// before it is; what was sent before is read before it is sent again; whether it may be sent again is
/// <see cref="SendingRules"/>' to say. Charges take two steps, so that an unknown outcome is a read away.
/// </summary>
internal static class SendOperation
{
    /// <summary>All calls of one run together; the worker's lease is longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    public static async Task RunAsync(Deployment deployment, StoredWork work, CancellationToken stopping)
    {
        using var patience = new CancellationTokenSource(Longest, deployment.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
        var stop = both.Token;
        var operation = await Operations.FindAsync(deployment, work.Item.Subject, stop);
        if (operation.State is not OperationState.Pending)
        {
            await deployment.Engine.FinishAsync(work);
            return;
        }
        var outcome = operation.FirstSentUs is null
            ? await SendAsync(deployment, operation, stop)
            : await ReadOrSendAsync(deployment, operation, stop);
        await SettleOperation.RunAsync(deployment, operation, outcome, work, stop);
    }

    private static async Task<ProviderOutcome> ReadOrSendAsync(
        Deployment deployment, Operation operation, CancellationToken stop)
    {
        var seen = await ReadOperation.RunAsync(deployment, operation, stop);
        if (seen.Outcome is { } known) return known;
        if (seen.ProviderId is { } id && operation.ProviderId is null)
            operation = await KeepAsync(deployment, operation, id);
        bool mayRenew = operation.Kind is not OperationKind.Transfer || deployment.Mode is Mode.Sandbox;
        switch (SendingRules.AfterEmptyRead(operation, mayRenew, deployment.Clock.NowUs))
        {
            case NextSending.SendAgain:
                return await SendAsync(deployment, operation, stop);
            case NextSending.NewKey:
                operation = await Operations.NoteAsync(
                    deployment, operation, (stored, _) => SendingRules.Renew(stored));
                return await SendAsync(deployment, operation, stop);
            case NextSending.NoteEmptyRead:
                await Operations.NoteAsync(deployment, operation,
                    (stored, nowUs) => stored with { EmptyReadUs = stored.EmptyReadUs ?? nowUs });
                throw new OutcomeUnknown($"{operation.Name} is not to be found at the provider; it is read again.");
            case NextSending.AskOperator:
                throw new OutcomeUnknown($"{operation.Name} never happened, and its key is too old to be sent "
                    + "again; the operator must decide with POST /v1/operator/operations/{id}/resend.");
            default:
                throw new OutcomeUnknown($"{operation.Name} may not be sent again yet; it is read again.");
        }
    }

    private static async Task<ProviderOutcome> SendAsync(
        Deployment deployment, Operation operation, CancellationToken stop)
    {
        operation = await Operations.MarkSentAsync(deployment, operation);
        var outcome = operation.Kind switch
        {
            OperationKind.Charge => await ChargeAsync(deployment, operation, stop),
            OperationKind.Transfer => await deployment.Stripe.SendTransferAsync(
                JsonSerializer.Deserialize<TransferBody>(operation.Body)!, operation.IdempotencyKey, stop),
            OperationKind.Refund => await deployment.Stripe.SendRefundAsync(
                JsonSerializer.Deserialize<RefundBody>(operation.Body)!, operation.IdempotencyKey, stop),
            _ => throw new InvalidOperationException($"{operation.Name} is not sent from here."),
        };
        // The provider keeps its own failure under the key: the same key can only repeat it.
        if (outcome is ProviderOutcome.Unknown { ReadFirst: true, Reason: not UnknownReason.Processing })
            await Operations.NoteAsync(deployment, operation, (stored, _) => stored with { MustRead = true });
        return outcome;
    }

    private static async Task<ProviderOutcome> ChargeAsync(
        Deployment deployment, Operation operation, CancellationToken stop)
    {
        if (operation.ProviderId is null)
        {
            var body = JsonSerializer.Deserialize<ChargeBody>(operation.Body)!;
            var created = await deployment.Stripe.CreateChargeAsync(body, operation.IdempotencyKey, stop);
            if (created is not ProviderOutcome.Succeeded { ProviderId: var id }) return created;
            operation = await KeepAsync(deployment, operation, id);
        }
        return await deployment.Stripe.ConfirmChargeAsync(
            operation.ProviderId!, operation.IdempotencyKey + ":confirm", stop);
    }

    /// <summary>
    /// The charge exists, whatever became of the call that made it. Confirming it is another call with another key,
    /// which was never sent: that only happens after this is stored.
    /// </summary>
    private static Task<Operation> KeepAsync(Deployment deployment, Operation operation, string id) =>
        Operations.NoteAsync(deployment, operation, (stored, nowUs) => stored.ProviderId is not null
            ? stored
            : stored with { ProviderId = id, FirstSentUs = nowUs, MustRead = false, EmptyReadUs = null });
}
