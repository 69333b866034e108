using System.Text;

namespace VoxPact.Server.Http;

/// <summary>
/// Writes docs/errors.md from the catalogue, so that the page cannot say anything else than the server.
/// </summary>
internal static class ErrorsDocument
{
    private const string Words = """
        Every answer that is not 2xx is `application/problem+json` (RFC 9457) with, beside `type`, `title`,
        `status`, `detail` and `instance`: `success` (false), `error` (a sentence that says what to do),
        `code` (a word of this page), `request_id`, where members of the request are at fault `errors`
        (`{"member": ["sentence"]}`), where a person must open a page `link`, and where a limit would be passed
        `limit`, `spent` and `remaining` in major units. The codes are a closed list,
        here in the order in which they win when a request could be refused for several reasons. This page is
        generated from the code and compared with it by a test.
        """;

    /// <summary>What stands above the list of codes.</summary>
    public static string Introduction { get; } = Words.ReplaceLineEndings("\n");

    /// <summary>What to do about one kind of problem.</summary>
    public static string Explain(ProblemKind kind) => kind.RetryAfterSeconds == 0
        ? kind.Advice
        : $"{kind.Advice}\nThe answer carries `Retry-After`, in whole seconds.";

    /// <summary>The whole page, in Markdown.</summary>
    public static string Render()
    {
        var page = new StringBuilder($"# Errors\n\n{Introduction}\n\n");
        page.Append("| Status | Code | Meaning |\n|---|---|---|\n");
        foreach (ProblemKind kind in Problems.Catalogue)
            page.Append($"| {kind.Status} | [`{kind.Code}`](#{kind.Code}) | {kind.Title} |\n");
        foreach (ProblemKind kind in Problems.Catalogue)
            page.Append($"\n## {kind.Code}\n\n**{kind.Status}, {kind.Title}.** {Explain(kind)}\n");
        return page.ToString();
    }
}
