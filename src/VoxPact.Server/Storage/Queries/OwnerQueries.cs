using VoxPact.Domain.Agents;

namespace VoxPact.Server.Storage.Queries;

/// <summary>Owners, with their customer, their cards and their account at Stripe.</summary>
internal static class OwnerQueries
{
    private static readonly string OneSql = $"select {Tables.Owners.Select()} from owners where id = $1";

    private static readonly string OfKeySql =
        $"select {Tables.Owners.Select("o")} from owners o join agents a on a.owner_id = o.id "
        + $"where a.id = {CallerQueries.Id}";

    private static readonly string CardsSql =
        $"select {Tables.Cards.Select("c")}, o.default_card_id from cards c join owners o on o.id = c.owner_id "
        + $"join agents a on a.owner_id = o.id where a.id = {CallerQueries.Id} order by c.created_us desc, c.id";

    private static readonly string StandingOfKeySql =
        $"select {Tables.Owners.Select("o")}, w.url from owners o join agents a on a.owner_id = o.id "
        + $"left join webhook_endpoints w on w.id = a.id and w.disabled_us is null where a.id = {CallerQueries.Id}";

    /// <summary>An owner, and where the events of the one agent that asks go first.</summary>
    public sealed record Standing(Owner Owner, string? WebhookUrl);

    public static Statement<Standing> StandingOfKey(byte[]? keyHash) => new(StandingOfKeySql, [keyHash],
        row => new Standing(Tables.Owners.Read(row), row.TextOrNull(Tables.Owners.Columns.Count)));

    public sealed record SavedCard(Card Card, string? DefaultCardId);

    public static Statement<Owner> One(Guid owner) => new(OneSql, [owner], row => Tables.Owners.Read(row));

    public static Statement<Owner> OfKey(byte[]? keyHash) => new(OfKeySql, [keyHash], row => Tables.Owners.Read(row));

    public static Statement<Guid> IdOfKey(byte[]? keyHash) =>
        new($"select owner_id from agents where id = {CallerQueries.Id}", [keyHash], row => row.Guid(0));

    public static Statement<Guid> IdOfCustomer(string customer) =>
        new("select id from owners where customer_id = $1", [customer], row => row.Guid(0));

    public static Statement<Guid> IdOfAccount(string account) =>
        new("select id from owners where account_id = $1", [account], row => row.Guid(0));

    public static Statement<Guid> IdOfCard(string card) =>
        new("select owner_id from cards where id = $1", [card], row => row.Guid(0));

    public static Statement<Guid> IdOfOperation(Guid operation) =>
        new("select owner_id from operations where id = $1", [operation], row => row.Guid(0));

    public static Statement<string?> Customer(Guid owner) =>
        new("select customer_id from owners where id = $1", [owner], row => row.TextOrNull(0));

    public static Statement<string?> Account(Guid owner) =>
        new("select account_id from owners where id = $1", [owner], row => row.TextOrNull(0));

    /// <summary>The cards of the key's owner, newest first.</summary>
    public static Statement<SavedCard> CardsOfKey(byte[]? keyHash) => new(CardsSql, [keyHash],
        row => new SavedCard(Tables.Cards.Read(row), row.TextOrNull(Tables.Cards.Columns.Count)));

    /// <summary>One row when the card is the owner's.</summary>
    public static Statement<string> OwnCard(string card, Guid owner) =>
        new("select id from cards where id = $1 and owner_id = $2", [card, owner], row => row.Text(0));
}
