using System.Text.Json;
using VoxPact.Domain.Jobs;
using Xunit;

namespace VoxPact.Domain.Tests.Jobs;

/// <summary>
/// Holds the evaluator to the public JSON Schema test files where they lie beside the repository. A group
/// whose
/// schema is refused as outside the subset is not judged, so each file has a least number of groups to
/// accept.
/// </summary>
public sealed class JsonSchemaSuiteTests
{
    private static readonly (string File, int LeastGroups)[] Files =
    [
        ("additionalProperties", 9), ("allOf", 12), ("anyOf", 8), ("boolean_schema", 2), ("const", 17),
        ("contains", 7), ("default", 3), ("dependentRequired", 4), ("dependentSchemas", 4), ("enum", 15),
        ("exclusiveMaximum", 1), ("exclusiveMinimum", 1), ("if-then-else", 12),
        ("infinite-loop-detection", 1), ("items", 10), ("maxContains", 5), ("maxItems", 2),
        ("maxLength", 2), ("maxProperties", 3), ("maximum", 2), ("minContains", 8), ("minItems", 2),
        ("minLength", 2), ("minProperties", 2), ("minimum", 2), ("multipleOf", 5), ("not", 8),
        ("oneOf", 11), ("pattern", 3), ("patternProperties", 6), ("prefixItems", 4), ("properties", 6),
        ("propertyNames", 6), ("ref", 13), ("required", 5), ("type", 11), ("uniqueItems", 6),
    ];

    [Fact]
    public void Every_accepted_group_of_the_public_suite_is_decided_as_the_suite_says()
    {
        if (SuiteFolder() is not { } folder)
        {
            Console.WriteLine(
                "shared/json-schema-test-suite is not there: the public schema tests were not run.");
            return;
        }
        var wrong = new List<string>();
        foreach ((string file, int leastGroups) in Files)
        {
            using JsonDocument document =
                JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, file + ".json")));
            int accepted = document.RootElement.EnumerateArray().Count(group => Judge(file, group, wrong));
            if (accepted < leastGroups)
                wrong.Add($"{file}: {accepted} groups accepted, at least {leastGroups} expected");
        }
        Assert.Empty(wrong);
    }

    private static bool Judge(string file, JsonElement group, List<string> wrong)
    {
        if (!JsonSchema.TryParse(group.GetProperty("schema"), out JsonSchema? schema, out _)) return false;
        string name = group.GetProperty("description").GetString()!;
        foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
        {
            bool valid = schema.Evaluate(test.GetProperty("data")).Count == 0;
            if (valid != test.GetProperty("valid").GetBoolean())
                wrong.Add($"{file}: {name}: {test.GetProperty("description").GetString()}");
        }
        return true;
    }

    private static string? SuiteFolder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "shared", "json-schema-test-suite");
            if (Directory.Exists(folder)) return folder;
        }
        return null;
    }
}
