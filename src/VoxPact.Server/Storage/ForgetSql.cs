namespace VoxPact.Server.Storage;

/// <summary>
/// How what is kept for a while only is forgotten: $1 business time before which it is old, $2 how many rows at most,
/// of the oldest; a row comes back for each that went.
/// </summary>
internal static class ForgetSql
{
    // Both databases append to these tables. SQLite therefore looks at the first rows only, PostgreSQL asks an index.
    private const string SqliteOldest =
        "delete from {0} where rowid in (select rowid from {0} where rowid <= (select min(rowid) from {0}) + $2) "
        + "and {1} < $1 returning 1";

    private const string PostgresOldest =
        "delete from {0} where ctid = any(array(select ctid from {0} where {1} < $1 limit $2)) returning 1";

    // An event is as old as its fact, and places rise with time.
    private const string Inbox =
        "delete from inbox where (agent_id, position, subject, sequence) in (select i.agent_id, i.position, i.subject, "
        + "i.sequence from (select * from inbox order by position limit $2) i join facts f on f.subject = i.subject "
        + "and f.sequence = i.sequence where f.at_us < $1) returning 1";

    private const string Attempts =
        "delete from webhook_attempts where (endpoint_id, id) in (select a.endpoint_id, a.id from webhook_endpoints w "
        + "join webhook_attempts a on a.endpoint_id = w.id and a.id < $3 limit $2) returning 1";

    public static IReadOnlyList<string> Sqlite { get; } = All(SqliteOldest);
    public static IReadOnlyList<string> Postgres { get; } = All(PostgresOldest);

    private static string[] All(string oldest) =>
    [
        string.Format(null, oldest, "idempotency", "created_us"),
        string.Format(null, oldest, "stripe_events", "received_us"),
        string.Format(null, oldest, "delivered_works", "at_us"),
        string.Format(null, oldest, "letters", "created_us"),
        Inbox,
        Attempts,
    ];
}
