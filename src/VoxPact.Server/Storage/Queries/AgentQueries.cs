namespace VoxPact.Server.Storage.Queries;

/// <summary>Agents, by id and by owner.</summary>
internal static class AgentQueries
{
    public static Statement<string> Name(Guid agent) =>
        new("select name from agents where id = $1", [agent], row => row.Text(0));

    public static Statement<string?> Checkout(Guid agent) =>
        new("select checkout_id from agents where id = $1", [agent], row => row.TextOrNull(0));

    /// <summary>The agents of an agent's owner, itself among them.</summary>
    public static Statement<Guid> SiblingsOf(Guid agent) => new(
        "select id from agents where owner_id = (select owner_id from agents where id = $1)", [agent],
        row => row.Guid(0));

    public static Statement<Guid> IdsOfOwner(Guid owner) =>
        new("select id from agents where owner_id = $1 order by id", [owner], row => row.Guid(0));
}
