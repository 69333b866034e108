using System.Text.Json.Nodes;

namespace VoxPact.StripeSimulator.Pages;

/// <summary>What a page handler decided: HTML to show, or the address to go on to.</summary>
internal sealed record Page(int Status, string? Html, string? Location = null)
{
    public static Page Show(string title, Markup body, int status = 200)
        => new(status, Layout.Wrap(title, body));

    /// <summary>303: the browser follows with GET, so that a reload does not pay twice.</summary>
    public static Page GoTo(string address) => new(303, null, address);

    public static Page Message(string title, string text, int status = 200)
        => Show(title, Markup.Of($"<h1>{title}</h1><p>{text}</p>"), status);
}

internal static class Layout
{
    private const string Style = """
        :root{color-scheme:light dark;--line:#8886;--accent:#4b45c6}
        *{box-sizing:border-box}
        body{margin:0;font:16px/1.5 system-ui,sans-serif}
        .banner{background:#7a3b00;color:#fff;padding:.5rem 1rem;text-align:center;font-weight:600}
        main{max-width:34rem;margin:2rem auto;padding:0 1rem}
        main.wide{max-width:60rem}
        h1{font-size:1.4rem}
        label{display:block;margin:1rem 0 .25rem;font-weight:600}
        input,select{width:100%;font:inherit;padding:.5rem;border:1px solid var(--line);border-radius:6px}
        button{margin-top:1.5rem;width:100%;font:inherit;font-weight:600;padding:.7rem;border:0;
          border-radius:6px;background:var(--accent);color:#fff;cursor:pointer}
        button.plain{background:transparent;color:inherit;border:1px solid var(--line);margin-top:.75rem}
        :focus-visible{outline:3px solid #f80;outline-offset:2px}
        .error{border-left:4px solid #c00;padding:.5rem 1rem;background:#c001}
        .hint{font-size:.9rem;opacity:.8}
        .row{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
        table{border-collapse:collapse;width:100%;font-size:.9rem}
        th,td{text-align:left;padding:.35rem .5rem;border-bottom:1px solid var(--line)}
        td{overflow-wrap:anywhere}
        """;

    public static string Wrap(string title, Markup body, bool isWide = false) => Markup.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta name="robots" content="noindex">
        <title>{title} – Stripe simulator</title>
        <style>{new Markup(Style)}</style>
        </head>
        <body>
        <div class="banner" role="note">Stripe SIMULATOR – no real money</div>
        <main class="{(isWide ? "wide" : "narrow")}">
        {body}
        </main>
        </body>
        </html>
        """).Text;

    public static Markup Error(string? message) => message is null
        ? Markup.Empty
        : Markup.Of($"""<p class="error" role="alert">{message}</p>""");

    /// <summary>The sums of one part of a balance, one per currency.</summary>
    public static string Sums(JsonNode? sums) => string.Join(
        ", ", sums!.AsArray().Select(sum => Money((long)sum!["amount"]!, (string)sum["currency"]!)));

    public static string Money(long minor, string currency) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{minor / 100}.{Math.Abs(minor % 100):00} {currency.ToUpperInvariant()}");
}
