using VoxPact.Domain.Agents;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Agents, by id and by owner.</summary>
internal static class AgentQueries
{
    private static readonly string ActiveSql =
        $"select {Tables.Agents.Select()} from agents where id = $1 and status = {(int)AgentStatus.Active}";

    /// <summary>What others said of an agent: how many reviews, and the sum of their ratings.</summary>
    public sealed record Rating(Guid Agent, long Count, long Sum)
    {
        public static readonly Rating None = new(Guid.Empty, 0, 0);
    }

    private static readonly string OfOwnerSql =
        $"select {Tables.Agents.Select()} from agents where owner_id = $1 and status <> {(int)AgentStatus.Deleted} "
        + "order by id desc limit 100";

    private static readonly string TrustHistorySql =
        $"select {Tables.TrustSteps.Select()} from trust_changes where agent_id = $1 order by at_us desc limit 50";

    /// <summary>The newest hundred agents of an owner.</summary>
    public static Statement<Agent> OfOwner(Guid owner) => new(OfOwnerSql, [owner], row => Tables.Agents.Read(row));

    /// <summary>How an agent's score changed, newest first.</summary>
    public static Statement<TrustStep> TrustHistory(Guid agent) =>
        new(TrustHistorySql, [agent], row => Tables.TrustSteps.Read(row));

    public static Statement<Agent> Active(Guid agent) => new(ActiveSql, [agent], row => Tables.Agents.Read(row));

    /// <summary>A row for each of the agents that was reviewed at all.</summary>
    public static Statement<Rating> Ratings(IReadOnlyList<Guid> agents) => new(
        "select subject, count(*), cast(sum(rating) as bigint) from reviews where subject in ("
        + string.Join(", ", agents.Select((_, i) => $"${i + 1}")) + ") group by subject",
        [.. agents.Cast<object?>()], row => new Rating(row.Guid(0), row.Long(1), row.Long(2)));

    /// <summary>Activated agents that no search can find, above an id.</summary>
    public static Statement<Guid> WithoutPage(Guid above, int limit) => new(
        "select a.id from agents a where a.activated_us is not null and a.id > $1 and not exists "
        + "(select 1 from agent_pages p where p.agent_id = a.id) order by a.id limit $2", [above, limit],
        row => row.Guid(0));

    /// <summary>A reserved name that has no skeleton yet.</summary>
    public sealed record UnfoldedName(string NameKey, string Shown);

    /// <summary>So many of them, the oldest agents' first.</summary>
    public static Statement<UnfoldedName> NamesWithoutSkeleton(int limit) => new(
        "select n.name_key, a.name from agent_names n join agents a on a.id = n.agent_id where n.skeleton is null "
        + "order by a.id limit $1", [limit], row => new UnfoldedName(row.Text(0), row.Text(1)));

    public static Statement<string> Name(Guid agent) =>
        new("select name from agents where id = $1", [agent], row => row.Text(0));

    public static Statement<string?> Checkout(Guid agent) =>
        new("select checkout_id from agents where id = $1", [agent], row => row.TextOrNull(0));

    /// <summary>The agents of an agent's owner, itself among them.</summary>
    public static Statement<Guid> SiblingsOf(Guid agent) => new(
        "select id from agents where owner_id = (select owner_id from agents where id = $1)", [agent],
        row => row.Guid(0));

    /// <summary>Those of an owner that were not deleted.</summary>
    public static Statement<Guid> LivingOfOwner(Guid owner) => new(
        $"select id from agents where owner_id = $1 and status <> {(int)AgentStatus.Deleted}", [owner],
        row => row.Guid(0));

    public static Statement<Guid> IdsOfOwner(Guid owner) =>
        new("select id from agents where owner_id = $1 order by id", [owner], row => row.Guid(0));
}
