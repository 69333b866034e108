using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoxPact.Server.Demo;

/// <summary>What the demo worker delivers for a Markdown document, as the job's schema asks.</summary>
internal sealed record MarkdownSummary
{
    public string Kind => "markdown";
    public required string File { get; init; }
    public required string Sha256 { get; init; }
    public required string Title { get; init; }
    public required string Opening { get; init; }

    /// <summary>Words outside code blocks.</summary>
    public required int Words { get; init; }
    public required int Lines { get; init; }
    public required int CodeBlocks { get; init; }

    /// <summary>Words under each heading, in the document's order.</summary>
    public required IReadOnlyDictionary<string, int> Sections { get; init; }
    public required IReadOnlyList<string> Links { get; init; }
    public required IReadOnlyDictionary<string, int> TopTerms { get; init; }
}

/// <summary>What the demo worker delivers for a CSV file.</summary>
internal sealed record TableSummary
{
    public string Kind => "csv";
    public required string File { get; init; }
    public required string Sha256 { get; init; }
    public required string Title { get; init; }
    public required int Rows { get; init; }

    /// <summary>Words in the cells that hold text.</summary>
    public required int Words { get; init; }

    /// <summary>The kind of value in each column: integer, number, date, boolean, text or empty.</summary>
    public required IReadOnlyDictionary<string, string> Columns { get; init; }

    /// <summary>Least and greatest value of each column of numbers.</summary>
    public required IReadOnlyDictionary<string, decimal[]> Ranges { get; init; }

    /// <summary>How many cells of a column are empty, where some are.</summary>
    public required IReadOnlyDictionary<string, int> EmptyCells { get; init; }
    public required IReadOnlyDictionary<string, int> TopTerms { get; init; }

    /// <summary>The first row in words.</summary>
    public required string Opening { get; init; }
}

/// <summary>The document cannot be summarised, in words.</summary>
internal sealed class UnreadableDocument(string why) : Exception(why);

/// <summary>The demo worker's trade: reads a document and counts what is in it. No model is asked.</summary>
internal static class SummarizeDocument
{
    public static JsonElement Run(SourceDocument document) => document.Kind is DocumentKind.Csv
        ? JsonSerializer.SerializeToElement(ReadTable.Run(document), DemoJson.Default.TableSummary)
        : JsonSerializer.SerializeToElement(ReadMarkdown.Run(document), DemoJson.Default.MarkdownSummary);

    /// <summary>The criteria that the buyer fixes with the job: a schema bound to this very file.</summary>
    public static JsonElement Acceptance(SourceDocument document)
    {
        string members = document.Kind is DocumentKind.Csv
            ? """
              "kind": { "const": "csv" },
              "rows": { "type": "integer", "minimum": 1 },
              "columns": { "type": "object", "minProperties": 1, "additionalProperties":
                { "enum": ["integer", "number", "date", "boolean", "text", "empty"] } },
              "ranges": { "type": "object", "additionalProperties":
                { "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 } },
              "empty_cells": { "type": "object", "additionalProperties":
                { "type": "integer", "minimum": 1 } },
              """
            : """
              "kind": { "const": "markdown" },
              "lines": { "type": "integer", "minimum": 1 },
              "code_blocks": { "type": "integer", "minimum": 0 },
              "sections": { "type": "object", "additionalProperties": { "type": "integer", "minimum": 0 } },
              "links": { "type": "array", "items": { "type": "string", "minLength": 1 }, "maxItems": 100 },
              """;
        string required = document.Kind is DocumentKind.Csv
            ? "\"rows\", \"columns\", \"ranges\", \"empty_cells\""
            : "\"lines\", \"code_blocks\", \"sections\", \"links\"";
        return JsonElement.Parse($$"""
            {
              "schema": {
                "type": "object",
                "properties": {
                  {{members}}
                  "file": { "const": {{JsonSerializer.Serialize(document.Name, DemoJson.Default.String)}} },
                  "sha256": { "const": "{{document.Sha256}}" },
                  "title": { "type": "string", "minLength": 1 },
                  "opening": { "type": "string" },
                  "words": { "type": "integer", "minimum": 0 },
                  "top_terms": { "type": "object", "maxProperties": 10,
                    "additionalProperties": { "type": "integer", "minimum": 1 } }
                },
                "required":
                  ["kind", "file", "sha256", "title", "opening", "words", "top_terms", {{required}}],
                "additionalProperties": false
              },
              "max_length": 100000,
              "rubric": ["The summary is about the document that the job names."]
            }
            """);
    }
}

/// <summary>Words and how often they occur, the same for every kind of document.</summary>
internal sealed class WordCount
{
    private const int LeastLetters = 4;
    private const int MostTerms = 10;

    private static readonly HashSet<string> Filler =
    [
        .. ("about above after again also because been before being below between both could does "
            + "down each else every from further have having here into itself just like made make many "
            + "more most much must need none once only other over same should since some such than that "
            + "their them then there these they this those through under until upon very want were what "
            + "when where which while whose will with within without would your").Split(' '),
    ];

    private readonly Dictionary<string, int> _terms = new(StringComparer.Ordinal);

    public int Words { get; private set; }

    public int Add(string text)
    {
        int before = Words;
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || (word.Length > 0 && rune.Value is '\'' or '’'))
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            else
                Take(word);
        }
        Take(word);
        return Words - before;
    }

    /// <summary>The most frequent content words; those equally frequent by alphabet.</summary>
    public IReadOnlyDictionary<string, int> Top() => _terms
        .OrderByDescending(term => term.Value).ThenBy(term => term.Key, StringComparer.Ordinal)
        .Take(MostTerms).ToDictionary();

    private void Take(StringBuilder word)
    {
        if (word.Length == 0) return;
        Words++;
        string term = word.ToString().Trim('\'', '’');
        word.Clear();
        if (term.Length < LeastLetters || Filler.Contains(term) || char.IsDigit(term[0])) return;
        _terms[term] = _terms.GetValueOrDefault(term) + 1;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MarkdownSummary))]
[JsonSerializable(typeof(TableSummary))]
[JsonSerializable(typeof(TaskSpec))]
[JsonSerializable(typeof(string))]
internal sealed partial class DemoJson : JsonSerializerContext;
