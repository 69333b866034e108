using System.Net;
using System.Text;
using VoxPact.Server.Letters;
using VoxPact.Server.Storage.Queries;

namespace VoxPact.Server.Http;

/// <summary>The pages behind the links in letters, and the sandbox's mailbox.</summary>
internal static class LetterPages
{
    public const string MailboxPath = "/sandbox/mailbox";
    private const int Shown = 50;

    public static void Map(WebApplication app, Deployment deployment)
    {
        app.MapGet(LetterLinks.Path + "/{token}", (HttpContext http, string token) =>
            AskAsync(http, deployment, token)).ExcludeFromDescription();
        app.MapPost(LetterLinks.Path + "/{token}", (HttpContext http, string token) =>
            UseAsync(http, deployment, token)).ExcludeFromDescription();
        if (deployment.Mode is Mode.Sandbox)
            app.MapGet(MailboxPath, http => MailboxAsync(http, deployment)).ExcludeFromDescription();
    }

    private static async Task AskAsync(HttpContext http, Deployment deployment, string token)
    {
        if (await UseLetter.FindAsync(deployment, token, http.RequestAborted) is not { } named)
        {
            await WriteAsync(http, StatusCodes.Status410Gone, $"<p>{UseLetter.Spent}</p>");
            return;
        }
        var kind = named.Letter.Kind;
        await WriteAsync(http, StatusCodes.Status200OK,
            $"<p>{Html(LetterText.WhatOf(kind, named.Agent, named.Other))}</p>"
            + $"<form method=post><button>{Html(LetterText.ButtonOf(kind, named.Agent))}</button></form>"
            + "<p>If it was not you, close this page: nothing happens.</p>");
    }

    private static async Task UseAsync(HttpContext http, Deployment deployment, string token)
    {
        var done = await UseLetter.RunAsync(deployment, token, http.RequestAborted);
        await WriteAsync(http,
            done.Sentence == UseLetter.Spent ? StatusCodes.Status410Gone : StatusCodes.Status200OK,
            $"<p>{Html(done.Sentence)}</p>" + (done.Key is { } key ? $"<p><code>{Html(key)}</code></p>" : ""));
    }

    /// <summary>Its links give keys away: only to people on this machine.</summary>
    private static async Task MailboxAsync(HttpContext http, Deployment deployment)
    {
        if (http.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address))
        {
            await WriteAsync(http, StatusCodes.Status403Forbidden,
                "<p>The sandbox's mailbox can be read on the server's own machine only.</p>");
            return;
        }
        var page = new StringBuilder(
            "<h2>Sandbox: mailbox</h2><p>In sandbox mode letters are shown here; without SmtpHost they are sent "
            + "nowhere else. The newest first.</p>");
        foreach (var named in await deployment.Store.QueryAsync(LetterQueries.Newest(Shown), http.RequestAborted))
        {
            string body = Html(SendLetter.BodyOf(deployment, named));
            string url = Html(deployment.Letters.UrlOf(named.Letter));
            page.Append($"<h3>{Html(LetterText.SubjectOf(named.Letter.Kind, named.Agent))}</h3>"
                + $"<p>To: {Html(named.Letter.Address)}{(named.Letter.SentUs is null ? " (not sent yet)" : "")}</p>"
                + $"<pre style=\"white-space:pre-wrap\">{body.Replace(url, $"<a href=\"{url}\">{url}</a>")}</pre>");
        }
        await WriteAsync(http, StatusCodes.Status200OK, page.ToString());
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static Task WriteAsync(HttpContext http, int status, string content)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        // The address is a credential, and nobody may lay another page over the button.
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
            + "frame-ancestors 'none'";
        return response.WriteAsync(
            "<!doctype html><html lang=en><meta charset=utf-8><title>VoxPact</title>"
            + "<body style=\"font:16px sans-serif;max-width:36em;margin:4em auto;padding:0 1em;"
            + "overflow-wrap:anywhere\">"
            + $"<h1>VoxPact</h1>{content}", http.RequestAborted);
    }
}
