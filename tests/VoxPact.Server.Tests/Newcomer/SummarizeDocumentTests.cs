using System.Text;
using System.Text.Json;
using VoxPact.Domain;
using VoxPact.Domain.Jobs;
using VoxPact.Domain.Verdicts;
using VoxPact.Server.Demo;
using VoxPact.Server.Judging;
using Xunit;

namespace VoxPact.Server.Tests.Newcomer;

public sealed class SummarizeDocumentTests
{
    [Fact]
    public void A_document_is_read_and_not_guessed_at()
    {
        var summary = SummarizeDocument.Run(Markdown("""
            ---
            draft: true
            ---
            # Harbour report

            Ships came early. Two ships left late! Nobody knows why.

            ## Ships

            The [register](https://example.com/register) names every ship; see <https://example.com/log>.

            ## Ships

            ```
            ignored words in code
            ```
            """));
        Assert.Equal("Harbour report", summary.GetProperty("title").GetString());
        Assert.Equal("Ships came early. Two ships left late!", summary.GetProperty("opening").GetString());
        Assert.Equal("""{"Harbour report":10,"Ships":6,"Ships (2)":0}""",
            summary.GetProperty("sections").GetRawText());
        Assert.Equal("""["https://example.com/register","https://example.com/log"]""",
            summary.GetProperty("links").GetRawText());
        Assert.Equal(1, summary.GetProperty("code_blocks").GetInt32());
        Assert.Equal(4, summary.GetProperty("top_terms").GetProperty("ships").GetInt32());
    }

    [Fact]
    public void A_table_is_read_and_not_guessed_at()
    {
        var summary = SummarizeDocument.Run(
            Table("item;price;sold;when;note;gap\nnet;1.5;3;2026-01-02;\"a;b\";\nrod;-2;4;2026-02-03;;\n"));
        Assert.Equal(2, summary.GetProperty("rows").GetInt32());
        Assert.Equal(
            """{"item":"text","price":"number","sold":"integer","when":"date","note":"text","gap":"empty"}""",
            summary.GetProperty("columns").GetRawText());
        Assert.Equal("""{"price":[-2,1.5],"sold":[3,4]}""", summary.GetProperty("ranges").GetRawText());
        Assert.Equal("""{"note":1,"gap":2}""", summary.GetProperty("empty_cells").GetRawText());
    }

    public static TheoryData<string, string> Documents => new()
    {
        { "bare.md", "Just one line of plain text about a small harbour town" },
        { "code.md", "```\nonly code here\n```" },
        { "headings.md", string.Concat(
            Enumerable.Range(0, 300).Select(i => $"# Same heading\n\nText {i} of the section.\n\n")) },
        { "german.md", "# Bericht über Häfen\n\nDie Schiffe kamen früh. Niemand weiß, warum das so war.\n" },
        { "narrow.csv", "name\nalice\nbob\n" },
        { "twice.csv", "a,a,\n1,2,3\n" },
        { "short.csv", "a,b,c\n1\n2,x\n" },
        { "wide.csv", string.Join(',', Enumerable.Range(0, 80).Select(i => $"measure{i}")) + "\n"
            + string.Join(',', Enumerable.Range(0, 80).Select(i => $"{i * 7}")) + "\n" },
        { "long.csv", "id,word\n"
            + string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i},word{i % 50}\n")) },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Any_document_makes_a_summary_that_its_own_job_accepts(string name, string content)
    {
        var document = name.EndsWith(".csv") ? Table(content, name) : Markdown(content, name);
        var summary = SummarizeDocument.Run(document);
        Assert.True(
            Acceptance.TryParse(SummarizeDocument.Acceptance(document), out var criteria, out var errors),
            string.Join(' ', errors.Values.SelectMany(sentences => sentences)));
        Assert.True(Deliverable.TryParse(summary, out var work, out string? problem), problem);
        Assert.All(criteria.Evaluate(work), result => Assert.True(result.Passed, result.Reason));

        var (first, second) = SandboxJudge.Pair();
        var panel = new JudgePanel(first, second, TimeProvider.System);
        var answers = await panel.AskAsync(new JudgingRequest($"Summarise the document {name}",
            "Return a typed summary of the document: its title, words and most frequent terms.", null,
            criteria.Rubric, work, 1, Detector.Inspect(work, [])), TestContext.Current.CancellationToken);
        var verdict = answers.Decide(new BasisPoints(8_000), [])!;
        Assert.True(verdict.Outcome is VerdictOutcome.Pass or VerdictOutcome.Unsure,
            string.Join(' ', verdict.Reasons));
    }

    [Theory]
    [InlineData("only,a,header\n", "no rows")]
    [InlineData("a,b\n1,2,3\n", "3 cells")]
    [InlineData("a,b\n1,\"2\n", "malformed")]
    public void A_table_that_cannot_be_read_says_why(string content, string sentence) =>
        Assert.Contains(
            sentence, Assert.Throws<UnreadableDocument>(() => SummarizeDocument.Run(Table(content))).Message);

    [Fact]
    public void A_summary_of_another_file_is_not_accepted()
    {
        var (asked, other) = (Table("a\n1\n"), Table("a\n2\n"));
        Assert.True(Acceptance.TryParse(SummarizeDocument.Acceptance(asked), out var criteria, out _));
        Assert.True(Deliverable.TryParse(SummarizeDocument.Run(other), out var work, out _));
        Assert.Contains(criteria.Evaluate(work), result => !result.Passed);
    }

    private static SourceDocument Markdown(string text, string name = "notes.md") =>
        new(name, DocumentKind.Markdown, Encoding.UTF8.GetBytes(text));

    private static SourceDocument Table(string text, string name = "table.csv") =>
        new(name, DocumentKind.Csv, Encoding.UTF8.GetBytes(text));
}
