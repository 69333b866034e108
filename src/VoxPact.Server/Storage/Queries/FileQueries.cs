using VoxPact.Domain.Jobs;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Files of jobs, without their bytes.</summary>
internal static class FileQueries
{
    private static readonly string OfJobSql =
        $"select j.buyer_agent, j.worker_agent, f.id, {Tables.Files.Select("f")} from jobs j "
        + "left join files f on f.job_id = j.id where j.id = $1 order by f.id";

    private static readonly string OneSql =
        $"select {Tables.Files.Select()} from files where job_id = $1 and id = $2";

    public sealed record WithFile(Guid Buyer, Guid? Worker, JobFile? File)
    {
        public bool IsParty(Guid agent) => agent == Buyer || agent == Worker;
    }

    /// <summary>At least one row when the job exists, without a file when it has none.</summary>
    public static Statement<WithFile> OfJob(Guid job) => new(OfJobSql, [job], row => new WithFile(
        row.Guid(0), row.GuidOrNull(1), row.IsNull(2) ? null : Tables.Files.Read(row, 3)));

    public static Statement<JobFile> One(Guid job, Guid file) =>
        new(OneSql, [job, file], row => Tables.Files.Read(row));
}
