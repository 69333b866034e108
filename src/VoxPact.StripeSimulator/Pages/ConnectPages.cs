using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Pages;

/// <summary>Onboarding for connected accounts, and the small dashboard behind a login link.</summary>
internal static class ConnectPages
{
    private const string TestIban = "DE89370400440532013000";

    public static Page ShowOnboarding(Visit visit)
    {
        var link = visit.Get("account_link");
        return IsUsable(visit, link)
            ? Form(visit, Account(visit, link))
            : Page.GoTo(link.Str("_refresh_url")!);
    }

    public static Page Onboard(Visit visit)
    {
        var link = visit.Get("account_link");
        if (!IsUsable(visit, link))
            return Page.GoTo(link.Str("_refresh_url")!);
        var account = Account(visit, link);
        var form = visit.Form;
        var country = (form.Text("country") ?? account.Str("country")!).ToUpperInvariant();
        var name = form.Text("legal_name", 200);
        var bank = form.Text("iban", 64)?.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() ?? "";
        if (!Onboarding.Countries.ContainsKey(country))
            throw Fault.Invalid("Please choose a country from the list.", "country");
        if (name is null)
            throw Fault.Invalid("Please enter your legal name.", "legal_name");
        if (!Onboarding.IsBankNumber(country, bank))
            throw Fault.Invalid(
                country == "US"
                    ? "That is not an account number; 000123456789 is one for testing."
                    : $"That is not a valid IBAN; {TestIban} is one for testing.", "iban");
        var isVerified = form.Choice("outcome", "verified", "incomplete") != "incomplete";
        Onboarding.Complete(visit.Session, account, country, name, bank, isVerified);
        link["_used"] = true;
        visit.Session.Save(link);
        return Page.GoTo(link.Str("_return_url")!);
    }

    public static Page ShowExpress(Visit visit)
    {
        var login = visit.Get("login_link");
        var account = Account(visit, login);
        visit.Session.Flush();
        var balance = Balances.Read(visit.Session, account.Id())["available"]!.AsArray();
        var query = new Params("");
        query.Open("limit").Set("50");
        var transfers = new Listing("transfer", "").Under(account.Id()).Page(visit.Session, query);
        return Page.Show("Your account", Markup.Of($"""
            <h1>Account {account.Id()}</h1>
            <p>Payouts are {(account.Flag("payouts_enabled") ? "on" : "off")}. Balance:
            {Layout.Sums(balance)}</p>
            <table><thead><tr><th>Transfer</th><th>Amount</th><th>Reversed</th></tr></thead>
            <tbody>{Markup.Join(transfers["data"]!.AsArray().Select(Row))}</tbody></table>
            """));
    }

    private static Markup Row(JsonNode? node)
    {
        var transfer = node!.AsObject();
        var currency = transfer.Str("currency")!;
        return Markup.Of($"""
            <tr><td>{transfer.Id()}</td><td>{Layout.Money(transfer.Num("amount"), currency)}</td>
            <td>{Layout.Money(transfer.Num("amount_reversed"), currency)}</td></tr>
            """);
    }

    private static bool IsUsable(Visit visit, JsonObject link)
        => !link.Flag("_used") && link.Num("expires_at") > visit.Session.Now;

    private static JsonObject Account(Visit visit, JsonObject link)
        => Resources.Accounts.Existing(visit.Session, link.Str("_account")!);

    private static Page Form(Visit visit, JsonObject account)
    {
        var country = visit.Form.Text("country") ?? account.Str("country");
        var name = visit.Form.Text("legal_name", 200) ?? "Ada Example";
        var iban = visit.Form.Text("iban", 64) ?? TestIban;
        var body = Markup.Of($"""
            <h1>Tell us who gets paid</h1>
            <p>Account {account.Id()}</p>
            {Layout.Error(visit.Error)}
            <form method="post" autocomplete="off">
            <label for="country">Country</label>
            <select id="country" name="country">{Markup.Join(
                Onboarding.Countries.Keys.Order(
                    ).Select(code => Option(code, code, code == country)))}</select>
            <label for="legal_name">Legal name</label>
            <input id="legal_name" name="legal_name" required maxlength="200"
              value="{name}">
            <label for="iban">IBAN (in the US: account number)</label>
            <input id="iban" name="iban" required maxlength="42" value="{iban}">
            <label for="outcome">How the check ends</label>
            <select id="outcome" name="outcome">
            {Option("verified", "Verified: payouts on", true)}
            {Option("incomplete", "A document is missing: payouts stay off", false)}
            </select>
            <button type="submit">Finish</button>
            </form>
            """);
        return Page.Show("Get paid", body, visit.Error is null ? 200 : visit.ErrorStatus ?? 400);
    }

    private static Markup Option(string value, string text, bool isChosen) => isChosen
        ? Markup.Of($"""<option value="{value}" selected>{text}</option>""")
        : Markup.Of($"""<option value="{value}">{text}</option>""");
}
