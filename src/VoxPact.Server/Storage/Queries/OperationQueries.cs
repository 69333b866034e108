using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Charges and transfers on their way to Stripe.</summary>
internal static class OperationQueries
{
    private static readonly string OneSql = $"select {Tables.Operations.Select()} from operations where id = $1";

    /// <summary>At most so many jobs are funded at once, so that a commit stays short.</summary>
    public const int WaitingAtOnce = 500;

    private const string WaitingSql =
        "select f.job_id, j.buyer_agent, f.idempotency_scope from funding_requests f join jobs j on j.id = f.job_id "
        + "where f.owner_id = (select owner_id from operations where id = $1) order by f.job_id limit $2";

    /// <summary>A job that waits for its owner's top-up, and the stored answer that its request waits for.</summary>
    public sealed record WaitingJob(Guid Job, Guid Buyer, byte[]? Scope);

    public static Statement<Operation> One(Guid operation) =>
        new(OneSql, [operation], row => Tables.Operations.Read(row));

    /// <summary>The jobs that wait for money of the operation's owner, oldest first.</summary>
    public static Statement<WaitingJob> JobsWaitingFor(Guid operation) => new(WaitingSql, [operation, WaitingAtOnce],
        row => new WaitingJob(row.Guid(0), row.Guid(1), row.BytesOrNull(2)));
}
