using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Storage;

namespace VoxPact.StripeSimulator.Wire;

/// <summary>
/// <c>expand[]=latest_charge.balance_transaction</c>: ids in an answer become the objects they name.
/// </summary>
internal static class Expansion
{
    private const int MaxDepth = 4;

    public static void Apply(Session session, JsonObject body, IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            var steps = path.Split('.');
            if (steps.Length > MaxDepth + 1)
                throw Fault.Invalid(
                    $"You cannot expand more than {MaxDepth} levels of a property ({path}).", "expand");
            Walk(session, body, steps, path);
        }
    }

    private static void Walk(Session session, JsonNode node, ReadOnlySpan<string> steps, string path)
    {
        if (steps.IsEmpty)
            return;
        if (node is JsonArray list)
        {
            foreach (var item in list)
                Walk(session, item!, steps, path);
            return;
        }
        if (node is not JsonObject json || !json.TryGetPropertyValue(steps[0], out var value))
            throw Fault.Invalid($"This property cannot be expanded ({path}).", "expand");
        if (value is JsonValue text && text.TryGetValue<string>(out var id))
        {
            if (session.Find(id) is not { } found)
                throw Fault.Invalid($"This property cannot be expanded ({path}).", "expand");
            json[steps[0]] = value = found.Public();
        }
        if (value is not null)
            Walk(session, value, steps[1..], path);
    }
}
