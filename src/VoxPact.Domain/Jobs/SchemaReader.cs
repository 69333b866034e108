using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// Reads a posted schema into nodes and collects what is wrong with it. References are joined at the end,
/// when every
/// place that is a schema is known, so that one can point forward and none can point at something else.
/// </summary>
internal sealed partial class SchemaReader
{
    private const int MaxErrors = 20;
    private readonly Dictionary<string, SchemaNode> _nodes = new(StringComparer.Ordinal);
    private readonly List<(SchemaNode Node, string Target)> _references = [];
    private int _patternStates;

    public List<(string Pointer, string Sentence)> Errors { get; } = [];

    public SchemaNode ReadDocument(JsonElement document)
    {
        SchemaNode root = Read(document, "");
        foreach ((SchemaNode node, string target) in _references) Join(node, target);
        if (Errors.Count == 0) RefuseLoops();
        return root;
    }

    private void Fail(string pointer, string sentence)
    {
        if (Errors.Count < MaxErrors) Errors.Add((pointer, sentence));
    }

    private SchemaNode Read(JsonElement schema, string pointer)
    {
        var node = new SchemaNode(pointer);
        _nodes[pointer] = node;
        switch (schema.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                node.Always = schema.GetBoolean();
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in schema.EnumerateObject())
                {
                    string at = $"{pointer}/{JsonPath.Escape(member.Name)}";
                    if (!ReadAnnotation(member, at) && !ReadAssertion(node, member, at)
                        && !ReadLimit(node, member, at) && !ReadApplicator(node, member, at))
                    {
                        Fail(at, OutsideSubset(member.Name));
                    }
                }
                break;
            default:
                Fail(pointer, "A schema must stand here: a JSON object, or true or false.");
                break;
        }
        return node;
    }

    private static string OutsideSubset(string keyword)
    {
        string instead = keyword switch
        {
            "format" => " 2020-12 does not check it; say the same with \"pattern\".",
            "definitions" => " Use \"$defs\".",
            "dependencies" => " Use \"dependentRequired\" or \"dependentSchemas\".",
            "additionalItems" => " Use \"prefixItems\" and \"items\".",
            "unevaluatedProperties" => " Use \"additionalProperties\".",
            "unevaluatedItems" => " Use \"items\" after \"prefixItems\".",
            "$id" or "$anchor" or "$dynamicRef" or "$dynamicAnchor" =>
                " Refer with a pointer such as \"#/$defs/name\".",
            _ => " Leave it out.",
        };
        return $"\"{keyword}\" is outside the supported subset of JSON Schema 2020-12.{instead}";
    }

    /// <summary>Keywords that say nothing about validity; <c>$schema</c> must name the one dialect.</summary>
    private bool ReadAnnotation(JsonProperty member, string at)
    {
        switch (member.Name)
        {
            case "title" or "description" or "$comment" when member.Value.ValueKind != JsonValueKind.String:
                Fail(at, $"\"{member.Name}\" must be a text.");
                return true;
            case "title" or "description" or "$comment":
            case "default" or "examples" or "deprecated" or "readOnly" or "writeOnly":
                return true;
            case "$schema":
                if (member.Value.ValueKind != JsonValueKind.String
                    || member.Value.GetString() != JsonSchema.Dialect)
                    Fail(at, $"The only supported dialect is {JsonSchema.Dialect}.");
                return true;
            default:
                return false;
        }
    }

    private void Join(SchemaNode node, string target)
    {
        string at = node.Pointer + "/$ref";
        if (!target.StartsWith('#'))
        {
            Fail(at, "References to other documents are not followed; copy the schema under \"$defs\".");
            return;
        }
        string fragment = Uri.UnescapeDataString(target[1..]);
        if (fragment.Length > 0 && fragment[0] != '/')
            Fail(at, "A reference must be \"#\" or a pointer such as \"#/$defs/name\", not an anchor.");
        else if (_nodes.TryGetValue(fragment, out SchemaNode? found))
            node.Ref = found;
        else
            Fail(at, $"There is no schema at \"{target}\".");
    }

    /// <summary>
    /// Refuses references that come back to where they were without going deeper into the instance.
    /// </summary>
    private void RefuseLoops()
    {
        var done = new HashSet<SchemaNode>();
        var under = new HashSet<SchemaNode>();
        foreach (SchemaNode start in _nodes.Values)
        {
            var path = new Stack<(SchemaNode Node, IEnumerator<SchemaNode> Next)>();
            if (done.Add(start)) Enter(start);
            while (path.TryPeek(out var top))
            {
                if (!top.Next.MoveNext())
                {
                    under.Remove(top.Node);
                    path.Pop();
                }
                else if (under.Contains(top.Next.Current))
                {
                    Fail(top.Node.Pointer,
                        "This schema refers back to itself without going deeper; checking would never end.");
                    return;
                }
                else if (done.Add(top.Next.Current))
                {
                    Enter(top.Next.Current);
                }
            }

            void Enter(SchemaNode node)
            {
                under.Add(node);
                path.Push((node, node.InPlace().GetEnumerator()));
            }
        }
    }
}
