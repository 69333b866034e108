using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>The keywords that look into arrays and objects, and those that combine schemas.</summary>
internal sealed partial class SchemaRun
{
    private const int NearestViolations = 3;

    private void CheckArray(SchemaNode node, JsonElement instance, JsonPath? path, SchemaFindings into)
    {
        int length = instance.GetArrayLength();
        if (length < node.MinItems)
            Report(into, path, node.Pointer, "minItems",
                $"Must have at least {node.MinItems} items; it has {length}.");
        if (length > node.MaxItems)
            Report(into, path, node.Pointer, "maxItems",
                $"Must have at most {node.MaxItems} items; it has {length}.");
        if (node.UniqueItems) CheckUnique(node, instance, path, into);
        if (node.Contains is null && node.Items is null && node.PrefixItems.Length == 0) return;

        int index = 0;
        int contained = 0;
        foreach (JsonElement item in instance.EnumerateArray())
        {
            if (into.Full || !Spend(1)) return;
            var at = new JsonPath(path, null, index);
            SchemaNode? expected = index < node.PrefixItems.Length ? node.PrefixItems[index] : node.Items;
            if (expected is not null) Check(expected, item, at, into);
            if (node.Contains is not null && Valid(node.Contains, item, at)) contained++;
            index++;
        }
        if (node.Contains is null) return;
        int least = node.MinContains ?? 1;
        if (contained < least)
        {
            string keyword = node.MinContains is null ? "contains" : "minContains";
            Report(into, path, node.Pointer, keyword,
                $"Must have at least {least} items as described; it has {contained}.");
        }
        if (contained > node.MaxContains)
        {
            Report(into, path, node.Pointer, "maxContains",
                $"Must have at most {node.MaxContains} items as described; it has {contained}.");
        }
    }

    private void CheckUnique(SchemaNode node, JsonElement instance, JsonPath? path, SchemaFindings into)
    {
        if (!Spend(instance.GetRawText().Length / 16)) return;
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        int index = 0;
        foreach (JsonElement item in instance.EnumerateArray())
        {
            string key = CanonicalJson.Write(item, byValue: true);
            if (!seen.TryAdd(key, index))
            {
                Report(into, path, node.Pointer, "uniqueItems",
                    $"No two items may be equal; items {seen[key]} and {index} are.");
                return;
            }
            index++;
        }
    }

    private void CheckObject(SchemaNode node, JsonElement instance, JsonPath? path, SchemaFindings into)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in instance.EnumerateObject())
        {
            if (into.Full || !Spend(1)) return;
            names.Add(member.Name);
            CheckMember(node, member, new JsonPath(path, member.Name, 0), into);
        }
        if (names.Count < node.MinProperties)
        {
            Report(into, path, node.Pointer, "minProperties",
                $"Must have at least {node.MinProperties} members; it has {names.Count}.");
        }
        if (names.Count > node.MaxProperties)
        {
            Report(into, path, node.Pointer, "maxProperties",
                $"Must have at most {node.MaxProperties} members; it has {names.Count}.");
        }
        if (!Spend(node.Required.Length)) return;
        foreach (string name in node.Required)
        {
            if (!names.Contains(name))
                Report(into, path, node.Pointer, "required", $"The member \"{Cut(name)}\" is missing.");
        }
        foreach ((string name, string[] needed) in node.DependentRequired)
        {
            if (!Spend(1 + needed.Length)) return;
            if (!names.Contains(name)) continue;
            foreach (string other in needed.Where(other => !names.Contains(other)))
            {
                Report(into, path, node.Pointer, "dependentRequired",
                    $"The member \"{Cut(other)}\" is missing; \"{Cut(name)}\" demands it.");
            }
        }
        foreach ((string name, SchemaNode schema) in node.DependentSchemas)
            if (names.Contains(name)) Check(schema, instance, path, into);
    }

    private void CheckMember(SchemaNode node, JsonProperty member, JsonPath at, SchemaFindings into)
    {
        bool named = node.Properties.TryGetValue(member.Name, out SchemaNode? schema);
        if (schema is not null) Check(schema, member.Value, at, into);
        foreach ((Pattern pattern, SchemaNode matching) in node.PatternProperties)
        {
            if (!Matches(pattern, member.Name)) continue;
            named = true;
            Check(matching, member.Value, at, into);
        }
        if (!named && node.AdditionalProperties is { Always: false })
        {
            Report(into, at, node.Pointer, "additionalProperties",
                $"The member \"{Cut(member.Name)}\" is not allowed here; leave it out.");
        }
        else if (!named && node.AdditionalProperties is { } other)
        {
            Check(other, member.Value, at, into);
        }
        if (node.PropertyNames is not { } nameSchema) return;
        using JsonDocument name = JsonDocument.Parse(JsonSerializer.Serialize(member.Name));
        if (!Valid(nameSchema, name.RootElement, at))
        {
            Report(into, at, node.Pointer, "propertyNames",
                $"The member name \"{Cut(member.Name)}\" does not fit the schema for names.");
        }
    }

    private void CheckCombined(SchemaNode node, JsonElement instance, JsonPath? path, SchemaFindings into)
    {
        if (node.Ref is not null) Check(node.Ref, instance, path, into);
        foreach (SchemaNode part in node.AllOf) Check(part, instance, path, into);
        if (node.AnyOf.Length > 0) CheckAny(node.AnyOf, "anyOf");
        if (node.OneOf.Length > 0)
        {
            int fitting = node.OneOf.Count(option => Valid(option, instance, path));
            if (fitting == 0) CheckAny(node.OneOf, "oneOf");
            if (fitting > 1)
            {
                Report(into, path, node.Pointer, "oneOf",
                    $"Must fit exactly one of {node.OneOf.Length} alternatives; it fits {fitting}.");
            }
        }
        if (node.Not is not null && Valid(node.Not, instance, path))
            Report(into, path, node.Pointer, "not", "Must not fit the schema under \"not\"; it does.");
        if (node.If is null || (node.Then is null && node.Else is null)) return;
        SchemaNode? branch = Valid(node.If, instance, path) ? node.Then : node.Else;
        if (branch is not null) Check(branch, instance, path, into);

        void CheckAny(SchemaNode[] options, string keyword)
        {
            SchemaFindings? nearest = null;
            foreach (SchemaNode option in options)
            {
                var findings = new SchemaFindings(NearestViolations);
                Check(option, instance, path, findings);
                if (findings.Violations.Count == 0) return;
                if (nearest is null || findings.Violations.Count < nearest.Violations.Count)
                    nearest = findings;
            }
            SchemaViolation hint = nearest!.Violations[0];
            string where = hint.InstancePointer.Length == 0 ? "" : $" at {hint.InstancePointer}";
            Report(into, path, node.Pointer, keyword,
                $"Must fit one of {options.Length} alternatives; the nearest says{where}: {hint.Sentence}");
        }
    }
}
