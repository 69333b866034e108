namespace VoxPact.StripeSimulator.Storage;

/// <summary>An event that waits to be sent, and from when on (machine time, milliseconds).</summary>
internal sealed record WaitingEvent(string Id, int Attempts, long NextMs);

/// <summary>The events on their way to the server, and those that have arrived or were given up.</summary>
internal static class DeliveryQueue
{
    public static List<WaitingEvent> Waiting(this Database db, long limit) => db.Rows(
        """
        SELECT event, attempts, next_ms FROM deliveries WHERE state = 'pending'
        ORDER BY next_ms, seq LIMIT @0
        """,
        r => new WaitingEvent(r.GetString(0), r.GetInt32(1), r.GetInt64(2)), limit);

    public static string EventBody(this Database db, string id)
        => (string)db.Scalar("SELECT json FROM objects WHERE id = @0", id)!;

    /// <summary>Records an attempt; 0 if the event was sent again meanwhile.</summary>
    public static int KeepAttempt(this Database db, string id, string state, long attempts, long nextMs) => db.Run(
        """
        UPDATE deliveries SET state = @1, attempts = @2, next_ms = @3
        WHERE event = @0 AND state = 'pending'
        """,
        id, state, attempts, nextMs);

    public static int HurryAll(this Database db)
        => db.Run("UPDATE deliveries SET next_ms = 0 WHERE state = 'pending'");

    /// <summary>1 if there is such an event, which is then sent as if it were new.</summary>
    public static int SendAgain(this Database db, string id)
        => db.Run("UPDATE deliveries SET state = 'pending', attempts = 0, next_ms = 0 WHERE event = @0", id);

    public static List<(string State, long Count)> CountDeliveries(this Database db) => db.Rows(
        "SELECT state, COUNT(*) FROM deliveries GROUP BY state", r => (r.GetString(0), r.GetInt64(1)));
}
