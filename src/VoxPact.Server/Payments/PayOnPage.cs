using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Ledger;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Payments;

/// <summary>
/// A bank that wants its customer present gets them: on a page of Stripe's they pay what the card could not be charged
/// while they were away. It is a charge of its own, pending until the page is paid or expires, and becomes balance.
/// </summary>
internal static class PayOnPage
{
    /// <summary>
    /// Opens the page for a charge that failed, once however often it is asked. The operation must be stored before
    /// the page's address leaves here.
    /// </summary>
    public static async Task<(string Url, Operation Charge)> OpenAsync(
        Deployment deployment, Operation failed, CancellationToken stop)
    {
        var charge = new Operation
        {
            Id = Id.Derived($"page of {failed.Id:N}"),
            Kind = OperationKind.Charge,
            OwnerId = failed.OwnerId,
            Amount = failed.Amount,
            Body = "",
            CreatedUs = deployment.Clock.NowUs,
        };
        var asked = JsonSerializer.Deserialize<ChargeBody>(failed.Body)!;
        string owner = Id.Format(Id.Owner, failed.OwnerId);
        var metadata = new Dictionary<string, string> { ["op"] = charge.Name, ["owner"] = owner };
        var page = await deployment.Stripe.CreatePaymentCheckoutAsync(
            asked.Customer, owner, "Balance for jobs", asked.AmountMinor, asked.Currency,
            $"{deployment.PublicUrl}/checkout/paid/{Id.Format(Id.Operation, charge.Id)}",
            $"{deployment.PublicUrl}/checkout/cancelled", metadata, $"{failed.Name}:page", stop, savesCard: false);
        var body = new ChargeBody(
            asked.AmountMinor, asked.Currency, asked.Customer, "", metadata, Checkout: page.Id);
        return (page.Url, charge with { Body = JsonSerializer.Serialize(body) });
    }

    /// <summary>The page on which an operation is paid; null for one that is not paid on a page.</summary>
    public static string? PageOf(Operation operation) => operation.Kind switch
    {
        OperationKind.ActivationFee => JsonSerializer.Deserialize<ActivationBody>(operation.Body)!.Checkout,
        OperationKind.Charge => JsonSerializer.Deserialize<ChargeBody>(operation.Body)!.Checkout,
        _ => null,
    };

    /// <summary>A page is complete: what was paid on it is settled, if it is ours and not settled yet.</summary>
    public static async Task SettleAsync(Deployment deployment, CheckoutState page, CancellationToken stop)
    {
        if (page.PaymentIntent is { } paid
            && await Operations.FindByNameAsync(deployment, page.Metadata.GetValueOrDefault("op"), stop)
                is { State: OperationState.Pending } operation)
            await SettleOperation.RunAsync(deployment, operation, new ProviderOutcome.Succeeded(paid), null, stop);
    }

    /// <summary>The page Stripe sends a person back to: it need not wait for the event.</summary>
    public static async Task<string> ReturnAsync(Deployment deployment, Guid charge, CancellationToken stop)
    {
        var found = await deployment.Store.QueryAsync(OperationQueries.One(charge), stop);
        if (found is not [var operation] || PageOf(operation) is not { } id) return "There is no such payment.";
        if (await deployment.Stripe.GetCheckoutAsync(id, stop) is { Status: "complete" } page)
        {
            await SettleAsync(deployment, page, stop);
            return "Thank you: the payment is the agent's balance now. It can post its job again; you can close this "
                + "page.";
        }
        return "Stripe has not completed this payment yet. If you have just paid, reload this page in a moment.";
    }
}
