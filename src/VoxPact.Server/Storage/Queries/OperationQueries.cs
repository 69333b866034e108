using VoxPact.Domain.Ledger;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Charges and transfers on their way to Stripe.</summary>
internal static class OperationQueries
{
    private static readonly string OneSql = $"select {Tables.Operations.Select()} from operations where id = $1";

    private static readonly string PayoutsSql =
        $"select {Tables.Operations.Select()} from operations where owner_id = $1 and id < $2 "
        + $"and kind = {(int)OperationKind.Transfer} order by id desc limit $3";

    /// <summary>An owner's transfers below an id, newest first.</summary>
    public static Statement<Operation> Payouts(Guid owner, Guid below, int limit) =>
        new(PayoutsSql, [owner, below, limit], row => Tables.Operations.Read(row));

    /// <summary>At most so many jobs are funded at once, so that a commit stays short.</summary>
    public const int WaitingAtOnce = 500;

    private const string WaitingSql =
        "select f.job_id, j.buyer_agent, f.idempotency_scope, f.key_id from funding_requests f "
        + "join jobs j on j.id = f.job_id "
        + "where f.owner_id = (select owner_id from operations where id = $1) order by f.job_id limit $2";

    /// <summary>A job that waits for its owner's top-up, and the stored answer that its request waits for.</summary>
    public sealed record WaitingJob(Guid Job, Guid Buyer, byte[]? Scope, Guid? Key);

    public static Statement<Operation> One(Guid operation) =>
        new(OneSql, [operation], row => Tables.Operations.Read(row));

    /// <summary>
    /// So many refunds at most make up one withdrawal, and so many pending operations are looked at at once.
    /// </summary>
    public const int AtOnce = 200;

    private static readonly string OfKeySql =
        $"select {Tables.Operations.Select("o")} from operations o join agents a on a.owner_id = o.owner_id "
        + $"where o.id = $2 and a.id = {CallerQueries.Id}";

    private const string RefundableSql =
        $"select o.id from operations o join agents a on a.owner_id = o.owner_id where a.id = {CallerQueries.Id} "
        + "and o.kind = $2 and o.state = $3 and o.returned_minor < o.amount_minor order by o.id desc limit $4";

    private static readonly string PendingSql =
        $"select {Tables.Operations.Select()} from operations where state = 0 and created_us <= $1 and kind <> $2 "
        + "order by created_us limit $3";

    /// <summary>An operation of the key's owner.</summary>
    public static Statement<Operation> OfKey(Guid operation, byte[]? keyHash) =>
        new(OfKeySql, [keyHash, operation], row => Tables.Operations.Read(row));

    /// <summary>Charges of the key's owner that have something left to refund, the newest first.</summary>
    public static Statement<Guid> RefundableOfKey(byte[]? keyHash) => new(RefundableSql,
        [keyHash, (int)OperationKind.Charge, (int)OperationState.Done, AtOnce], row => row.Guid(0));

    /// <summary>
    /// What was decided by then and has no outcome yet, the oldest first; open disputes are no such thing.
    /// </summary>
    public static Statement<Operation> PendingSince(long createdUs) => new(PendingSql,
        [createdUs, (int)OperationKind.Dispute, AtOnce], row => Tables.Operations.Read(row));

    /// <summary>What got its outcome in that time.</summary>
    public static Statement<Operation> SettledBetween(long sinceUs, long untilUs) => new(
        $"select {Tables.Operations.Select()} from operations where settled_us >= $1 and settled_us <= $2",
        [sinceUs, untilUs], row => Tables.Operations.Read(row));

    /// <summary>The jobs that wait for money of the operation's owner, oldest first.</summary>
    public static Statement<WaitingJob> JobsWaitingFor(Guid operation) => new(WaitingSql, [operation, WaitingAtOnce],
        row => new WaitingJob(row.Guid(0), row.Guid(1), row.BytesOrNull(2), row.GuidOrNull(3)));
}
