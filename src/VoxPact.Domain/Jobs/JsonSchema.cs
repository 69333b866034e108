using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// One way in which an instance breaks a schema: where, by which keyword, and what to change.
/// </summary>
public sealed record SchemaViolation(
    string InstancePointer, string SchemaPointer, string Keyword, string Sentence);

/// <summary>
/// The subset of JSON Schema 2020-12 that acceptance criteria are written in: every keyword of the core,
/// applicator and
/// validation vocabularies except <c>$id</c>, anchors, dynamic and remote references and <c>unevaluated…</c>.
/// <c>format</c> and <c>content…</c> are refused too, because 2020-12 would not check them and a buyer would
/// think it does.
/// Immutable. Numbers are exact; lengths count Unicode code points; patterns never backtrack; all work is
/// bounded.
/// </summary>
public sealed class JsonSchema
{
    /// <summary>The only <c>$schema</c> that is understood.</summary>
    public const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private readonly SchemaNode _root;

    private JsonSchema(SchemaNode root) => _root = root;

    /// <summary>
    /// Reads a schema. On failure <paramref name="errors"/> names each place (a JSON pointer into the schema)
    /// and what
    /// to change there; anything outside the subset is such a failure, never silently ignored.
    /// </summary>
    public static bool TryParse(
        JsonElement schema, [NotNullWhen(true)] out JsonSchema? parsed,
        out List<(string Pointer, string Sentence)> errors)
    {
        parsed = null;
        errors = [];
        if (schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
            errors.Add(("", "A schema is a JSON object, or true or false."));
        else if (schema.GetRawText().Length > Limits.SchemaChars)
            errors.Add(("", $"The schema is longer than {Limits.SchemaChars} characters; shorten it."));
        else if (JsonShape.Fault(schema) is { } fault)
            errors.Add(fault);
        if (errors.Count > 0) return false;

        // The clone outlives the request's document: const and enum are compared against it later.
        var reader = new SchemaReader();
        SchemaNode root = reader.ReadDocument(schema.Clone());
        errors = reader.Errors;
        if (errors.Count > 0) return false;
        parsed = new JsonSchema(root);
        return true;
    }

    /// <summary>
    /// The violations of <paramref name="instance"/>, at most <see cref="Limits.SchemaViolations"/>; none
    /// when it is
    /// valid. An instance too costly to decide has exactly one violation that says so, without a keyword.
    /// </summary>
    public IReadOnlyList<SchemaViolation> Evaluate(JsonElement instance)
    {
        if (JsonShape.Fault(instance) is { } fault)
            return [new SchemaViolation(fault.Pointer, "", "", fault.Sentence)];
        var run = new SchemaRun();
        var findings = new SchemaFindings(Limits.SchemaViolations);
        run.Check(_root, instance, null, findings);
        if (!run.Exhausted) return findings.Violations;
        return [new SchemaViolation("", "", "",
            "Checking this takes more steps than allowed; send a smaller or flatter document.")];
    }
}
