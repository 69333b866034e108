using VoxPact.Domain.Agents;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Letters to owners, and whom they can help.</summary>
internal static class LetterQueries
{
    private static readonly int AfterLetter = Tables.Letters.Columns.Count;

    private static readonly string NamedSql =
        $"select {Tables.Letters.Select("l")}, a.name, o.name from letters l join agents a on a.id = l.agent_id "
        + "left join agents o on o.id = l.join_agent_id ";

    private const string RecoverableSql =
        "select a.id, a.owner_id, o.email from agents a join owners o on o.id = a.owner_id "
        + "where o.email_confirmed_us is not null and a.id = ";

    /// <summary>A letter with the names of the agents that it is about.</summary>
    public sealed record Named(Letter Letter, string Agent, string? Other);

    /// <summary>An agent whose owner confirmed an address.</summary>
    public sealed record Recoverable(Guid Agent, Guid Owner, string Email);

    public static Statement<Named> One(Guid letter) => new(NamedSql + "where l.id = $1", [letter], Read);

    /// <summary>The newest so many, for the sandbox's mailbox.</summary>
    public static Statement<Named> Newest(int limit) => new(NamedSql + "order by l.id desc limit $1", [limit], Read);

    public static Statement<Recoverable> RecoverableById(Guid agent) =>
        new(RecoverableSql + "$1", [agent], ReadRecoverable);

    public static Statement<Recoverable> RecoverableByName(string nameKey) => new(
        RecoverableSql + "(select agent_id from agent_names where name_key = $1)", [nameKey], ReadRecoverable);

    private static Named Read(IRow row) =>
        new(Tables.Letters.Read(row), row.Text(AfterLetter), row.TextOrNull(AfterLetter + 1));

    private static Recoverable ReadRecoverable(IRow row) => new(row.Guid(0), row.Guid(1), row.Text(2));
}
