using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>The JSON types that <c>type</c> names, as a set.</summary>
[Flags]
internal enum SchemaTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Object = 4,
    Array = 8,
    Number = 16,
    String = 32,
    Integer = 64,
}

/// <summary>
/// One schema or subschema, read: null or empty members are keywords that it does not have.
/// </summary>
internal sealed class SchemaNode(string pointer)
{
    /// <summary>Where this schema stands in the posted document.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>The value of a boolean schema.</summary>
    public bool? Always { get; set; }

    public SchemaTypes Types { get; set; }
    public JsonElement[]? Enum { get; set; }
    public HashSet<string>? EnumKeys { get; set; }
    public string? Const { get; set; }
    public string? ConstText { get; set; }

    public JsonNumber? Minimum { get; set; }
    public JsonNumber? Maximum { get; set; }
    public JsonNumber? ExclusiveMinimum { get; set; }
    public JsonNumber? ExclusiveMaximum { get; set; }
    public JsonNumber? MultipleOf { get; set; }

    public int? MinLength { get; set; }
    public int? MaxLength { get; set; }
    public Pattern? Pattern { get; set; }

    public int? MinItems { get; set; }
    public int? MaxItems { get; set; }
    public bool UniqueItems { get; set; }
    public SchemaNode[] PrefixItems { get; set; } = [];
    public SchemaNode? Items { get; set; }
    public SchemaNode? Contains { get; set; }
    public int? MinContains { get; set; }
    public int? MaxContains { get; set; }

    public int? MinProperties { get; set; }
    public int? MaxProperties { get; set; }
    public string[] Required { get; set; } = [];
    public Dictionary<string, string[]> DependentRequired { get; set; } = [];
    public Dictionary<string, SchemaNode> DependentSchemas { get; set; } = [];
    public Dictionary<string, SchemaNode> Properties { get; set; } = [];
    public List<(Pattern Pattern, SchemaNode Node)> PatternProperties { get; set; } = [];
    public SchemaNode? AdditionalProperties { get; set; }
    public SchemaNode? PropertyNames { get; set; }

    public SchemaNode[] AllOf { get; set; } = [];
    public SchemaNode[] AnyOf { get; set; } = [];
    public SchemaNode[] OneOf { get; set; } = [];
    public SchemaNode? Not { get; set; }
    public SchemaNode? If { get; set; }
    public SchemaNode? Then { get; set; }
    public SchemaNode? Else { get; set; }
    public SchemaNode? Ref { get; set; }

    /// <summary>
    /// The schemas applied to the same place of the instance: a cycle among these would never end.
    /// </summary>
    public IEnumerable<SchemaNode> InPlace()
    {
        foreach (SchemaNode node in AllOf) yield return node;
        foreach (SchemaNode node in AnyOf) yield return node;
        foreach (SchemaNode node in OneOf) yield return node;
        foreach (SchemaNode node in DependentSchemas.Values) yield return node;
        if (Not is not null) yield return Not;
        if (If is not null) yield return If;
        if (Then is not null) yield return Then;
        if (Else is not null) yield return Else;
        if (Ref is not null) yield return Ref;
    }
}
