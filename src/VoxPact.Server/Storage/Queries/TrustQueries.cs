using VoxPact.Domain.Agents;
using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Storage.Queries;

/// <summary>What trust is assessed from: the newest settled jobs, and who has ever paid whom.</summary>
internal static class TrustQueries
{
    /// <summary>Older jobs than so many have no weight worth the reading.</summary>
    private const int NewestJobs = 1_000;

    private const string FinalStates = "(8, 9)";

    private static readonly string SettledSql = Side("worker_agent", "buyer_owner", "buyer_agent", 1)
        + " union all " + Side("buyer_agent", "worker_owner", "worker_agent", 0);

    public static Statement<SettledJob> SettledJobsOf(Guid agent) => new(SettledSql, [agent], row => new SettledJob(
        row.Guid(0), row.Bool(1), (ClosedReason)row.Int(2), row.Long(3), row.IntOrNull(4)));

    public static Statement<Guid> PaidBy(Guid payer, int most) => new(
        "select worker_owner from payments where payer_owner = $1 order by worker_owner limit $2", [payer, most],
        row => row.Guid(0));

    public static Statement<Guid> PayersOf(Guid worker, int most) => new(
        "select payer_owner from payments where worker_owner = $1 order by payer_owner limit $2", [worker, most],
        row => row.Guid(0));

    public static bool IsPaid(ClosedReason closed) => closed is ClosedReason.Validated or ClosedReason.Approved
        or ClosedReason.Silence or ClosedReason.DisputeReleased or ClosedReason.DisputeSplit;

    /// <summary>Settled jobs on one side, that a worker had accepted, with what the other side said of it.</summary>
    private static string Side(string party, string otherOwner, string reviewer, int worked) =>
        $"select * from (select j.{otherOwner}, {worked} as worked, j.closed, j.completed_us, r.rating from "
        + $"(select * from jobs where {party} = $1 order by id desc limit {NewestJobs}) as j "
        + $"left join reviews r on r.job_id = j.id and r.reviewer = j.{reviewer} "
        + $"where j.state in {FinalStates} and j.accepted_us is not null and j.closed is not null) as side{worked}";
}
