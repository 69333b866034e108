using System.Text.Json;
using VoxPact.Domain.Jobs;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

public sealed class DeliverableTests
{
    private static readonly string[] Job =
    [
        "Summarise this document",
        "Summarise the attached quarterly report in three sentences for the board.",
    ];

    [Fact]
    public void The_same_object_has_the_same_bytes_however_it_was_spelled()
    {
        Deliverable a = Parse("""{ "b": "é\u000a", "a": [1.0, null] }""");
        Deliverable b = Parse("""{"a":[1.0,null],"b":"\u00e9\n"}""");
        Assert.Equal("""{"a":[1.0,null],"b":"é\n"}""", a.Text);
        Assert.Equal(a.Hash, b.Hash);
        Assert.Equal(a.Bytes.Length, b.Bytes.Length);
        Assert.NotEqual(a.Hash, Parse("""{"a":[1,null],"b":"é\n"}""").Hash);
    }

    [Fact]
    public void A_text_hashes_to_the_sha_256_of_its_utf_8() => Assert.Equal(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        Convert.ToHexStringLower(Deliverable.FromText("abc").Hash));

    [Theory]
    [InlineData("\"a \\\"b\\\" \\n 💩\"")]
    [InlineData("""{"a":1e2,"b":"é"}""")]
    public void What_is_stored_reads_back_as_the_same_deliverable(string json)
    {
        Deliverable deliverable = Parse(json);
        Assert.Equal(json, deliverable.ToJson());
        Assert.Equal(deliverable.Hash, Parse(deliverable.ToJson()).Hash);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("\"\\ud800\"")]
    [InlineData("""{"a":1,"a":2}""")]
    public void Only_clean_texts_and_objects_are_deliverables(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.False(Deliverable.TryParse(document.RootElement, out _, out string? error));
        Assert.EndsWith(".", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deliverable_above_the_limit_is_refused()
    {
        using JsonDocument document =
            JsonDocument.Parse($"\"{new string('a', Limits.DeliverableBytes + 1)}\"");
        Assert.False(Deliverable.TryParse(document.RootElement, out _, out _));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \t\r\n\u00A0\u3000", "empty")]
    [InlineData("\u200B\u200C\u200D\uFEFF\u2060\u00AD\u180E\u3164\u2800", "empty")]
    [InlineData("\U000E0041\U000E0042", "empty")]
    [InlineData("{}", "empty")]
    [InlineData("x", "single character")]
    [InlineData(".", "single character")]
    [InlineData("💩", "single character")]
    [InlineData("\u200Bx\u200B", "single character")]
    [InlineData("--------", "single character")]
    [InlineData("""{"error":"boom","handler":"summarize"}""", "error report")]
    [InlineData("```json\n{\"error\": {\"code\": 1}, \"handler\": \"x\"}\n```", "error report")]
    [InlineData("""{"error":"boom"}""", "error report")]
    [InlineData("TODO", "placeholder")]
    [InlineData("[TBD]...", "placeholder")]
    [InlineData("Done!", "placeholder")]
    [InlineData("Your answer here", "placeholder")]
    [InlineData("Lorem ipsum dolor sit amet, consectetur adipiscing elit.", "filler")]
    [InlineData("As an AI language model, I cannot summarise documents.", "refusal")]
    [InlineData("I'm sorry, but I can't assist with that.", "refusal")]
    [InlineData("summarise this document!", "repeats")]
    [InlineData("Summarise the attached quarterly report in three sentences for the board.", "repeats")]
    [InlineData("Summarise the attached quarterly report in three sentences for the boa", "repeats")]
    [InlineData(
        "Summarise this document. Summarise the attached quarterly report in three sentences for the board",
        "repeats")]
    [InlineData("def median(values):\n    pass", "stub")]
    [InlineData("def median(values): # your code here", "stub")]
    [InlineData("// TODO: write the function", "stub")]
    [InlineData("function f(a) {\n  throw new Error(\"not implemented\");\n}", "stub")]
    [InlineData("Here is the summary that you asked for. I hope it helps, let me know if you need more!", "announces")]
    [InlineData("Sure! Please find attached the requested report.", "announces")]
    public void What_code_can_tell_to_be_no_work_is_never_paid(string text, string because) =>
        Assert.Contains(because, Deliverable.FromText(text).NeverPaid(Job), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"a":"","b":[null,{}],"c":"\u200b"}""", "empty")]
    [InlineData("""{"a":"x"}""", "single character")]
    [InlineData("""{"error":"boom","handler":"x","stack":"y"}""", "error report")]
    [InlineData("""{"summary":"TODO","title":"tbd"}""", "placeholder")]
    [InlineData("""{"summary":"Summarise this document"}""", "repeats")]
    public void An_object_that_holds_no_work_is_never_paid(string json, string because) =>
        Assert.Contains(because, Parse(json).NeverPaid(Job), StringComparison.Ordinal);

    [Theory]
    [InlineData("42")]
    [InlineData("Paris")]
    [InlineData("No errors were found.")]
    [InlineData("{\"error\": null, \"summary\": \"Revenue rose.\"}")]
    [InlineData("{\"error\": \"E42\", \"cause\": \"The log shows a full disk.\"}")]
    [InlineData("The TODO list of the project holds three open points: tests, docs, release.")]
    [InlineData("Lorem ipsum is filler; the report has it on page 3, to be replaced by the real figures.")]
    [InlineData("The phrase \"as an AI language model I cannot\" marks refusals in the logs.")]
    [InlineData("Summary: The document discusses the quarterly results and finds revenue up 12 percent.")]
    [InlineData("Summarise this document: the report shows revenue up 12 percent and costs flat.")]
    [InlineData("Here is the summary: revenue is up 12 percent.")]
    [InlineData("Here is 42, as in the report.")]
    [InlineData("Thank you for coming.")]
    [InlineData("# A title\n# and a second")]
    [InlineData("def double(x):\n    return 2 * x  # TODO: tests")]
    [InlineData("import sys")]
    [InlineData("let x = 5; // pass it on")]
    public void Real_work_is_left_to_the_judges(string text) =>
        Assert.Null(Deliverable.FromText(text).NeverPaid(Job));

    [Theory]
    [InlineData("""{"answer":7}""")]
    [InlineData("""{"valid":true,"reason":""}""")]
    [InlineData("""{"grade":"A","comment":"Clear and complete."}""")]
    public void A_short_object_with_an_answer_is_left_to_the_judges(string json) =>
        Assert.Null(Parse(json).NeverPaid(Job));

    [Fact]
    public void A_covering_letter_is_enough_where_files_are_the_work() =>
        Assert.Null(Deliverable.FromText("Here is the report that you asked for.").NeverPaid(Job, hasFiles: true));

    [Fact]
    public void Filler_text_is_work_when_the_job_asks_for_it() =>
        Assert.Null(
            Deliverable.FromText("Lorem ipsum dolor sit amet.").NeverPaid(["Write a lorem ipsum line"]));

    private static Deliverable Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.True(Deliverable.TryParse(document.RootElement, out Deliverable? deliverable,
            out string? error), error);
        return deliverable;
    }
}
