using VoxPact.Domain.Agents;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Who reads, and with which named key, if it is one.</summary>
internal sealed record Caller(Agent Agent, AgentKey? Key);

/// <summary>The one home of how a caller is found by the hash of their key, whichever kind of key it is.</summary>
internal static class CallerQueries
{
    private static readonly int AfterAgent = Tables.Agents.Columns.Count;

    private static readonly string OwnSql = $"select {Tables.Agents.Select()} from agents where key_hash = $1";

    private static readonly string NamedSql =
        $"select {Tables.Agents.Select("a")}, {Tables.Keys.Select("k")} from agent_keys k "
        + "join agents a on a.id = k.agent_id where k.key_hash = $1";

    /// <summary>
    /// An SQL expression for the id of the agent whose key, of either kind, has the hash <c>$1</c>: two look-ups by
    /// index at most, one for an agent's own key.
    /// </summary>
    public const string Id = "(select id from agents where key_hash = $1 "
        + "union all select agent_id from agent_keys where key_hash = $1 limit 1)";

    public static Statement<Caller> Of(byte[] keyHash) => ApiKey.IsNamed(keyHash)
        ? new(NamedSql, [keyHash], row => new Caller(Tables.Agents.Read(row), Tables.Keys.Read(row, AfterAgent)))
        : new(OwnSql, [keyHash], row => new Caller(Tables.Agents.Read(row), null));
}
