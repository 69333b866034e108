using System.Text;
using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Storage;

/// <summary>Stripe's lists: newest first, cursors by id, <c>created</c> ranges, <c>has_more</c>.</summary>
internal sealed class Listing(string type, string url)
{
    public static readonly IReadOnlySet<string> Common = new HashSet<string>
    {
        "limit", "starting_after", "ending_before", "created", "expand", "key",
    };

    private readonly StringBuilder _where = new("type = @0");
    private readonly List<object?> _values = [type];

    public Listing Under(string? parent) => parent is null ? this : And("parent = {0}", parent);

    /// <summary>Keeps objects whose field equals the text; null keeps all.</summary>
    public Listing Where(string field, string? text)
        => text is null ? this : And($"json_extract(json, '$.{field}') = {{0}}", text);

    public Listing WhereAny(string field, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return this;
        return And(
            $"json_extract(json, '$.{field}') IN (SELECT value FROM json_each({{0}}))",
            new JsonArray([.. texts.Select(text => (JsonNode)text)]).ToJsonString());
    }

    public Listing WherePrefix(string field, string prefix)
        => And($"substr(json_extract(json, '$.{field}'), 1, {prefix.Length}) = {{0}}", prefix);

    /// <summary>Keeps events that did, or did not, reach the webhook.</summary>
    public Listing WhereDelivered(bool? delivered) => delivered is not { } wanted
        ? this
        : And("id IN (SELECT event FROM deliveries WHERE (state = 'done') = {0})", wanted ? 1L : 0L);

    public JsonObject Page(Session session, Params query)
    {
        session.Flush();
        Created(query);
        var limit = (int)(query.Integer("limit") ?? 10);
        if (limit is < 1 or > 100)
            throw Fault.Invalid("Invalid limit: must be between 1 and 100", "limit");
        var backwards = Cursor(session, query);
        var order = backwards ? "ORDER BY created ASC, seq ASC" : "ORDER BY created DESC, seq DESC";
        var sql = $"SELECT json FROM objects WHERE {_where} {order} LIMIT @{_values.Count}";
        _values.Add((long)limit + 1);
        var rows = session.Db.Rows(
            sql, r => ((JsonObject)JsonNode.Parse(r.GetString(0))!).Public(), [.. _values]);
        var more = rows.Count > limit;
        if (more)
            rows.RemoveAt(limit);
        if (backwards)
            rows.Reverse();
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. rows]),
            ["has_more"] = more,
            ["url"] = url,
        };
    }

    private bool Cursor(Session session, Params query)
    {
        var after = query.Text("starting_after");
        var before = query.Text("ending_before");
        if (after is not null && before is not null)
            throw Fault.Invalid(
                "You can pass only one of starting_after and ending_before.", "ending_before");
        if ((after ?? before) is not { } id)
            return false;
        var marks = session.Db.Rows(
            "SELECT created, seq FROM objects WHERE id = @0 AND type = @1",
            r => (Created: r.GetInt64(0), Seq: r.GetInt64(1)), id, type);
        if (marks.Count == 0)
            throw Fault.NoSuch(type, id, after is null ? "ending_before" : "starting_after");
        _values.Add(marks[0].Created);
        And($"(created, seq) {(after is null ? '>' : '<')} (@{_values.Count - 1}, {{0}})", marks[0].Seq);
        return after is null;
    }

    private void Created(Params query)
    {
        if (query.Child("created") is not { } created)
            return;
        if (created.Value is not null)
        {
            And("created = {0}", query.Integer("created") ?? 0);
            return;
        }
        foreach (var (name, comparison) in Ranges)
            if (created.Integer(name) is { } bound)
                And($"created {comparison} {{0}}", bound);
    }

    private static readonly (string Name, string Comparison)[] Ranges =
        [("gt", ">"), ("gte", ">="), ("lt", "<"), ("lte", "<=")];

    private Listing And(string condition, object value)
    {
        _where.Append(" AND ").Append(string.Format(
            System.Globalization.CultureInfo.InvariantCulture, condition, $"@{_values.Count}"));
        _values.Add(value);
        return this;
    }
}
