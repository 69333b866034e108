using System.Text.Json;

namespace VoxPact.Domain.Jobs;

/// <summary>
/// Where violations are collected, up to a number; a full list also ends the work that would add to it.
/// </summary>
internal sealed class SchemaFindings(int most)
{
    public List<SchemaViolation> Violations { get; } = [];

    public bool Full => Violations.Count >= most;
}

/// <summary>
/// One evaluation with its budget. When the budget is spent every check returns at once and the answer is
/// "not
/// decided", so no schema and no instance can hang the caller.
/// </summary>
internal sealed partial class SchemaRun
{
    private const int ValueChars = 80;
    private long _steps = Limits.SchemaSteps;
    private int _depth;

    public bool Exhausted { get; private set; }

    public void Check(SchemaNode node, JsonElement instance, JsonPath? path, SchemaFindings into)
    {
        if (into.Full || !Spend(1)) return;
        if (_depth == Limits.SchemaEvaluationDepth)
        {
            Exhausted = true;
            return;
        }
        _depth++;
        if (node.Always is null)
        {
            CheckValue(node, instance, path, into);
            switch (instance.ValueKind)
            {
                case JsonValueKind.Number: CheckNumber(node, instance, path, into); break;
                case JsonValueKind.String: CheckString(node, instance, path, into); break;
                case JsonValueKind.Array: CheckArray(node, instance, path, into); break;
                case JsonValueKind.Object: CheckObject(node, instance, path, into); break;
            }
            CheckCombined(node, instance, path, into);
        }
        else if (node.Always == false)
        {
            Report(into, path, node.Pointer, "", "Nothing is allowed here; leave it out.");
        }
        _depth--;
    }

    private bool Spend(long steps)
    {
        _steps -= steps;
        if (_steps < 0) Exhausted = true;
        return !Exhausted;
    }

    private static void Report(
        SchemaFindings into, JsonPath? path, string pointer, string keyword, string sentence)
    {
        if (into.Full) return;
        string at = keyword.Length == 0 ? pointer : $"{pointer}/{keyword}";
        into.Violations.Add(new SchemaViolation(JsonPath.Render(path), at, keyword, sentence));
    }

    private bool Valid(SchemaNode node, JsonElement instance, JsonPath? path)
    {
        var probe = new SchemaFindings(1);
        Check(node, instance, path, probe);
        return probe.Violations.Count == 0;
    }

    private static SchemaTypes TypeOf(JsonElement instance) => instance.ValueKind switch
    {
        JsonValueKind.Null => SchemaTypes.Null,
        JsonValueKind.True or JsonValueKind.False => SchemaTypes.Boolean,
        JsonValueKind.Object => SchemaTypes.Object,
        JsonValueKind.Array => SchemaTypes.Array,
        JsonValueKind.String => SchemaTypes.String,
        _ when JsonNumber.Of(instance).IsInteger => SchemaTypes.Number | SchemaTypes.Integer,
        _ => SchemaTypes.Number,
    };

    private void CheckValue(SchemaNode node, JsonElement instance, JsonPath? path, SchemaFindings into)
    {
        if (node.Types != SchemaTypes.None)
        {
            SchemaTypes type = TypeOf(instance);
            if ((type & node.Types) == 0)
                Report(into, path, node.Pointer, "type",
                    $"Must be {Words(node.Types)}; it is {Words(type)}.");
        }
        if (node.Const is null && node.EnumKeys is null) return;
        if (!Spend(instance.GetRawText().Length / 16)) return;
        string key = CanonicalJson.Write(instance, byValue: true);
        if (node.Const is not null && node.Const != key)
            Report(into, path, node.Pointer, "const", $"Must be exactly {Cut(node.ConstText!)}.");
        if (node.EnumKeys is not null && !node.EnumKeys.Contains(key))
        {
            string values = string.Join(", ", node.Enum!.Select(static value => value.GetRawText()));
            Report(into, path, node.Pointer, "enum", $"Must be one of {Cut(values)}.");
        }
    }

    private static string Words(SchemaTypes types) =>
        types.ToString().ToLowerInvariant().Replace(", ", " or ");

    private static string Cut(string text) => text.Length <= ValueChars ? text : text[..ValueChars] + "…";

    private static void CheckNumber(
        SchemaNode node, JsonElement instance, JsonPath? path, SchemaFindings into)
    {
        JsonNumber value = JsonNumber.Of(instance);
        if (node.Minimum is { } min && value.CompareTo(min) < 0)
            Say("minimum", $"Must be at least {Show(min)}.");
        if (node.Maximum is { } max && value.CompareTo(max) > 0)
            Say("maximum", $"Must be at most {Show(max)}.");
        if (node.ExclusiveMinimum is { } above && value.CompareTo(above) <= 0)
            Say("exclusiveMinimum", $"Must be above {Show(above)}.");
        if (node.ExclusiveMaximum is { } below && value.CompareTo(below) >= 0)
            Say("exclusiveMaximum", $"Must be below {Show(below)}.");
        if (node.MultipleOf is { } step && !value.IsMultipleOf(step))
            Say("multipleOf", $"Must be a multiple of {Show(step)}.");

        void Say(string keyword, string sentence) => Report(into, path, node.Pointer, keyword, sentence);
        static string Show(JsonNumber number) => Cut(number.ToPlainString());
    }

    private void CheckString(SchemaNode node, JsonElement instance, JsonPath? path, SchemaFindings into)
    {
        if (node is { MinLength: null, MaxLength: null, Pattern: null }) return;
        string text = instance.GetString()!;
        if (!Spend(text.Length / 64)) return;
        int length = CodePoints(text);
        if (length < node.MinLength)
            Report(into, path, node.Pointer, "minLength",
                $"Must have at least {node.MinLength} characters; it has {length}.");
        if (length > node.MaxLength)
            Report(into, path, node.Pointer, "maxLength",
                $"Must have at most {node.MaxLength} characters; it has {length}.");
        if (node.Pattern is not null && !Matches(node.Pattern, text))
            Report(into, path, node.Pointer, "pattern", $"Must match the pattern {Cut(node.Pattern.Source)}");
    }

    /// <summary>Characters as 2020-12 counts them: a pair of UTF-16 units is one.</summary>
    internal static int CodePoints(string text)
    {
        int count = 0;
        foreach (char c in text)
            if (!char.IsLowSurrogate(c)) count++;
        return count;
    }

    private bool Matches(Pattern pattern, string text)
    {
        if (!Spend(1 + ((long)text.Length * pattern.States / 64))) return true;
        bool? matches = pattern.Matches(text);
        if (matches is null) Exhausted = true;
        return matches ?? true;
    }
}
