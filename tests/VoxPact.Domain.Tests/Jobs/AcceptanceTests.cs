using System.Text.Json;
using VoxPact.Domain.Jobs;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

public sealed class AcceptanceTests
{
    [Theory]
    [InlineData("""{"must_include":["revenue"]}""", "revenue rose", "")]
    [InlineData("""{"must_include":["Revenue"]}""", "revenue rose", "must_include/0")]
    [InlineData("""{"must_match":["^\\d+$"]}""", "12345", "")]
    [InlineData("""{"must_match":["a","^\\d+$"]}""", "12a45", "must_match/1")]
    [InlineData("""{"must_match":["^(a+)+$"]}""", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
        "must_match/0")]
    [InlineData("""{"min_length":3,"max_length":3}""", "a💩c", "")]
    [InlineData("""{"min_length":4}""", "a💩c", "min_length")]
    [InlineData("""{"max_length":2}""", "a💩c", "max_length")]
    [InlineData("""{"schema":{"type":"object"}}""", "{}", "schema")]
    [InlineData("""{"rubric":["Be kind."],"files":[{"name":"a.csv"}]}""", "anything", "files/0")]
    [InlineData("null", "anything", "")]
    public void A_text_fails_the_check_that_the_table_names(string acceptance, string text, string failed)
    {
        IEnumerable<string> checks = Parse(acceptance).Evaluate(Deliverable.FromText(text))
            .Where(static result => !result.Passed).Select(static result => result.Check);
        Assert.Equal(failed, string.Join(' ', checks));
    }

    [Fact]
    public void An_object_is_held_to_the_schema_with_reasons_that_say_where()
    {
        Acceptance acceptance = Parse("""
            {"schema":{"required":["rows"],"properties":{"rows":{"type":"array","minItems":1}}}}
            """);
        AcceptanceResult result = Assert.Single(acceptance.Evaluate(Work("""{"rows":[]}""")));
        Assert.Equal(new AcceptanceResult(
            "schema/properties/rows/minItems", false, "/rows: Must have at least 1 items; it has 0."),
            result);
        Assert.True(Assert.Single(acceptance.Evaluate(Work("""{"rows":[1]}"""))).Passed);
    }

    [Theory]
    [InlineData("[]", "acceptance")]
    [InlineData("""{"must_contain":["a"]}""", "acceptance.must_contain")]
    [InlineData("""{"min_length":5,"max_length":4}""", "acceptance.min_length")]
    [InlineData("""{"max_length":3,"must_include":["long"]}""", "acceptance.must_include")]
    [InlineData("""{"min_length":-1}""", "acceptance.min_length")]
    [InlineData("""{"min_length":"3"}""", "acceptance.min_length")]
    [InlineData("""{"min_length":99999999999}""", "acceptance.min_length")]
    [InlineData("""{"max_length":0}""", "acceptance.max_length")]
    [InlineData("""{"must_match":["("]}""", "acceptance.must_match")]
    [InlineData("""{"must_include":"text"}""", "acceptance.must_include")]
    [InlineData("""{"must_include":[""]}""", "acceptance.must_include")]
    [InlineData("""{"rubric":[1]}""", "acceptance.rubric")]
    [InlineData("""{"schema":{"properties":{"a":{"format":"email"}}}}""",
        "acceptance.schema/properties/a/format")]
    [InlineData("""{"files":[{"name":"../a"}]}""", "acceptance.files/0/name")]
    [InlineData("""{"files":[{"name":"a","size":3}]}""", "acceptance.files/0/size")]
    [InlineData("""{"files":[{"name":"a","sha256":"xyz"}]}""", "acceptance.files/0/sha256")]
    [InlineData("""{"files":[{"name":"*.csv","type":"csv"}]}""", "acceptance.files/0/type")]
    [InlineData("""{"files":[{"name":"a","min_bytes":2,"max_bytes":1}]}""", "acceptance.files/0/min_bytes")]
    public void Criteria_without_sense_are_refused_by_field(string acceptance, string field)
    {
        using JsonDocument document = JsonDocument.Parse(acceptance);
        Assert.False(
            Acceptance.TryParse(document.RootElement, out _, out Dictionary<string, string[]> errors));
        Assert.EndsWith(".", Assert.Single(errors[field]), StringComparison.Ordinal);
    }

    [Fact]
    public void More_criteria_than_the_limit_are_refused()
    {
        string texts = string.Join(',', Enumerable.Repeat("\"a\"", Limits.AcceptanceItems + 1));
        using JsonDocument document = JsonDocument.Parse($$"""{"must_include":[{{texts}}]}""");
        Assert.False(Acceptance.TryParse(document.RootElement, out _, out _));
    }

    [Theory]
    [InlineData("a.csv", "text/csv", 10, true)]
    [InlineData("A.CSV", "text/csv", 10, true)]
    [InlineData("a.txt", "text/csv", 10, false)]
    [InlineData("a.csv", "text/plain", 10, false)]
    [InlineData("a.csv", "text/csv", 9, false)]
    [InlineData("a.csv", "text/csv", 21, false)]
    public void A_file_is_held_to_its_rule(string name, string type, long bytes, bool passes)
    {
        Acceptance acceptance =
            Parse("""{"files":[{"name":"*.csv","type":"text/csv","min_bytes":10,"max_bytes":20}]}""");
        AcceptanceResult result = Assert.Single(
            acceptance.Evaluate(Deliverable.FromText("see file"),
                [new DeliveredFile(name, type, bytes, "")]));
        Assert.Equal(passes, result.Passed);
    }

    private static Acceptance Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.True(Acceptance.TryParse(document.RootElement, out Acceptance? acceptance, out var errors),
            string.Join("; ", errors.Select(static e => $"{e.Key}: {e.Value[0]}")));
        return acceptance;
    }

    private static Deliverable Work(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Deliverable.FromJson(document.RootElement);
    }
}
