using VoxPact.Domain.Agents;

namespace VoxPact.Server.Storage.Queries;

/// <summary>The named keys of an agent and its approvals; there are few of each.</summary>
internal static class KeyQueries
{
    private static readonly string OfKeySql =
        $"select {Tables.Keys.Select()} from agent_keys where agent_id = {CallerQueries.Id} order by id";

    private static readonly string ApprovalsSql =
        $"select {Tables.Approvals.Select()} from approvals where agent_id = {CallerQueries.Id} and expires_us > $2 "
        + "order by id";

    /// <summary>The named keys of the agent with this key, the oldest first.</summary>
    public static Statement<AgentKey> OfKey(byte[]? keyHash) =>
        new(OfKeySql, [keyHash], row => Tables.Keys.Read(row));

    /// <summary>Its approvals that are still open, the oldest first.</summary>
    public static Statement<Approval> ApprovalsOfKey(byte[]? keyHash, long nowUs) =>
        new(ApprovalsSql, [keyHash, nowUs], row => Tables.Approvals.Read(row));
}
