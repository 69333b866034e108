namespace VoxPact.Server.Storage;

/// <summary>
/// How due work is found, in both databases; <c>locking</c> is PostgreSQL's way to skip what others hold.
/// </summary>
internal static class ClaimSql
{
    /// <summary>$1 queue, $2 business time, $3 real time, $4 how many.</summary>
    public static string Work(string locking) =>
        $"select {LogTables.Work.Select()} from work where queue = $1 and due_us <= $2 and lease_until_us < $3 "
        + $"order by due_us limit $4 {locking}";

    /// <summary>
    /// $1 business time, $2 real time, $3 how many. One job's events reach one agent in order: an event waits while an
    /// earlier one of the same subject is still to be delivered.
    /// </summary>
    public static string Deliveries(string locking) =>
        $"select {LogTables.Deliveries.Select("d")} from deliveries d where d.due_us <= $1 and d.lease_until_us < $2 "
        + "and not exists (select 1 from deliveries e where e.agent_id = d.agent_id and e.subject = d.subject "
        + $"and e.sequence < d.sequence) order by d.due_us limit $3 {locking}";
}
