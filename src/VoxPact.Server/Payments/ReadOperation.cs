using System.Text.Json;
using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Payments;

/// <summary>What the provider shows of an operation: what it came to, or that nothing was executed.</summary>
/// <param name="Outcome">Null when nothing was executed.</param>
/// <param name="ProviderId">What exists of it all the same: a charge that was never confirmed.</param>
internal readonly record struct SeenOperation(ProviderOutcome? Outcome, string? ProviderId);

/// <summary>Asks the provider about an operation, by its id there or by its name in the metadata.</summary>
internal static class ReadOperation
{
    /// <summary>The two clocks may differ by so much.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    public static Task<SeenOperation> RunAsync(Deployment deployment, Operation operation, CancellationToken stop) =>
        PayOnPage.PageOf(operation) is { } page ? CheckoutAsync(deployment, page, stop) : operation.Kind switch
        {
            OperationKind.Charge => ChargeAsync(deployment, operation, stop),
            OperationKind.Transfer => TransferAsync(deployment, operation, stop),
            OperationKind.Refund => RefundAsync(deployment, operation, stop),
            _ => throw new InvalidOperationException($"{operation.Name} was never asked of the provider."),
        };

    private static async Task<SeenOperation> ChargeAsync(
        Deployment deployment, Operation operation, CancellationToken stop)
    {
        IReadOnlyList<ProviderCharge> found = operation.ProviderId is { } id
            ? await deployment.Stripe.GetChargeAsync(id, stop) is { } known ? [known] : []
            : await deployment.Stripe.FindChargesByOpAsync(operation.Name, Since(operation), stop);
        var best = found.OrderBy(charge => Rank(charge.Outcome)).FirstOrDefault();
        return new SeenOperation(best?.Outcome, best?.Id);
    }

    /// <summary>Where more than one key was sent: money that moved first, then what may still move.</summary>
    private static int Rank(ProviderOutcome? outcome) => outcome switch
    {
        ProviderOutcome.Succeeded => 0,
        ProviderOutcome.Unknown => 1,
        ProviderOutcome.ActionRequired => 2,
        null => 3,
        _ => 4,
    };

    private static async Task<SeenOperation> TransferAsync(
        Deployment deployment, Operation operation, CancellationToken stop)
    {
        var found = await deployment.Stripe.FindTransfersByOpAsync(operation.Name, Since(operation), stop);
        return found.Count == 0 ? default : new SeenOperation(new ProviderOutcome.Succeeded(found[0].Id), found[0].Id);
    }

    private static async Task<SeenOperation> RefundAsync(
        Deployment deployment, Operation operation, CancellationToken stop)
    {
        var body = JsonSerializer.Deserialize<RefundBody>(operation.Body)!;
        await foreach (var refund in deployment.Stripe.ListRefundsOfAsync(body.PaymentIntent, stop))
            if (refund.Op == operation.Name) return new SeenOperation(refund.Outcome, refund.Id);
        return default;
    }

    private static async Task<SeenOperation> CheckoutAsync(Deployment deployment, string id, CancellationToken stop)
    {
        var page = await deployment.Stripe.GetCheckoutAsync(id, stop);
        ProviderOutcome outcome = page switch
        {
            { Status: "complete", PaymentIntent: { } paid } => new ProviderOutcome.Succeeded(paid),
            null or { Status: "expired" } => new ProviderOutcome.Declined("expired", "The page was never paid."),
            _ => new ProviderOutcome.Unknown(UnknownReason.Processing, "The page is still open."),
        };
        return new SeenOperation(outcome, null);
    }

    private static DateTimeOffset Since(Operation operation) =>
        DateTimeOffset.UnixEpoch.AddTicks(operation.CreatedUs * 10) - Slack;
}
