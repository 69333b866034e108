using System.Text.Json;
using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Misbehaviour;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Storage;

/// <summary>
/// One transaction: objects are loaded once, changed as JSON, and written together at the end with
/// the events they caused.
/// </summary>
internal sealed class Session(
    Database db, long now, RequestMark mark, long wallMs, SimulatorOptions options, FaultDice dice, string salt)
{
    private readonly Dictionary<string, Row> _loaded = new(StringComparer.Ordinal);

    /// <summary>The simulator's time in Unix seconds.</summary>
    public long Now { get; set; } = now;

    public string FingerprintSalt { get; } = salt;

    public SimulatorOptions Options { get; } = options;

    public Database Db { get; } = db;

    public ProcessingFees Fees => Db.Setting("fees") is { } kept
        ? JsonSerializer.Deserialize<ProcessingFees>(kept)!
        : Options.Fees;

    public FaultDice Dice { get; } = dice;

    /// <summary>The code with which this request's charge declines, whatever the card says.</summary>
    public string? ForcedDecline { get; set; }

    public bool HasEvents { get; private set; }

    public JsonObject? Find(string id)
    {
        if (_loaded.TryGetValue(id, out var row))
            return row.Json;
        var rows = Db.Rows(
            "SELECT json FROM objects WHERE id = @0", r => r.GetString(0), id);
        if (rows.Count == 0)
            return null;
        var json = (JsonObject)JsonNode.Parse(rows[0])!;
        _loaded[id] = new Row(json);
        return json;
    }

    /// <summary>The object named by a parameter, or Stripe's <c>resource_missing</c>.</summary>
    public JsonObject Get(string type, string id, string param)
        => Find(id) is { } json && json.Str("object") == type ? json : throw Fault.NoSuch(type, id, param);

    /// <summary>The object named by the path: the same, with status 404.</summary>
    public JsonObject GetNamed(string type, string id)
        => Find(id) is { } json && json.Str("object") == type
            ? json
            : throw Fault.NoSuch(type, id, "id", 404);

    public JsonObject Add(JsonObject json, string? parent = null)
    {
        var id = json.Id();
        Db.Run(
            "INSERT INTO objects(id, type, created, parent, json) VALUES (@0, @1, @2, @3, '{}')",
            id, json.Str("object"), json["created"] is null ? Now : json.Num("created"), parent);
        _loaded[id] = new Row(json) { Dirty = true };
        return json;
    }

    /// <summary>Marks a loaded object as changed.</summary>
    public void Save(JsonObject json) => _loaded[json.Id()].Dirty = true;

    /// <summary>Changes what an object is listed under, such as a payment method's customer.</summary>
    public void Adopt(JsonObject json, string? parent)
    {
        Db.Run("UPDATE objects SET parent = @1 WHERE id = @0", json.Id(), parent);
        Save(json);
    }

    /// <summary>
    /// Records that something happened, with the object as it is now, and queues its delivery.
    /// </summary>
    public void Emit(string type, JsonObject subject, JsonObject? previous = null, string? account = null)
    {
        var data = new JsonObject { ["object"] = subject.Public() };
        if (previous is not null)
            data["previous_attributes"] = previous;
        var happened = new JsonObject
        {
            ["id"] = Ids.New("evt_"),
            ["object"] = "event",
            ["api_version"] = Api.Version,
            ["created"] = Now,
            ["data"] = data,
            ["livemode"] = false,
            ["pending_webhooks"] = 1,
            ["request"] = new JsonObject
            {
                ["id"] = mark.RequestId,
                ["idempotency_key"] = mark.IdempotencyKey,
            },
            ["type"] = type,
        };
        if (account is not null)
            happened["account"] = account;
        Add(happened, subject.Str("id"));
        var wait = Dice.Rolls(PlannedFault.EventReorder) ? Dice.Below(Dice.Plan.ReorderMs) : 0;
        if (Dice.Rolls(PlannedFault.EventDelay))
            wait += Dice.Plan.DelayMs;
        Db.Run(
            """
            INSERT INTO deliveries SELECT id, seq, @2, 0, @1 FROM objects WHERE id = @0
            """,
            happened.Id(), wallMs + wait, Dice.Rolls(PlannedFault.EventDrop) ? "dropped" : "pending");
        HasEvents = true;
    }

    /// <summary>Asks to be reminded of an object when the simulator's time has come that far.</summary>
    public void At(long seconds, string kind, string id)
        => Db.Run("INSERT OR IGNORE INTO due VALUES (@0, @1, @2)", seconds, kind, id);

    /// <summary>Writes every changed object; the transaction commits afterwards.</summary>
    public void Flush()
    {
        foreach (var (id, row) in _loaded)
            if (row.Dirty)
                Db.Run("UPDATE objects SET json = @1 WHERE id = @0", id, row.Json.ToJsonString());
    }

    private sealed class Row(JsonObject json)
    {
        public JsonObject Json { get; } = json;

        public bool Dirty { get; set; }
    }
}
