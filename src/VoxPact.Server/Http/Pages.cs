using System.Net;
using VoxPact.Domain;
using VoxPact.Server.Agents;
using VoxPact.Server.Payments;

namespace VoxPact.Server.Http;

/// <summary>What is not the API: the pages people come back to from Stripe, and where Stripe tells of events.</summary>
internal static class Pages
{
    public static void Map(WebApplication app, Deployment deployment)
    {
        app.MapGet("/checkout/complete/{id}", (string id, CancellationToken stop) => PageAsync(
            Id.TryParse(Id.Agent, id, out var agent)
                ? Activation.CompleteAsync(deployment, agent, stop)
                : Task.FromResult("There is no such checkout."))).ExcludeFromDescription();
        app.MapGet("/checkout/paid/{id}", (string id, CancellationToken stop) => PageAsync(
            Id.TryParse(Id.Operation, id, out var charge)
                ? PayOnPage.ReturnAsync(deployment, charge, stop)
                : Task.FromResult("There is no such payment."))).ExcludeFromDescription();
        app.MapGet("/checkout/cancelled", () => PageAsync(Task.FromResult(
            "Nothing was changed. POST /v1/agents/me/checkout makes a fresh page."))).ExcludeFromDescription();
        app.MapGet("/connect/return/{id}", (string id, CancellationToken stop) => PageAsync(
            Id.TryParse(Id.Owner, id, out var owner)
                ? Connect.ReturnAsync(deployment, owner, stop)
                : Task.FromResult("There is no such account."))).ExcludeFromDescription();
        app.MapPost("/webhooks/stripe", http => TakeStripeEventAsync(http, deployment));
    }

    private static async Task<IResult> PageAsync(Task<string> sentence)
    {
        string text;
        try
        {
            text = await sentence;
        }
        catch (PaymentProviderUnavailable)
        {
            text = "Stripe cannot be reached right now; reload this page in a moment.";
        }
        return Results.Content(
            $"<!doctype html><html lang=en><meta charset=utf-8><title>VoxPact</title>"
            + $"<body style=\"font:16px sans-serif;max-width:36em;margin:4em auto;padding:0 1em\">"
            + $"<h1>VoxPact</h1><p>{WebUtility.HtmlEncode(text)}</p>", "text/html");
    }

    private static async Task TakeStripeEventAsync(HttpContext http, Deployment deployment)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        bool taken = await ReceiveStripeEvent.TakeAsync(
            deployment, body.ToArray(), http.Request.Headers["Stripe-Signature"]);
        if (taken) await Results.Text("taken").ExecuteAsync(http);
        else await Problems.WriteAsync(http, Refusal.Invalid("Stripe-Signature",
            "This is not signed with the webhook secret of this server, or too long ago; check StripeWebhookSecret."));
    }
}
