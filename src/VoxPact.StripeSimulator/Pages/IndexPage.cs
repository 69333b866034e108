using System.Globalization;
using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Pages;

/// <summary>What happened lately, without names, secrets or the addresses that act for somebody.</summary>
internal static class IndexPage
{
    public static Page Show(Visit visit)
    {
        visit.Session.Flush();
        var rows = visit.Session.Db.Newest();
        var balance = Balances.Read(visit.Session, Balances.Platform);
        var body = Markup.Of($"""
            <h1>Recent objects</h1>
            <p>Platform balance: {Layout.Sums(
                balance["available"])} available, {Layout.Sums(balance["pending"])} pending.
            The simulator's time is {Time(visit.Session.Now)}.</p>
            <table>
            <thead><tr><th>Id</th><th>Kind</th><th>State</th><th>Amount</th><th>Created</th></tr></thead>
            <tbody>{Markup.Join(rows.Select(Row))}</tbody>
            </table>
            """);
        return new Page(200, Layout.Wrap("Recent objects", body, isWide: true));
    }

    private static Markup Row(JsonObject json)
    {
        var kind = json.Str("object") == "event" ? $"event {json.Str("type")}" : json.Str("object");
        var amount = json["amount"] is null || json.Str("currency") is not { } currency
            ? ""
            : Layout.Money(json.Num("amount"), currency);
        return Markup.Of($"""
            <tr><td>{json.Id()}</td><td>{kind}</td><td>{json["status"]}</td><td>{amount}</td>
            <td>{Time(json.Num("created"))}</td></tr>
            """);
    }

    private static string Time(long seconds)
        => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("u", CultureInfo.InvariantCulture);
}
