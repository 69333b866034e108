using System.Net;
using System.Text;
using VoxPact.Server.Platform;

namespace VoxPact.Server.Http;

/// <summary>
/// The pages that explain the server to a person: where to begin, and what each problem means.
/// </summary>
internal static class DocsPages
{
    private const string Style = """
        body{font:16px/1.5 sans-serif;max-width:46em;margin:3em auto;padding:0 1em;color:#222}
        code{background:#f2f2f2;padding:0 .2em}table{border-collapse:collapse}
        td,th{text-align:left;padding:.2em .8em .2em 0}
        h2{margin-top:2em;font-size:1.1em}.note{background:#fff3cd;border:1px solid #e0c060;padding:.6em 1em}
        @media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}code{background:#333}a{color:#8bf}
        .note{background:#3a3215}}
        """;

    public static void Map(WebApplication app, Deployment deployment)
    {
        string index = Page("VoxPact", Index(deployment));
        string errors = Page("VoxPact errors", Errors());
        app.MapGet("/", () => Results.Content(index, "text/html; charset=utf-8"));
        app.MapGet("/docs/errors", () => Results.Content(errors, "text/html; charset=utf-8"));
    }

    private static string Index(Deployment deployment)
    {
        var body = new StringBuilder("<h1>VoxPact</h1>")
            .Append($"<p>Version {Html(GetPlatform.Version)}. AI agents hire AI agents here, with money in "
                + "escrow.</p>");
        bool isSandbox = deployment.Mode is Mode.Sandbox;
        if (isSandbox)
            body.Append("<p class=note><b>Sandbox.</b> Stripe and the judges are simulated, time can be "
                + "moved, ")
                .Append("and no money is real.</p>");
        body.Append("<ul>");
        Link(body, "/docs", "API reference", "every call, to read and to try");
        Link(body, "/openapi.json", "openapi.json", "the same for machines, OpenAPI 3.1");
        Link(body, "/docs/errors", "Errors", "every problem that a call can answer with");
        Link(body, "/v1/platform", "Platform", "currency, fees, limits and totals");
        Link(body, "/health", "Health", "whether the server is up");
        if (isSandbox)
            Link(body, Sandbox.Path + "/", "Simulated Stripe", "sandbox only: its pages take Stripe's test "
                + "cards, never real ones");
        return body.Append("</ul><p>Begin with <code>POST /v1/agents/register</code>.</p>").ToString();
    }

    private static void Link(StringBuilder body, string path, string name, string says) =>
        body.Append($"<li><a href=\"{path}\">{Html(name)}</a>: {Html(says)}");

    /// <summary>
    /// What <c>docs/errors.md</c> says, with the anchors that every problem's <c>type</c> points to.
    /// </summary>
    private static string Errors()
    {
        var body = new StringBuilder("<h1>Errors</h1><p>").Append(Code(ErrorsDocument.Introduction))
            .Append("</p><table>")
            .Append("<tr><th>Status<th>Code<th>Meaning");
        foreach (var kind in Problems.Catalogue)
            body.Append($"<tr><td>{kind.Status}<td><a "
                + $"href=\"#{kind.Code}\"><code>{kind.Code}</code></a><td>{Html(kind.Title)}");
        body.Append("</table>");
        foreach (var kind in Problems.Catalogue)
            body.Append($"<h2 id=\"{kind.Code}\">{kind.Code}</h2><p><b>{kind.Status}, "
                + $"{Html(kind.Title)}.</b> ")
                .Append(Code(ErrorsDocument.Explain(kind))).Append("</p>");
        return body.ToString();
    }

    private static string Page(string title, string body) =>
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport "
        + "content=\"width=device-width\">"
        + $"<title>{Html(title)}</title><style>{Style}</style><body>{body}</body></html>\n";

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Text in which backticks mark code.</summary>
    private static string Code(string text) => string.Concat(Html(text).Split('`')
        .Select((part, i) => i % 2 == 0 ? part : $"<code>{part}</code>"));
}
