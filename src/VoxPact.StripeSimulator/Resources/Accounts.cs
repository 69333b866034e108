using System.Text.Json.Nodes;
using VoxPact.StripeSimulator.Payments;
using VoxPact.StripeSimulator.Storage;
using VoxPact.StripeSimulator.Wire;

namespace VoxPact.StripeSimulator.Resources;

internal static class Accounts
{
    private const long LinkSeconds = 300;
    private const string Written =
        "account_token business_profile business_type capabilities company default_currency documents email "
        + "external_account groups individual metadata settings tos_acceptance ";

    public static readonly Operation[] Operations =
    [
        Operation.Get("/v1/account", Self),
        Operation.Post("/v1/accounts", Create, Written + "controller country type"),
        Operation.List("/v1/accounts", List),
        Operation.Get("/v1/accounts/{id}", call => Existing(call.Session, call.Named())),
        Operation.Post("/v1/accounts/{id}", Update, Written),
        Operation.Delete("/v1/accounts/{id}", Delete),
        Operation.Post(
            "/v1/account_links", CreateLink,
            "account collect collection_options refresh_url return_url type"),
        Operation.Post("/v1/accounts/{id}/login_links", CreateLogin, ""),
    ];

    public static JsonObject Existing(Session session, string id)
        => session.Find(id) is { } account && account.Str("object") == "account" && IsOurs(account)
            ? account
            : throw Fault.NoAccess(id);

    /// <summary>False once it was deleted, or once its owner has disconnected the platform.</summary>
    public static bool IsOurs(JsonObject account) => !account.Flag("deleted") && !account.Flag("_deauthorized");

    /// <summary>The owner takes the platform's access away, in their own dashboard.</summary>
    public static JsonObject Deauthorize(Session session, JsonObject account)
    {
        account["_deauthorized"] = true;
        session.Db.Retype(account.Id(), "deleted_account");
        session.Save(account);
        var application = new JsonObject
        {
            ["id"] = "ca_simulator",
            ["object"] = "application",
            ["name"] = "Stripe SIMULATOR",
        };
        session.Emit("account.application.deauthorized", application, null, account.Id());
        return account;
    }

    /// <summary>The platform's own account: its id stays the same as long as the database does.</summary>
    private static Outcome Self(Call call)
    {
        var account = Onboarding.NewAccount(call.Session, "standard", "DE");
        account["id"] = call.Session.Db.PlatformId();
        foreach (var name in (string[])["charges_enabled", "details_submitted", "payouts_enabled"])
            account[name] = true;
        account["requirements"] = Onboarding.NothingDue();
        account["settings"]!["dashboard"]!["display_name"] = "Stripe SIMULATOR";
        return account;
    }

    private static Outcome Create(Call call)
    {
        var form = call.Params;
        var type = form.Choice("type", "express", "custom", "standard")
            ?? (form.Has("controller") ? "none" : "standard");
        var country = (form.Text("country") ?? "DE").ToUpperInvariant();
        if (!Onboarding.Countries.ContainsKey(country))
            throw Fault.Invalid($"Country '{country}' is unknown to the simulator.", "country");
        var account = call.Session.Add(Onboarding.NewAccount(call.Session, type, country));
        Write(call, account);
        if (account["capabilities"]!.AsObject().Count == 0)
            foreach (var name in (string[])["card_payments", "transfers"])
                account["capabilities"]![name] = "inactive";
        return account;
    }

    private static Outcome Update(Call call)
    {
        var account = Existing(call.Session, call.Named());
        Write(call, account);
        call.Session.Save(account);
        call.Session.Emit("account.updated", account, null, account.Id());
        return account;
    }

    private static void Write(Call call, JsonObject account)
    {
        var form = call.Params;
        Fields.Texts(account, form, "email");
        if (form.Has("business_type"))
            account["business_type"] = form.Choice(
                "business_type", "individual", "company", "non_profit", "government_entity");
        account["metadata"] = Fields.Metadata(form, (JsonObject)account["metadata"]!);
        if (form.Hash("business_profile") is { } profile)
            Fields.Texts(
                (JsonObject)account["business_profile"]!, profile,
                "name", "url", "mcc", "product_description", "support_email");
        if (form.Hash("capabilities") is not { } capabilities)
            return;
        var held = account["capabilities"]!.AsObject();
        foreach (var (name, node) in capabilities.Children)
        {
            if (name is not ("card_payments" or "transfers"))
                throw Fault.Invalid(
                    "The simulator knows the capabilities card_payments and transfers.", node.Path);
            if (node.Boolean("requested") == false)
                held.Remove(name);
            else
                held[name] = account.Flag("details_submitted") ? "active" : "inactive";
        }
    }

    private static Outcome Delete(Call call)
    {
        var account = Existing(call.Session, call.Named());
        if (call.Session.Db.HasMoney(account.Id()))
            throw Fault.Refused(
                "account_balance_not_zero", "An account can be deleted once all its balances are zero.");
        account["deleted"] = true;
        call.Session.Db.Retype(account.Id(), "deleted_account");
        call.Session.Save(account);
        return new JsonObject { ["id"] = account.Id(), ["object"] = "account", ["deleted"] = true };
    }

    private static Outcome List(Call call)
        => new Listing("account", "/v1/accounts").Page(call.Session, call.Params);

    private static Outcome CreateLink(Call call)
    {
        var form = call.Params;
        form.Required("account");
        form.Required("type");
        var type = form.Choice("type", "account_onboarding", "account_update")!;
        var account = Existing(call.Session, form.Text("account")!);
        foreach (var name in (string[])["refresh_url", "return_url"])
            form.Required(name);
        if (type == "account_update" && account.Str("type") is "express" or "standard")
            throw Fault.Invalid(
                "You cannot create `account_update` type Account Links for this account.", "type");
        var link = call.Session.Add(new JsonObject
        {
            ["id"] = Ids.New("acctlnk_", 32),
            ["object"] = "account_link",
            ["created"] = call.Now,
            ["expires_at"] = call.Now + LinkSeconds,
            ["_account"] = account.Id(),
            ["_refresh_url"] = form.Address("refresh_url"),
            ["_return_url"] = form.Address("return_url"),
            ["_used"] = false,
        });
        var answer = link.Public();
        answer.Remove("id");
        answer["url"] = call.Links.Onboard(link.Id());
        return answer;
    }

    private static Outcome CreateLogin(Call call)
    {
        var account = Existing(call.Session, call.Named());
        if (account.Str("type") is not ("express" or "none") || !account.Flag("details_submitted"))
            throw Fault.Invalid(
                "Cannot create a login link for an account that has not completed onboarding.");
        var token = Ids.New("acctlogin_", 32);
        call.Session.Add(new JsonObject
        {
            ["id"] = token,
            ["object"] = "login_link",
            ["created"] = call.Now,
            ["_account"] = account.Id(),
        });
        return new JsonObject
        {
            ["object"] = "login_link",
            ["created"] = call.Now,
            ["url"] = call.Links.Express(token),
        };
    }
}
