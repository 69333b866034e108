using System.Text.Json.Nodes;

namespace VoxPact.StripeSimulator.Storage;

/// <summary>What is asked of all objects, and when one of them is due for a change.</summary>
internal static class ObjectRows
{
    /// <summary>The platform's own account: its id stays the same as long as the database does.</summary>
    public static string PlatformId(this Database db)
        => (string)db.Scalar("SELECT value FROM secrets WHERE name = 'platform'")!;

    /// <summary>Lists an object under another type from now on, such as a deleted customer.</summary>
    public static void Retype(this Database db, string id, string type)
        => db.Run("UPDATE objects SET type = @1 WHERE id = @0", id, type);

    public static List<string> IdsUnder(this Database db, string parent, string type) => db.Rows(
        "SELECT id FROM objects WHERE parent = @0 AND type = @1", r => r.GetString(0), parent, type);

    public static List<string> LateUntil(this Database db, string type, long seconds) => db.Rows(
        "SELECT id FROM objects WHERE type = @0 AND json_extract(json, '$._due') <= @1 ORDER BY seq",
        r => r.GetString(0), type, seconds);

    /// <summary>The newest objects, without those that are only links for a person.</summary>
    public static List<JsonObject> Newest(this Database db) => db.Rows(
        """
        SELECT json FROM objects
        WHERE type NOT IN ('account_link', 'login_link', 'checkout.session', 'late_request') ORDER BY seq DESC LIMIT 100
        """,
        r => (JsonObject)JsonNode.Parse(r.GetString(0))!);

    public static List<(long At, string Kind, string Id)> DueAt(this Database db, long seconds) => db.Rows(
        "SELECT at, kind, id FROM due WHERE at <= @0 ORDER BY at LIMIT 10000",
        r => (r.GetInt64(0), r.GetString(1), r.GetString(2)), seconds);

    public static void ForgetDue(this Database db, long seconds, string kind, string id)
        => db.Run("DELETE FROM due WHERE at = @0 AND kind = @1 AND id = @2", seconds, kind, id);
}
