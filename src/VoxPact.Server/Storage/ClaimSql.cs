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
}
