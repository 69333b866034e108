namespace VoxPact.Server.Storage;

/// <summary>What goes of a deleted agent's texts, in both databases; <c>$1</c> is the agent.</summary>
internal static class EraseSql
{
    private const string OwnJobs = "(select id from jobs where buyer_agent = $1 "
        + "union select id from jobs where worker_agent = $1)";

    public static IReadOnlyList<string> All { get; } =
    [
        $"update messages set content = '[erased]' where job_id in {OwnJobs} and sender = $1",
        $"update reviews set comment = null where job_id in {OwnJobs} and reviewer = $1",
        "update bids set message = null where bidder = $1",
        "delete from letters where agent_id = $1",
        "delete from idempotency where agent_id = $1",
    ];
}
