using System.Text.Json;
using VoxPact.Domain.Jobs;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "1.0", "")]
    [InlineData("""{"type":"integer"}""", "1.5", "type")]
    [InlineData("""{"type":"integer"}""", "12345678901234567890123", "")]
    [InlineData("""{"maximum":12345678901234567890122}""", "12345678901234567890123", "maximum")]
    [InlineData("""{"minimum":12345678901234567890123}""", "12345678901234567890123.0", "")]
    [InlineData("""{"type":"number","minimum":0}""", "1e400", "")]
    [InlineData("""{"maximum":1e399}""", "1e400", "maximum")]
    [InlineData("""{"exclusiveMaximum":-1e-400}""", "-1e-399", "")]
    [InlineData("""{"const":100}""", "1e2", "")]
    [InlineData("""{"const":{"a":1,"b":[2]}}""", """{"b":[2.0],"a":1}""", "")]
    [InlineData("""{"multipleOf":0.01}""", "0.07", "")]
    [InlineData("""{"multipleOf":0.01}""", "1e400", "")]
    [InlineData("""{"multipleOf":3}""", "1e400", "multipleOf")]
    [InlineData("""{"multipleOf":0.0001}""", "0.00075", "multipleOf")]
    [InlineData("""{"maxLength":1}""", "\"💩\"", "")]
    [InlineData("""{"pattern":"^.$"}""", "\"💩\"", "")]
    [InlineData("""{"pattern":"^(a+)+$"}""", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"", "pattern")]
    [InlineData("""{"uniqueItems":true}""", "[1,1.0]", "uniqueItems")]
    [InlineData("""{"if":{"type":"string"},"then":{"minLength":2}}""", "\"a\"", "minLength")]
    [InlineData("""{"contains":{"const":1}}""", "[2,3]", "contains")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"null"}}}""", """{"a":1}""",
        "type")]
    [InlineData("false", "1", "")]
    public void An_instance_breaks_the_keyword_that_the_table_names(
        string schema, string instance, string keyword)
    {
        IReadOnlyList<SchemaViolation> violations = Evaluate(schema, instance);
        if (schema == "false") Assert.Single(violations);
        else Assert.Equal(keyword, violations.Count == 0 ? "" : violations[0].Keyword);
    }

    [Theory]
    [InlineData("""{"format":"email"}""", "/format")]
    [InlineData("""{"properties":{"a~b/c":{"$id":"x"}}}""", "/properties/a~0b~1c/$id")]
    [InlineData("""{"unevaluatedProperties":false}""", "/unevaluatedProperties")]
    [InlineData("""{"$ref":"https://example.com/schema"}""", "/$ref")]
    [InlineData("""{"$ref":"#/$defs/missing"}""", "/$ref")]
    [InlineData("""{"$ref":"#anchor"}""", "/$ref")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#"}""", "/$schema")]
    [InlineData("""{"minLenght":3}""", "/minLenght")]
    [InlineData("""{"minLength":-1}""", "/minLength")]
    [InlineData("""{"minLength":1.5}""", "/minLength")]
    [InlineData("""{"type":"text"}""", "/type")]
    [InlineData("""{"pattern":"(?=a)"}""", "/pattern")]
    [InlineData("""{"pattern":"(a{500}){500}"}""", "/pattern")]
    [InlineData("""{"multipleOf":0}""", "/multipleOf")]
    [InlineData("""{"anyOf":[]}""", "/anyOf")]
    [InlineData("""{"items":[{}]}""", "/items")]
    [InlineData("""{"required":["a",1]}""", "/required")]
    [InlineData("""{"type":"object","type":"array"}""", "/type")]
    [InlineData("""{"title":"\ud800"}""", "")]
    [InlineData("3", "")]
    public void A_schema_outside_the_subset_is_refused_by_pointer(string schema, string pointer)
    {
        using JsonDocument document = JsonDocument.Parse(schema);
        Assert.False(JsonSchema.TryParse(document.RootElement, out _, out var errors));
        Assert.Equal(pointer, errors[0].Pointer);
        Assert.EndsWith(".", errors[0].Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"not":{"$ref":"#/$defs/b"}},"b":{"$ref":"#"}}}""")]
    public void A_reference_that_comes_back_without_going_deeper_is_refused(string schema)
    {
        using JsonDocument document = JsonDocument.Parse(schema);
        Assert.False(JsonSchema.TryParse(document.RootElement, out _, out _));
    }

    [Fact]
    public void A_recursive_schema_follows_the_instance_down()
    {
        const string tree = """{"type":"object","additionalProperties":{"$ref":"#"}}""";
        Assert.Empty(Evaluate(tree, """{"a":{"b":{"c":{}}}}"""));
        SchemaViolation violation = Assert.Single(Evaluate(tree, """{"a":{"b/":{"c":1}}}"""));
        Assert.Equal(("/a/b~1/c", "/type", "type"),
            (violation.InstancePointer, violation.SchemaPointer, violation.Keyword));
    }

    [Fact]
    public void A_schema_that_doubles_its_work_at_every_step_ends_undecided_and_not_never()
    {
        var defs = Enumerable.Range(0, 60).Select(i =>
            $$"""
            "d{{i}}":{"allOf":[{"$ref":"#/$defs/d{{i + 1}}"},{"$ref":"#/$defs/d{{i + 1}}"}]}
            """);
        string schema =
            $$"""{"$ref":"#/$defs/d0","$defs":{ {{string.Join(',', defs)}},"d60":{"type":"number"} } }""";
        SchemaViolation violation = Assert.Single(Evaluate(schema, "1"));
        Assert.Equal("", violation.Keyword);
        Assert.Contains("more steps than allowed", violation.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Violations_are_reported_up_to_a_number_and_each_says_where_and_what()
    {
        string items = string.Join(',', Enumerable.Repeat("\"x\"", 1_000));
        IReadOnlyList<SchemaViolation> violations =
            Evaluate("""{"items":{"type":"integer"}}""", $"[{items}]");
        Assert.Equal(Limits.SchemaViolations, violations.Count);
        Assert.Equal("/19", violations[^1].InstancePointer);
        Assert.Equal("Must be integer; it is string.", violations[0].Sentence);
    }

    [Fact]
    public void The_nearest_alternative_explains_why_none_fits()
    {
        const string schema = """
            {"anyOf":[{"type":"array"},{"type":"object","properties":{"summary":{"type":"string"}}}]}
            """;
        SchemaViolation violation = Assert.Single(Evaluate(schema, """{"summary":3}"""));
        Assert.Equal("anyOf", violation.Keyword);
        Assert.Contains("the nearest says", violation.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["\udc00"]""")]
    [InlineData("""{"a":1,"a":2}""")]
    public void Json_that_is_no_clean_unicode_or_repeats_a_member_is_a_violation(string instance) =>
        Assert.Single(Evaluate("true", instance));

    [Fact]
    public void Deep_documents_and_endless_numbers_are_violations()
    {
        string deep = new string('[', 70) + new string(']', 70);
        using JsonDocument document = JsonDocument.Parse(deep, new JsonDocumentOptions { MaxDepth = 100 });
        using JsonDocument any = JsonDocument.Parse("{}");
        Assert.True(JsonSchema.TryParse(any.RootElement, out JsonSchema? schema, out _));
        Assert.Single(schema.Evaluate(document.RootElement));
        Assert.Single(Evaluate("{}", new string('9', Limits.NumberChars + 1)));
    }

    private static IReadOnlyList<SchemaViolation> Evaluate(string schema, string instance)
    {
        using JsonDocument schemaDocument = JsonDocument.Parse(schema);
        using JsonDocument instanceDocument = JsonDocument.Parse(instance);
        Assert.True(JsonSchema.TryParse(schemaDocument.RootElement, out JsonSchema? parsed, out var errors),
            string.Join("; ", errors));
        return parsed.Evaluate(instanceDocument.RootElement);
    }
}
