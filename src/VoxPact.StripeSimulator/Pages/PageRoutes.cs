using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Pages;

/// <summary>One visit of a browser, inside its transaction.</summary>
internal sealed record Visit(Session Session, Params Form, RouteValueDictionary Route, Links Links)
{
    /// <summary>What the person's last input was refused for, when the form is shown again.</summary>
    public string? Error { get; init; }

    public int? ErrorStatus { get; init; }

    public string Named() => (string)Route["id"]!;

    public JsonObject Get(string type) => Session.GetNamed(type, Named());
}

/// <summary>The pages a person or curl can complete; a refused input shows its form again.</summary>
internal sealed partial class PageRoutes(Store store, Func<Links> links, ILogger<PageRoutes> log)
{
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

    public void Map(WebApplication app)
    {
        Map(app, "/", IndexPage.Show, null);
        Map(app, "/checkout/c/pay/{id}", CheckoutPage.Show, CheckoutPage.Pay);
        Map(app, "/setup/{id}", IntentPages.ShowSetup, IntentPages.Setup);
        Map(app, "/authenticate/{id}", IntentPages.ShowAuthentication, IntentPages.Authenticate);
        Map(app, "/connect/onboard/{id}", ConnectPages.ShowOnboarding, ConnectPages.Onboard);
        Map(app, "/express/{id}", ConnectPages.ShowExpress, null);
    }

    private void Map(WebApplication app, string path, Func<Visit, Page> show, Func<Visit, Page>? submit)
    {
        app.MapGet(path, (RequestDelegate)(http => HandleAsync(http, show, show)));
        if (submit is not null)
            app.MapPost(path, (RequestDelegate)(http => HandleAsync(http, submit, show)));
    }

    private async Task HandleAsync(HttpContext http, Func<Visit, Page> run, Func<Visit, Page> show)
    {
        Page page;
        try
        {
            page = await RunAsync(http, run, show);
        }
        catch (Fault fault)
        {
            page = Page.Message("This page does not exist", fault.Message, fault.Status);
        }
        catch (BadHttpRequestException broken)
        {
            page = Page.Message("Bad request", "The request could not be read.", broken.StatusCode);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            Bug(log, http.Request.Path, bug);
            page = Page.Message("Something broke", "The simulator failed; its log says more.", 500);
        }
        await SendAsync(http, page);
    }

    private async Task<Page> RunAsync(HttpContext http, Func<Visit, Page> run, Func<Visit, Page> show)
    {
        var form = await FormReader.ReadAsync(http);
        var route = http.Request.RouteValues;
        try
        {
            return await store.WriteAsync(
                session => run(new Visit(session, form, route, links())), http.RequestAborted);
        }
        catch (Fault fault) when (fault.Status != 404 && !ReferenceEquals(run, show))
        {
            return await store.WriteAsync(
                session => show(new Visit(session, form, route, links())
                {
                    Error = fault.Message,
                    ErrorStatus = fault.Status,
                }),
                http.RequestAborted);
        }
    }

    private static async Task SendAsync(HttpContext http, Page page)
    {
        http.Response.StatusCode = page.Status;
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (page.Location is { } location)
        {
            // An address may hold letters that a header may not.
            http.Response.Headers.Location = Uri.TryCreate(location, UriKind.Absolute, out var uri)
                ? uri.AbsoluteUri
                : "/";
            return;
        }
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync(page.Html!);
    }

    [LoggerMessage(LogLevel.Error, "The simulator failed to show {Path}")]
    private static partial void Bug(ILogger log, string path, Exception exception);
}
